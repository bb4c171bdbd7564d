import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { Language } from "../../../src/model/text.ts";
import { listByLabel } from "../../support/lab-command.ts";
import type { BadInput, BadMachine, Planted } from "./bad-input.ts";
import { configRows } from "./config-rows.ts";
import { engineRows } from "./engine-rows.ts";
import { fileRows } from "./file-rows.ts";
import { ScratchCheckout } from "./scratch-checkout.ts";
import { wordRows } from "./word-rows.ts";

const stack = `bad-${randomBytes(3).toString("hex")}`;
const theirs = `theirs-${stack}`;
const isRoot = process.getuid?.() === 0;

let scratch: ScratchCheckout;
let untouched: string;

/** What the engine has of somebody else: a container, a network and a volume that look like another clone's lab. */
async function plantTheirs(): Promise<void> {
  const labels = ["--label", "mail-lab.owner=0123456789ab", "--label", "mail-lab.stack=theirs"];
  await execa("docker", ["volume", "create", ...labels, theirs]);
  await execa("docker", ["network", "create", "--subnet", "10.77.240.0/24", ...labels, theirs]);
}

async function theirObjects(): Promise<string> {
  const inspected = await Promise.all(
    [
      ["volume", "inspect", theirs],
      ["network", "inspect", theirs],
    ].map(async (words) => (await execa("docker", words)).stdout),
  );
  return inspected.join("\n");
}

async function removeTheirs(): Promise<void> {
  await execa("docker", ["network", "rm", theirs], { reject: false });
  await execa("docker", ["volume", "rm", theirs], { reject: false });
}

/** Everything on the engine that is of the scratch stack. */
async function made(): Promise<readonly string[]> {
  const kinds = ["container", "network", "volume"] as const;
  return (await Promise.all(kinds.map((kind) => listByLabel(kind, `mail-lab.stack=${stack}`)))).flat();
}

/** What an error's JSON has. */
interface ErrorJson {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

/** Runs `up` once, for its Japanese on the error stream and its English in the JSON. */
async function expectUpRefused(row: BadInput, planted: Planted): Promise<void> {
  const run = await scratch.run({ words: ["up", "--stack", stack, "--json"], language: "ja", ...planted });
  expectSentence(run.stderr, row, "ja");
  // A program that can't even be started says so before anything could be JSON.
  if (run.stdout === "") {
    const english = await scratch.run({ words: ["up", "--stack", stack], language: "en", ...planted });
    expectSentence(english.stderr, row, "en");
  } else {
    const { error } = JSON.parse(run.stdout) as ErrorJson;
    expect(error.code).toBe(row.code);
    for (const part of row.en) expect(error.message).toContain(part);
    expect(error.hint).toBeTruthy();
  }
  expect(run.exitCode).toBe(row.exit);
}

/** Runs the row's own words in both languages. */
async function expectWordsRefused(row: BadInput, words: readonly string[]): Promise<void> {
  for (const language of ["en", "ja"] as const) {
    const { exitCode, stdout, stderr } = await scratch.run({ words, language });
    expectSentence(stderr, row, language);
    expect(exitCode).toBe(row.exit);
    if (!words.includes("--json")) expect(stdout).toBe("");
  }
}

/** One line has field, value, rule and code; a next step follows. */
function expectSentence(stderr: string, row: BadInput, language: Language): void {
  const sentence = stderr.split("\n").find((line) => line.includes(`[${row.code}]`)) ?? stderr;
  for (const part of row[language]) expect(sentence).toContain(part);
  expect(stderr).toContain(`[${row.code}]`);
  expect(stderr).toContain(language === "en" ? "Next:" : "次の一手:");
}

async function expectRefusal(row: BadInput, { env, mounts }: Planted = {}): Promise<void> {
  const before = await scratch.gitStatus();
  if (row.words !== undefined) await expectWordsRefused(row, row.words);
  else await expectUpRefused(row, { ...(env && { env }), ...(mounts !== undefined && { mounts }) });
  expect(await made()).toEqual([]);
  expect(await scratch.gitStatus()).toBe(before);
  expect(await theirObjects()).toBe(untouched);
}

beforeAll(async () => {
  scratch = await ScratchCheckout.create(stack);
  await plantTheirs();
  untouched = await theirObjects();
});

afterAll(async () => {
  await removeTheirs();
  await scratch[Symbol.asyncDispose]();
});

describe("./lab refuses with code, field, value, rule and hint in both languages, and makes nothing, for", () => {
  it.each(wordRows)("$name", async (row) => {
    await expectRefusal(row);
  });

  it.each(configRows.filter(({ isTriedByCommand }) => isTriedByCommand))("$name", async (row) => {
    await scratch.restore();
    const text =
      typeof row.config === "string"
        ? row.config
        : stringify({
            config: Object.fromEntries(
              Object.entries(row.config).map(([key, value]) => [`mail-lab:${key}`, value]),
            ),
          });
    await scratch.write(`.lab/stacks/Pulumi.${stack}.yaml`, text);
    await expectRefusal(row);
  });

  it.each<BadMachine>([...engineRows, ...fileRows])("$name", async (row) => {
    await scratch.restore();
    const planted = (await row.plant?.(scratch)) ?? {};
    if (planted.mounts !== undefined && !isRoot) {
      process.stderr.write(`skipped: ${row.name}: mounting takes root\n`);
      return;
    }
    try {
      await expectRefusal(row, planted);
    } finally {
      await planted.remove?.();
    }
  });
});
