import type { Step } from "../../course/step.ts";
import { steps } from "../../course/steps.ts";
import type { Keystroke, TypedLine } from "../../course/transcript.ts";
import { LabError } from "../../model/lab-error.ts";
import type { Text } from "../../model/text.ts";
import { planTopology, type Topology } from "../../model/topology.ts";
import { hostsMeant, stepNamed } from "./chapter-step.ts";
import type { LabContext } from "../lab-context.ts";
import { requireOutputs } from "../stack/lab-outputs.ts";
import type { LabPaths } from "../lab-paths.ts";
import { readLabConfig } from "../stack/stack-config.ts";

/** A step as the list of all has it. */
export interface ListedStep {
  readonly id: string;
  readonly title: Text;
  readonly where: Step["where"];
}

/** A step with what is to be done. */
export interface ShownStep extends ListedStep {
  /** Names of the hosts where it is done; empty where it is done at a client. */
  readonly hosts: readonly string[];
  readonly task: Text;
  readonly hint: Text;
  /** What is typed for it, where the solution was asked for. */
  readonly solution?: readonly SolutionLine[];
}

/** A line that is typed at a prompt, and what follows it. */
export interface SolutionLine {
  readonly host: string;
  readonly user: string;
  readonly line: string;
  /** What the command asks, and the answers. */
  readonly answers: readonly { readonly prompt: string; readonly answer: readonly AnswerPart[] }[];
  /** Where the line opens a file: what is written there. */
  readonly edits: readonly SolutionEdit[];
}

/** Part of an answer: words, a key, or a password that `./lab passwords` shows. */
export type AnswerPart = Keystroke;

/** Lines of a file, and where they come to stand. */
export interface SolutionEdit {
  readonly place: "instead" | "below-comment" | "end" | "uncommented";
  readonly lines: readonly string[];
}

/** What of a step is to be shown. */
export interface ShowRequest {
  readonly step: string;
  readonly host: string | undefined;
  readonly withSolution: boolean;
}

/** The chapter's steps, in its order. */
export function listSteps(): readonly ListedStep[] {
  return steps.map(({ id, title, where }) => ({ id, title, where }));
}

/** The stage that each host of a lab stands at; `undefined` where it is not built. */
export async function readStages(context: LabContext): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const { hosts, stage, stages } = await requireOutputs(context);
    return Object.fromEntries(hosts.map(({ name }) => [name, stages?.[name] ?? stage]));
  } catch (error) {
    if (error instanceof LabError && error.code === "LAB_NOT_UP") return undefined;
    throw error;
  }
}

/**
 * A step with what is to be done, in the lab's own values. The lab need not be there.
 *
 * @throws LabError `LAB_NO_STEP`, `LAB_NO_HOST`, `LAB_CONFIG`
 */
export async function showStep(paths: LabPaths, request: ShowRequest): Promise<ShownStep> {
  return shownStep(stepNamed(request.step), planTopology(await readLabConfig(paths)), request);
}

/** The same for a lab that is given as data. */
function shownStep(
  step: Step,
  topology: Topology,
  { host, withSolution }: Pick<ShowRequest, "host" | "withSolution">,
): ShownStep {
  const hosts = hostsMeant(topology, host);
  const solution = step
    .transcript(topology)
    .filter((line) => hosts.includes(line.host))
    .map(solutionLine);
  return {
    id: step.id,
    title: step.title,
    where: step.where,
    hosts: step.where === "hosts" ? hosts : [],
    task: step.task(topology),
    hint: step.hint,
    ...(withSolution ? { solution } : {}),
  };
}

function solutionLine(line: TypedLine): SolutionLine {
  const { host, user, line: words } = line;
  const common = { host, user, line: words };
  if (line.kind === "command") {
    const answers = line.answers.map(({ prompt, typed }) => ({ prompt: prompt.trim(), answer: typed }));
    return { ...common, answers, edits: [] };
  }
  return { ...common, answers: [], edits: joined(line.edits.map(solutionEdit)) };
}

const places = {
  "instead of the active line": "instead",
  "below the commented line": "below-comment",
  "at the end": "end",
} as const;

function solutionEdit(edit: (TypedLine & { readonly kind: "edit" })["edits"][number]): SolutionEdit {
  if (edit.kind === "setting") return { place: places[edit.place], lines: [`${edit.name} = ${edit.value}`] };
  return {
    place: "uncommented",
    lines: [`  ${edit.head} {`, ...edit.settings.map(([name, value]) => `    ${name} = ${value}`), "  }"],
  };
}

/** Edits of one kind that follow each other, as one. */
function joined(edits: readonly SolutionEdit[]): readonly SolutionEdit[] {
  const groups: { place: SolutionEdit["place"]; lines: string[] }[] = [];
  for (const { place, lines } of edits) {
    const last = groups.at(-1);
    if (last?.place === place) last.lines.push(...lines);
    else groups.push({ place, lines: [...lines] });
  }
  return groups;
}
