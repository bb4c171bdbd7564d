import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labelNames } from "../../src/model/labels.ts";
import { isFullRun } from "../support/full-run.ts";
import { listByLabel, projectRoot, runLab, type LabRun } from "../support/lab-command.ts";
import { LabInHand } from "../support/lab-in-hand.ts";
import { narrowEngine, type NarrowedEngine } from "../support/narrowed-engine.ts";
import { imageList, manifestEntryOf, packedTar, someSave } from "../support/save-file.ts";
import { doWork, expectQueueDelivers, expectWork, type StudentWork } from "../support/student-work.ts";

const suffix = randomBytes(3).toString("hex");
const [stack, other] = [`save-${suffix}`, `rest-${suffix}`] as const;
const save = `class.${suffix}_1`;
const manifest = join(projectRoot, ".lab", "saves", `${save}.json`);

/** What `./lab save --json` prints. */
interface SaveResult {
  readonly id: string;
  readonly nodes: readonly { readonly name: string; readonly image: string; readonly sizeBytes: number }[];
}

/** What `./lab saves --json` prints. */
interface SavesResult {
  readonly saves: readonly {
    readonly name: string;
    readonly isHere: boolean;
    readonly containers: readonly string[];
  }[];
  readonly others: readonly { readonly id: string; readonly images: readonly string[] }[];
}

async function good(...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runLab(words);
  expect(exitCode, `./lab ${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

/** The save as it is listed, if it is. */
async function listed(): Promise<SavesResult["saves"][number] | undefined> {
  const { saves } = JSON.parse(await good("saves", "--json")) as SavesResult;
  return saves.find(({ name }) => name === save);
}

/** References of the images of saves on the engine. */
async function saveImages(filter: string): Promise<readonly string[]> {
  const format = "{{.Repository}}:{{.Tag}}";
  const { stdout } = await execa("docker", ["images", "--filter", `label=${filter}`, "--format", format]);
  return stdout === "" ? [] : stdout.split("\n").sort();
}

if (!isFullRun)
  console.error("save: not brought back from its file alone; ./lab test --full does, save-to-engine too");

function expectRefused(run: LabRun, code: string, exitCode: number): void {
  expect(run.stderr).toContain(`[${code}]`);
  expect(run.exitCode).toBe(exitCode);
}

/** A command takes its time on a machine that does much else. */
const busyTimeoutMs = 900_000;

describe("a lab that was saved", { timeout: busyTimeoutMs }, () => {
  let folder: string;
  let file: string;
  let lab: LabInHand;
  let work: StudentWork;
  let saved: SaveResult;
  /** Has no image but this save's: the machine's others are not this test's to remove. */
  let engine: NarrowedEngine;

  /** What `./lab prune` has removed of this save. */
  const prune = async (): Promise<readonly string[]> => {
    const run = await runLab(["prune", "--json"], { env: { DOCKER_HOST: engine.host } });
    expect(run.exitCode, run.stderr).toBe(0);
    return (JSON.parse(run.stdout) as { removed: readonly string[] }).removed;
  };

  beforeAll(async () => {
    engine = await narrowEngine(({ Labels }) => Labels?.[labelNames.save] === save);
    folder = await mkdtemp(join(tmpdir(), "mail-lab-saves-"));
    file = join(folder, "class.save");
    lab = await LabInHand.build(stack);
    work = await doWork(lab);
  });

  afterAll(async () => {
    for (const name of [stack, other]) await runLab(["down", "--forget", "--stack", name]);
    if (existsSync(manifest)) await good("saves", "rm", save);
    await prune();
    await engine[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
    expect(await saveImages(`mail-lab.save=${save}`)).toEqual([]);
  });

  it("goes on as it was while it is saved, and is not saved over in passing", async () => {
    const before = await lab.containers();
    saved = JSON.parse(await lab.good("save", save, "--file", file, "--json")) as SaveResult;
    expect(await lab.containers()).toEqual(before);
    await expectWork(lab, work);
    expectRefused(await lab.run("save", save), "LAB_SAVE_EXISTS", 2);
    expectRefused(await lab.run("save", `${save}x`, "--file", file), "LAB_SAVE_TARGET", 2);
    expectRefused(await lab.run("save", "../x"), "LAB_SAVE_NAME", 2);
    expect(await saveImages("mail-lab.save-id")).toEqual(
      expect.arrayContaining(saved.nodes.map(({ image }) => image)),
    );
    expect(await readdir(folder)).toEqual(["class.save"]);
  });

  it("is kept where its owner alone can read it, with its seed in nothing that others can", async () => {
    const { seed } = JSON.parse(await readFile(manifest, "utf8")) as { seed: string };
    for (const path of [manifest, file]) expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(manifest, ".."))).mode & 0o777).toBe(0o700);
    expect(seed).toHaveLength(44);
    const { stdout } = await execa("docker", ["image", "inspect", ...saved.nodes.map(({ image }) => image)]);
    for (const text of [stdout, await good("saves", "--json"), JSON.stringify(saved)])
      expect(text).not.toContain(seed);
  });

  it("can be removed neither by prune nor by down", async () => {
    await good("down", "--forget", "--stack", stack);
    expect(await prune()).toEqual([]);
    expect(await listed()).toMatchObject({ isHere: true, containers: [] });
  });

  it("is named and left alone where another checkout has made it", async () => {
    const images = saved.nodes.map(({ image }) => image);
    // Without its manifest this checkout is any other one.
    await rename(manifest, `${manifest}.away`);
    try {
      const { others } = JSON.parse(await good("saves", "--json")) as SavesResult;
      expect(others).toContainEqual({ id: saved.id, name: save, stack, images });
      expect((await runLab(["doctor", "--orphans"])).stdout).toContain(images[0]);
      expect(await prune()).toEqual([]);
      expect(await saveImages(`mail-lab.save-id=${saved.id}`)).toEqual(images);
    } finally {
      await rename(`${manifest}.away`, manifest);
    }
  });

  it("comes back in another stack, with all that is in it, and needs no update there", async () => {
    const restored = await LabInHand.of(other, await good("restore", save, "--json", "--stack", other));
    await expectWork(restored, work);
    await expectQueueDelivers(restored, work);
    await restored.pulumi("preview --expect-no-changes");
    expect((await listed())?.containers).toEqual([`${other}-host1`, `${other}-host2`]);
  });

  it("is not restored over a lab in passing, and its images stay while a lab stands on them", async () => {
    const before = await listByLabel("container", `mail-lab.stack=${other}`);
    expectRefused(await runLab(["restore", save, "--stack", other]), "LAB_RESTORE_OVER", 5);
    expectRefused(await runLab(["saves", "rm", save]), "LAB_SAVE_IN_USE", 5);
    expectRefused(await runLab(["restore", `${save}x`, "--stack", stack]), "LAB_NO_SAVE", 2);
    expectRefused(await runLab(["restore", "--stack", stack]), "LAB_USAGE", 2);
    expect(await listByLabel("container", `mail-lab.stack=${other}`)).toEqual(before);
  });

  it("is refused from a file that is not whole, newer, or somebody else's, before anything is made", async () => {
    const broken = join(folder, "broken.save");
    const refuse = async (): Promise<void> => {
      expectRefused(await runLab(["restore", "--file", broken, "--stack", stack]), "LAB_SAVE_FILE", 2);
    };
    await execa("cp", [file, broken]);
    await truncate(broken, (await stat(file)).size - 1000);
    await refuse();
    await writeFile(broken, "hello\n");
    await refuse();
    const newer = manifestEntryOf({ ...someSave, format: 99 });
    await writeFile(broken, await packedTar([newer, imageList(...someSave.nodes.map(({ image }) => image))]));
    await refuse();
    expect(await listByLabel("container", `mail-lab.stack=${stack}`)).toEqual([]);
    expect(await saveImages(`mail-lab.save-id=${someSave.id}`)).toEqual([]);
  });

  it.runIf(isFullRun)("comes back from its file where nothing else is left of it", async () => {
    await good("down", "--stack", other);
    await good("saves", "rm", save);
    expect(await saveImages(`mail-lab.save-id=${saved.id}`)).toEqual([]);
    const restored = await LabInHand.of(
      other,
      await good("restore", "--file", file, "--json", "--stack", other),
    );
    await expectWork(restored, work);
    await good("down", "--forget", "--stack", other);
    expect(await prune()).toEqual(expect.arrayContaining(saved.nodes.map(({ image }) => image)));
  });
});
