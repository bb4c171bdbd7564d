import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { labelNames } from "../../src/model/labels.ts";
import { quoteWord } from "../../src/model/quote-word.ts";
import { engineUnderTest, nodesUnderTest, type NodeUnderTest } from "../support/engine.ts";
import { labUnderTest, logInAsStep, mailHosts, runAsRoot } from "../support/lab-under-test.ts";
import type { Change, Deed, NodeName } from "./sabotage.ts";

const shellFunctions = readFileSync(join(import.meta.dirname, "shell-functions.sh"), "utf8");

/** Why this machine can't do a change's deeds; `undefined` where it can. */
export function hindranceTo({ deeds }: Change): string | undefined {
  const needsMachine = deeds.some(({ as }) => as === "machine");
  if (!needsMachine) return undefined;
  if (process.platform !== "linux") return "it takes a Linux machine";
  if (process.getuid?.() !== 0)
    return "it takes the machine's root, to mount a small file system for a container";
  return undefined;
}

/** Keeps a change's files and does its deeds. */
export async function doChange({ keeps, deeds }: Change): Promise<void> {
  const steps = [...deeds];
  for (const [on, paths] of keptFiles(keeps)) {
    const lines = `keep ${paths.map(quoteWord).join(" ")}`;
    const first = steps.findIndex((deed) => deed.on === on);
    const deed = steps[first];
    // In one go with the deed itself where that can be: each login costs a busy machine a second.
    if (deed !== undefined && isByShell(deed)) steps[first] = joined(lines, deed);
    else steps.unshift({ as: on === "dns" ? "engine" : "administrator", on, lines });
  }
  for (const deed of steps) await doDeed(deed);
}

/** Puts the kept files back and does what mends the rest; a deed that fails does not keep the others from it. */
export async function undoChange({ keeps, mends }: Change): Promise<void> {
  const steps = [...mends];
  for (const [on] of keptFiles(keeps)) {
    const first = steps.findIndex((deed) => deed.on === on && isByShell(deed));
    const deed = steps[first];
    if (deed === undefined) steps.unshift({ as: "engine", on, lines: "put_back" });
    else steps[first] = joined("put_back", deed);
  }
  const failures: unknown[] = [];
  const inOrder = [...steps.filter(isStart), ...steps.filter((deed) => !isStart(deed))];
  for (const deed of inOrder) await doDeed(deed).catch((failure: unknown) => failures.push(failure));
  if (failures.length > 0) throw new AggregateError(failures, "the lab could not be mended");
}

function isByShell({ as }: Deed): boolean {
  return as === "administrator" || as === "engine";
}

function joined(before: string, deed: Deed): Deed {
  return { ...deed, lines: `${before}\n${deed.lines}` };
}

/** A container has to run before files can be put back into it. */
function isStart({ as }: Deed): boolean {
  return as === "container";
}

function keptFiles(keeps: Change["keeps"]): readonly (readonly [NodeName, readonly string[]])[] {
  return (Object.entries(keeps) as [NodeName, readonly string[]][]).filter(([, paths]) => paths.length > 0);
}

async function doDeed(deed: Deed): Promise<void> {
  const script = `${shellFunctions}\n${deed.lines}`;
  switch (deed.as) {
    case "administrator":
      return byAdministrator(deed, script);
    case "engine":
      await execa("docker", ["exec", "-i", nameOf(deed.on), "sh", "-s"], {
        input: script,
        timeout: deedDeadlineMs,
      });
      return;
    case "network":
      return inNetwork(await nodeNamed(deed.on), script);
    case "machine": {
      const { inspected } = await nodeNamed(deed.on);
      const inMounts = ["-t", String(inspected.State.Pid), "-m", "sh", "-s"];
      await execa("nsenter", inMounts, { input: script, timeout: deedDeadlineMs });
      return;
    }
    case "container":
      await execa("docker", [deed.lines, nameOf(deed.on)], { timeout: deedDeadlineMs });
  }
}

const deedDeadlineMs = 300_000;

function nameOf(node: NodeName): string {
  return `${labUnderTest().stack}-${node}`;
}

async function byAdministrator({ on, lines }: Deed, script: string): Promise<void> {
  const host = mailHosts().find(({ name }) => name === on);
  if (host === undefined) throw new Error(`the lab under test has no ${on}`);
  await using ssh = await logInAsStep(host);
  const { exitCode, stdout, stderr } = await runAsRoot(ssh, `sh -c ${quoteWord(script)}`);
  if (exitCode !== 0) throw new Error(`${on}: ended with ${String(exitCode)}:\n${lines}\n${stdout}${stderr}`);
}

/** Runs a script in a container that has the node's network and may change it, and is gone afterwards. */
async function inNetwork({ container, inspected }: NodeUnderTest, script: string): Promise<void> {
  const { [labelNames.stack]: stack, [labelNames.owner]: owner } = inspected.Config.Labels;
  const helper = await engineUnderTest().createContainer({
    Image: inspected.Image,
    Entrypoint: ["sh", "-c", script],
    Cmd: [],
    User: "root",
    Labels: { [labelNames.stack]: stack ?? "", [labelNames.owner]: owner ?? "" },
    HostConfig: { NetworkMode: `container:${container.id}`, CapAdd: ["NET_ADMIN"] },
  });
  try {
    await helper.start();
    const { StatusCode: code } = (await helper.wait()) as { StatusCode: number };
    if (code !== 0)
      throw new Error(`${inspected.Name}: ${(await helper.logs({ stdout: true, stderr: true })).toString()}`);
  } finally {
    await helper.remove({ force: true });
  }
}

async function nodeNamed(node: NodeName): Promise<NodeUnderTest> {
  const found = (await nodesUnderTest()).find((candidate) => candidate.node === node);
  if (found === undefined) throw new Error(`the lab under test has no ${node}`);
  return found;
}
