import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { TestProject } from "vitest/node";
import { watchCommandLines } from "../support/command-lines.ts";
import type { HostUnderTest, LabUnderTest } from "../support/lab-under-test.ts";

const PROJECT_ROOT = join(import.meta.dirname, "..", "..");

/** What `./lab up --json` prints. */
interface UpResult {
  addressing: LabUnderTest["addressing"];
  subnet: string;
  dns: LabUnderTest["dns"];
  hosts: HostUnderTest[];
}

/** What `./lab status --json --show-secrets` prints beside the status. */
interface StatusSecrets {
  passwords: Record<string, string>;
  sshKey: string;
}

/** What `pulumi stack export --show-secrets` prints, as far as a secret output goes. */
interface ExportedState {
  deployment: { resources: { urn: string; outputs?: Record<string, { plaintext?: string }> }[] };
}

/**
 * Builds a finished lab with the real command, under a name of its own, for all tests of the project; takes it
 * down after them. `MAIL_LAB_TEST_FACTS` names a JSON file of a lab that stands already, to be tested instead.
 */
export default async function buildLab(project: TestProject): Promise<() => Promise<void>> {
  const facts = process.env["MAIL_LAB_TEST_FACTS"];
  if (facts !== undefined) {
    project.provide("lab", JSON.parse(await readFile(facts, "utf8")) as LabUnderTest);
    return () => Promise.resolve();
  }
  const stack = `test-${randomBytes(3).toString("hex")}`;
  const takeDown = async () => {
    await lab(["down", "--stack", stack, "--forget"]);
  };
  const interruption = new AbortController();
  process.once("SIGINT", () => {
    interruption.abort(new Error("Interrupted while the lab was being built."));
  });
  try {
    project.provide("lab", await describeLab(stack, interruption.signal));
    return takeDown;
  } catch (cause) {
    await takeDown();
    interruption.signal.throwIfAborted();
    throw cause;
  }
}

async function describeLab(stack: string, interruption: AbortSignal): Promise<LabUnderTest> {
  const { result: up, commandLines } = await watchCommandLines(
    lab(["up", "--stack", stack, "--json"], interruption),
  );
  const { addressing, subnet, dns, hosts } = JSON.parse(up.stdout) as UpResult;
  const status = await lab(["status", "--stack", stack, "--json", "--show-secrets"]);
  const { passwords, sshKey } = JSON.parse(status.stdout) as StatusSecrets;
  const environment = JSON.parse(
    (await lab(["env", "--stack", stack, "--json"])).stdout,
  ) as NodeJS.ProcessEnv;
  const state = await exportState(stack, environment);
  const seed = seedIn(await exportState(stack, environment, "--show-secrets"));
  const built = { commandLines, output: `${up.stdout}\n${up.stderr}`, state };
  return { stack, addressing, subnet, dns, hosts, passwords, sshKey, seed, built };
}

async function exportState(stack: string, env: NodeJS.ProcessEnv, ...words: string[]): Promise<string> {
  const options = { cwd: PROJECT_ROOT, env };
  return (await execa("pulumi", ["stack", "export", "--stack", stack, ...words], options)).stdout;
}

/** The seed of a lab's secrets in its state, where the state was exported with its secrets in clear. */
function seedIn(exported: string): string {
  const { deployment } = JSON.parse(exported) as ExportedState;
  const seed = deployment.resources.find(({ urn }) => urn.endsWith("::seed"))?.outputs?.["stdout"];
  if (seed?.plaintext === undefined) throw new Error("the state has no seed in clear");
  return JSON.parse(seed.plaintext) as string;
}

/** Runs the product's command as a person does, and interrupts it so; what it says goes by on stderr. */
async function lab(words: readonly string[], interruption?: AbortSignal) {
  return await execa(join(PROJECT_ROOT, "lab"), words, {
    cwd: PROJECT_ROOT,
    stderr: ["pipe", "inherit"],
    killSignal: "SIGINT",
    forceKillAfterDelay: false,
    ...(interruption && { cancelSignal: interruption }),
  });
}
