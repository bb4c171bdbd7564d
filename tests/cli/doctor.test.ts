import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineValues } from "../../src/lab/machine/engine-values.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { parseDockerFacts } from "../../toolchain/docker/docker-facts.ts";
import { startSilentEngine } from "../support/engine-double.ts";
import { isFullRun } from "../support/full-run.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";

/** What `./lab doctor --json` prints, as far as it is needed here. */
interface Diagnosis {
  findings: { id: string; level: string; mend?: { en: string; ja: string } }[];
  strangers: { owner: string; stack: string; objects: string[]; running: number }[];
  values?: { systemd: string; securityOpts: string[] };
}

/** A look is to end within this time; a machine on which everything is tested at once may take more. */
const budgetMs = isFullRun ? 3_000 : 60_000;

const engineDeadlineMs = 240_000;

const owner = randomBytes(6).toString("hex");
const network = `doctor-${owner}`;
const subnet = `10.77.${randomBytes(1).readUInt8()}.0/24`;

async function doctor(...words: string[]): Promise<Diagnosis & { exitCode: number | undefined }> {
  const { exitCode, stdout } = await runLab(["doctor", "--json", ...words]);
  return { ...(JSON.parse(stdout) as Diagnosis), exitCode };
}

/** The same, once the machine's engine answers in the time that a look has: a busy disk holds it up for longer. */
async function doctorWithEngine(...words: string[]): ReturnType<typeof doctor> {
  return await waitUntil({ awaited: "the engine's answer", deadlineMs: engineDeadlineMs }, async () => {
    const diagnosis = await doctor(...words);
    return diagnosis.exitCode === 4 ? undefined : diagnosis;
  });
}

describe("./lab doctor", () => {
  beforeAll(async () => {
    const labels = ["--label", `mail-lab.owner=${owner}`, "--label", "mail-lab.stack=gone"];
    await execa("docker", ["network", "create", "--subnet", subnet, ...labels, network]);
  });

  afterAll(async () => {
    await execa("docker", ["network", "rm", network]);
  });

  it("lists what is left of a lab whose state is gone, and leaves it alone", async () => {
    const { findings, strangers, exitCode } = await doctorWithEngine("--orphans");
    expect(strangers).toContainEqual({
      owner,
      stack: "gone",
      objects: [`network ${network}`],
      running: 0,
    });
    expect(findings.find(({ id }) => id === "leftovers")).toMatchObject({ level: "warning" });
    expect(exitCode).not.toBe(0);
    await execa("docker", ["network", "inspect", network]);
  });

  it.each([
    ["en", "of no stack of this clone", "Nothing was removed"],
    ["ja", "このクローンのスタックではない", "何も消していません"],
  ])("names it in %s", async (language, head, promise) => {
    const { stdout } = await runLab(["doctor", "--orphans", "--lang", language]);
    expect(stdout.toLowerCase()).toContain(head);
    expect(stdout).toContain(promise);
    expect(stdout).toContain(`network ${network}`);
  });

  it("says with exit code 4 that no engine answers, what to do, and brings none", async () => {
    const env = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const { exitCode, stdout } = await runLab(["doctor"], { env });
    expect(exitCode).toBe(4);
    expect(stdout).toContain("✖ Docker engine: unix:///nowhere/docker.sock: no socket there");
    expect(stdout).toContain("mend: ./lab up brings one");
    const japanese = await runLab(["doctor", "--lang", "ja"], { env });
    expect(japanese.stdout).toContain("対処: ");
  });

  it("weighs the inotify limit against the number of labs, and names the command that raises it", async () => {
    const limit = Number(await readFile("/proc/sys/fs/inotify/max_user_instances", "utf8"));
    const { findings } = await doctor("--labs", "1000");
    const inotify = findings.find(({ id }) => id === "inotify");
    // A lab needs 16: a machine that was raised for that many has enough.
    expect(inotify?.level).toBe(limit < 16_016 ? "bad" : "good");
    if (limit < 16_016) expect(inotify?.mend?.en).toBe("sudo sysctl -w fs.inotify.max_user_instances=16384");
  });

  it("ends in time, also with an engine that takes a question and never answers", async () => {
    await using silent = await startSilentEngine();
    const quick = await runLab(["doctor"]);
    const hung = await runLab(["doctor"], { env: { DOCKER_HOST: silent.url } });
    process.stderr.write(
      `doctor: ${Math.round(quick.durationMs)} ms, with a silent engine ${Math.round(hung.durationMs)} ms, at most ${budgetMs} ms\n`,
    );
    expect(hung.exitCode).toBe(4);
    expect(hung.stdout).toContain(`✖ Docker engine: ${silent.url}: no answer within 1.5 s`);
    expect(Math.max(quick.durationMs, hung.durationMs)).toBeLessThan(budgetMs);
  });

  it("looks at a machine that has no docker, no pulumi and no engine, and brings nothing", async () => {
    const bin = await mkdtemp(join(tmpdir(), "mail-lab-doctor-"));
    try {
      // What the script itself starts.
      for (const tool of ["sh", "cmp", "env"]) {
        const { stdout: path } = await execa("sh", ["-c", `command -v ${tool}`]);
        await symlink(path, join(bin, tool));
      }
      const { exitCode, stdout, stderr } = await runLab(["doctor"], {
        env: { PATH: bin, DOCKER_HOST: "ssh://127.0.0.1" },
      });
      expect(exitCode, stderr).toBe(4);
      expect(stdout).toContain("ssh://127.0.0.1: the ssh command is needed to reach it");
      expect(stdout).toContain("free memory:");
      expect(stderr).toBe("");
    } finally {
      await rm(bin, { recursive: true });
    }
  });

  it("gives for a program what up writes into the stack's configuration for this engine", async () => {
    const { stdout: info } = await execa("docker", ["info", "--format", "{{json .}}"]);
    const facts = parseDockerFacts(JSON.parse(info));
    const { values } = await doctorWithEngine();
    expect(values).toEqual(facts && engineValues(facts));
  });

  it("names what is wrong with a stack's configuration among the rest, and ends with 1", async () => {
    const stack = `doctor-${owner}`;
    const file = join(projectRoot, ".lab", "stacks", `Pulumi.${stack}.yaml`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "config:\n  mail-lab:subnet: 8.8.8.0/24\n");
    try {
      const { findings, exitCode } = await doctorWithEngine("--stack", stack);
      expect(findings.find(({ id }) => id === "config")).toMatchObject({ level: "bad" });
      expect(findings.find(({ id }) => id === "memory")).toBeDefined();
      expect(exitCode).toBe(1);
      const { stdout } = await runLab(["doctor", "--stack", stack, "--lang", "ja"]);
      expect(stdout).toContain("8.8.8.0/24 はプライベートアドレスではありません");
    } finally {
      await rm(file);
    }
  });
});
