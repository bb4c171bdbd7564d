import { randomBytes } from "node:crypto";
import type { PropertyMap, PropertyValue, Resource, ResourceContext } from "../provider/resource.ts";
import { isRecord } from "../rpc/values.ts";
import { checkShapes, type Shapes, withoutNulls } from "./command-inputs.ts";
import { CommandOutput, type Logging } from "./command-output.ts";
import { planCommand, previewOutputs } from "./command-plan.ts";

/** One run of a command. */
export interface CommandRun {
  /** The text of `create`, `update` or `delete`. */
  readonly command: string;
  /** The inputs that hold for this run. */
  readonly inputs: PropertyMap;
  /** The `environment` input. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the run before wrote, as environment variables; empty where there is nothing or the inputs don't want it. */
  readonly previousOutput: Readonly<Record<string, string>>;
  readonly stdin: string | undefined;
  /** Takes what the command writes. */
  readonly output: CommandOutput;
}

/** What sets one type of command apart. */
export interface CommandKind {
  readonly type: string;
  readonly shapes: Shapes;
  readonly required: readonly string[];
  /** As in Resource. */
  readonly secretInputs: readonly string[];
  /** As in Resource. */
  readonly shownInputs: readonly string[];
  /** Puts in the defaults. */
  complete(inputs: PropertyMap): PropertyMap;
  /** Runs to the end; throws when the command fails. */
  execute(run: CommandRun, context: ResourceContext): Promise<void>;
}

const outputNames = ["stdout", "stderr"] as const;

/** Inputs that a command can repeat on its outputs. */
const carriedInputs = ["create", "update", "environment", "stdin", "interpreter"];

/** Makes a resource of a kind of command: what is common to local and remote ones. */
export function commandResource(kind: CommandKind): Resource {
  return {
    type: kind.type,
    secretInputs: kind.secretInputs,
    shownInputs: kind.shownInputs,
    secretOutputs: { stdout: carriedInputs, stderr: carriedInputs },
    check({ news }) {
      const inputs = withoutNulls(news);
      const missing = kind.required.filter((name) => inputs[name] === undefined);
      return {
        inputs: kind.complete(inputs),
        failures: [
          ...missing.map((property) => ({ property, reason: `${property} is missing` })),
          ...checkShapes(inputs, kind.shapes),
        ],
      };
    },
    diff: ({ oldInputs, news }) => planCommand(oldInputs, news),
    preview: ({ news, oldState }) => ({ ...news, ...previewOutputs(outputNames, news, oldState) }),
    async create(inputs, context) {
      const outputs = await run(kind, inputs["create"], inputs, {}, context);
      return { id: context.name + randomBytes(4).toString("hex"), state: { ...inputs, ...outputs } };
    },
    read: (found) => Promise.resolve(found),
    async update({ news, oldState }, context) {
      const outputs = await run(kind, news["update"] ?? news["create"], news, oldState, context);
      return { ...news, ...outputs };
    },
    async delete({ state }, context) {
      await run(kind, state["delete"], state, state, context);
    },
  };
}

async function run(
  kind: CommandKind,
  command: PropertyValue | undefined,
  inputs: PropertyMap,
  previous: PropertyMap,
  context: ResourceContext,
): Promise<PropertyMap> {
  if (typeof command !== "string") {
    // Nothing to run: the outputs stay what they were.
    return { stdout: previous["stdout"] ?? "", stderr: previous["stderr"] ?? "" };
  }
  const output = new CommandOutput(readLogging(inputs["logging"]), (line) => {
    context.status(line);
  });
  await kind.execute(
    {
      command,
      inputs,
      environment: readTexts(inputs["environment"]),
      previousOutput: inputs["addPreviousOutputInEnv"] === false ? {} : previousOutput(previous),
      stdin: readText(inputs["stdin"]),
      output,
    },
    context,
  );
  return output.result();
}

function previousOutput(state: PropertyMap): Readonly<Record<string, string>> {
  const stdout = readText(state["stdout"]) ?? "";
  const stderr = readText(state["stderr"]) ?? "";
  return {
    ...(stdout === "" ? {} : { PULUMI_COMMAND_STDOUT: stdout }),
    ...(stderr === "" ? {} : { PULUMI_COMMAND_STDERR: stderr }),
  };
}

function readLogging(value: PropertyValue | undefined): Logging {
  return value === "stdout" || value === "stderr" || value === "none" ? value : "stdoutAndStderr";
}

/** The text of a checked input that may be missing. */
export function readText(value: PropertyValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function readTexts(value: PropertyValue | undefined): Readonly<Record<string, string>> {
  const entries = value !== undefined && isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([name, text]) => (typeof text === "string" ? [[name, text] as const] : [])),
  );
}
