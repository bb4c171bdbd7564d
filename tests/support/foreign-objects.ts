import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { labPaths } from "../../src/lab/lab-paths.ts";
import { listByLabel, projectRoot, runLab } from "./lab-command.ts";

/** Docker's command line; gives what it printed. */
export async function docker(...words: readonly string[]): Promise<string> {
  return (await execa("docker", words)).stdout;
}

/** What is touched of a container or a network shows here: which one it is, since when it runs, who is on it. */
const traces = {
  container:
    "{{.Id}} {{.Name}} {{.State.Status}} {{.State.StartedAt}} {{.RestartCount}} {{json .Config.Labels}}",
  network: "{{.Id}} {{.Name}} {{json .Containers}} {{json .Labels}}",
} as const;

/** The traces of objects by their names, a line each. */
export async function traceOf(kind: keyof typeof traces, names: readonly string[]): Promise<string> {
  return docker(kind, "inspect", "--format", traces[kind], ...names);
}

/** Runs something of the product's image that does nothing, and that the product has no business with. */
export async function runForeign(image: string, name: string, labels: readonly string[] = []): Promise<void> {
  const words = ["run", "--detach", "--name", name, ...labels.flatMap((label) => ["--label", label])];
  await docker(...words, "--entrypoint", "sleep", image, "86400");
}

/** The owner in a container's labels. */
export async function ownerOf(container: string): Promise<string> {
  return docker("inspect", "--format", '{{index .Config.Labels "mail-lab.owner"}}', container);
}

/** Expects that the engine has nothing that carries a stack's name. */
export async function expectNothingOf(stack: string): Promise<void> {
  for (const kind of ["container", "network", "volume"] as const)
    expect(await listByLabel(kind, `mail-lab.stack=${stack}`)).toEqual([]);
}

/** Runs `up` for a new lab with these values in its configuration, which has to be refused, and forgets it; gives what it said. */
export async function refusedUp(
  stack: string,
  values: Readonly<Record<string, string>> = {},
  words: readonly string[] = [],
): Promise<string> {
  const { stackConfig } = labPaths(stack, projectRoot);
  await mkdir(dirname(stackConfig), { recursive: true });
  const lines = Object.entries(values).map(([key, value]) => `  mail-lab:${key}: ${value}\n`);
  await writeFile(stackConfig, `config:\n${lines.join("")}`);
  try {
    const { exitCode, stderr } = await runLab(["up", "--stack", stack, ...words]);
    expect(exitCode, stderr).toBe(5);
    return stderr;
  } finally {
    const down = await runLab(["down", "--forget", "--stack", stack]);
    expect(down.exitCode, down.stderr).toBe(0);
    await rm(stackConfig, { force: true });
  }
}
