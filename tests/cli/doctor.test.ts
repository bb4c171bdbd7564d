import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runLab } from "../support/lab-command.ts";

/** What `./lab doctor --json` prints, as far as it is needed here. */
interface Diagnosis {
  findings: { id: string; level: string; mend?: { en: string; ja: string } }[];
  strangers: { owner: string; stack: string; objects: string[]; running: number }[];
}

const owner = randomBytes(6).toString("hex");
const network = `doctor-${owner}`;
const subnet = `10.77.${randomBytes(1).readUInt8()}.0/24`;

async function doctor(...words: string[]): Promise<Diagnosis & { exitCode: number | undefined }> {
  const { exitCode, stdout } = await runLab(["doctor", "--json", ...words]);
  return { ...(JSON.parse(stdout) as Diagnosis), exitCode };
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
    const { findings, strangers, exitCode } = await doctor("--orphans");
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
});
