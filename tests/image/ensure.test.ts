import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { imagesFolder } from "../../src/images/image-plan.ts";
import { distribution } from "./built-images.ts";
import { uniqueName } from "./carrier-network.ts";

const ensure = join(imagesFolder, "ensure");

describe("images/ensure", () => {
  let folder: string;
  let tag: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "imgtest-"));
    tag = `${uniqueName("ensure")}:one`;
    await writeFile(
      join(folder, "Dockerfile"),
      `ARG BASE\nFROM \${BASE} AS small\nLABEL test=${tag}\nFROM small AS large\nRUN echo large > /large\n`,
    );
  });

  afterEach(async () => {
    await execa("docker", ["image", "rm", "--force", tag], { reject: false });
    await rm(folder, { recursive: true });
  });

  const run = async (
    { target = "", base = distribution }: { target?: string; base?: string } = {},
    env: Record<string, string> = {},
  ) => await execa(ensure, ["test", tag, folder, target, base], { reject: false, stdin: "ignore", env });

  const inspect = async (template: string) =>
    (await execa("docker", ["image", "inspect", "--format", template, tag])).stdout;

  it("builds an image that the engine lacks, labels it, and prints its id and nothing else", async () => {
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(0);
    expect(stdout).toBe(await inspect("{{.Id}}"));
    expect(stdout).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await inspect('{{index .Config.Labels "mail-lab.image"}}')).toBe("test");
  });

  it("builds the stage that it is asked for", async () => {
    await run({ target: "small" });
    const look = ["run", "--rm", "--entrypoint", "ls", tag, "/large"];
    expect((await execa("docker", look, { reject: false })).exitCode).toBeGreaterThan(0);
  });

  it("gives files and folders the same modes, whatever umask the checkout was made with", async () => {
    await mkdir(join(folder, "rootfs", "etc"), { recursive: true });
    await writeFile(join(folder, "rootfs", "etc", "ours"), "");
    await writeFile(join(folder, "rootfs", "etc", "ours.sh"), "", { mode: 0o700 });
    await chmod(join(folder, "rootfs", "etc"), 0o775);
    await chmod(join(folder, "rootfs", "etc", "ours"), 0o664);
    await writeFile(join(folder, "Dockerfile"), "ARG BASE\nFROM ${BASE}\nCOPY rootfs/ /\n");
    await run();
    const look = ["--entrypoint", "stat", tag, "-c", "%a", "/etc", "/etc/ours", "/etc/ours.sh"];
    expect((await execa("docker", ["run", "--rm", ...look])).stdout.split("\n")).toEqual([
      "755",
      "644",
      "755",
    ]);
  });

  it("takes an image that is there as it is, whatever the folder says by now", async () => {
    const { stdout: first } = await run();
    await writeFile(join(folder, "Dockerfile"), "this builds nothing\n");
    const { exitCode, stdout, stderr } = await run();
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: first, stderr: "" });
  });

  it("builds once when two ask at the same time", async () => {
    const both = await Promise.all([run(), run()]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(new Set(both.map(({ stdout }) => stdout)).size).toBe(1);
    expect(both.filter(({ stderr }) => stderr.includes(`building ${tag}`))).toHaveLength(1);
  });

  it("shows the last lines of a build that fails, and what to do next", async () => {
    await writeFile(
      join(folder, "Dockerfile"),
      "ARG BASE\nFROM ${BASE}\nRUN echo the archive is away; exit 7\n",
    );
    const { exitCode, stdout, stderr } = await run();
    expect(exitCode).toBe(5);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/images\/ensure: .*the archive is away/);
    expect(stderr).toContain("images/ensure: Next: ");
  });

  it("leaves nothing locked after a failure", async () => {
    await writeFile(join(folder, "Dockerfile"), "FROM scratch\nRUN nothing\n");
    expect((await run()).exitCode).toBe(5);
    expect((await run()).exitCode).toBe(5);
  });

  it("says so when the engine does not answer", async () => {
    const { exitCode, stderr } = await run({}, { DOCKER_HOST: "tcp://127.0.0.1:1" });
    expect(exitCode).toBe(4);
    expect(stderr).toContain("the Docker engine does not answer");
  });

  it("says so when there is no docker command", async () => {
    const { exitCode, stderr } = await execa("/bin/sh", [ensure, "test", tag, folder, "", distribution], {
      ...{ reject: false, stdin: "ignore", extendEnv: false, env: { PATH: folder } },
    });
    expect(exitCode).toBe(4);
    expect(stderr).toContain("the docker command is not installed");
  });

  it("explains itself when called in another way", async () => {
    const { exitCode, stderr } = await execa(ensure, ["test"], { reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("usage: images/ensure NAME TAG CONTEXT TARGET BASE");
  });
});
