import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CheckReport } from "../../src/lab/chapter/check.ts";
import { newKey, startEngineBySsh, startSshServerThere, type EngineBySsh } from "../support/engine-by-ssh.ts";
import {
  startEngineOfItsOwn,
  whyNoEngineOfItsOwn,
  type EngineOfItsOwn,
} from "../support/engine-of-its-own.ts";
import { isFullRun } from "../support/full-run.ts";
import { runLab, type LabRun } from "../support/lab-command.ts";

const reason = await whyNoEngineOfItsOwn();
if (reason !== undefined) console.warn(`skipped: ${reason}`);
if (!isFullRun) console.warn("left out: the lab's own host key, in the full run alone");

const stack = `elsewhere-${process.pid}`;

describe.skipIf(reason !== undefined)("a lab on another machine, by ssh", () => {
  const held = new AsyncDisposableStack();
  let engine: EngineOfItsOwn;
  let way: EngineBySsh;

  beforeAll(async () => {
    engine = held.use(await startEngineOfItsOwn());
    way = held.use(await startEngineBySsh(engine));
  }, 300_000);

  afterAll(async () => {
    await held.disposeAsync();
  }, 300_000);

  async function lab(...words: readonly string[]): Promise<LabRun> {
    const [command = "", ...rest] = words;
    return runLab([command, "--stack", stack, ...rest], { env: way.env });
  }

  async function good(...words: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await lab(...words);
    expect(exitCode, `./lab ${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
    return stdout;
  }

  /** What Docker prints there. */
  async function there(...words: readonly string[]): Promise<readonly string[]> {
    return lines(await execa("docker", words, { env: { DOCKER_HOST: engine.host } }));
  }

  it("is built there, from the same images as here", async () => {
    await good("up", "--stage", "exercise", "--engine", way.address);
    expect(await there("ps", "--format", "{{.Names}}")).toHaveLength(3);
    expect(lines(await execa("docker", ["ps", "--all", "--quiet", "--filter", `name=${stack}-`]))).toEqual(
      [],
    );
    const images = ["images", "--no-trunc", "--filter", "label=mail-lab.image", "--format"];
    const ids = await there(...images, "{{.ID}}");
    const here = lines(await execa("docker", [...images, "{{.ID}}"]));
    expect(ids.length).toBeGreaterThanOrEqual(3);
    expect(here).toEqual(expect.arrayContaining([...ids]));
  }, 300_000);

  it("is reached by every command without being told again where it is: ssh, DNS, mail ports", async () => {
    expect(await good("exec", "host2", "--", "hostname")).toBe("host2example2test");
    const { exitCode, stdout } = await lab("check", "--json");
    expect(exitCode).toBe(1);
    const { results } = JSON.parse(stdout) as CheckReport;
    const foundation = results.filter(({ id }) => id.startsWith("foundation/"));
    expect(foundation.length).toBeGreaterThan(0);
    expect(foundation.filter(({ status }) => status !== "passed")).toEqual([]);
  }, 300_000);

  it("is not talked to where another machine answers at its engine's address", async () => {
    const giveBack = await way.changeHostKey();
    const { exitCode, stderr } = await lab("exec", "host1", "--", "true");
    await giveBack();
    expect(stderr).toContain("[LAB_ENGINE_HOST_KEY]");
    expect(stderr).toContain("another machine answers there than before");
    expect(exitCode).toBe(4);
  }, 300_000);

  it("says so where its machine does not let this person in", async () => {
    const giveBack = await way.forgetKey();
    const { exitCode, stderr } = await lab("exec", "host1", "--", "true");
    await giveBack();
    expect(stderr).toContain("[LAB_ENGINE_SSH_REFUSED]");
    expect(exitCode).toBe(4);
  }, 300_000);

  it.runIf(isFullRun)(
    "refuses another host that answers at one of its ports",
    async () => {
      const status = JSON.parse(await good("status", "--json")) as {
        nodes: readonly { name: string; ports: Record<string, number> }[];
      };
      const port = status.nodes.find(({ name }) => name === "host1")?.ports["ssh"] ?? 0;
      await there("stop", `${stack}-host1`);
      const stranger = newKey();
      const server = await startSshServerThere(
        engine,
        { hostKey: stranger.privateKey, allowedKey: stranger.publicKey },
        port,
      );
      const { exitCode, stderr } = await lab("exec", "host1", "--", "true");
      await server.end();
      await good("start");
      expect(stderr).toContain("[LAB_SSH_WRONG_HOST_KEY]");
      expect(exitCode).not.toBe(0);
    },
    300_000,
  );

  it("leaves nothing there that carries its label", async () => {
    await good("down", "--forget");
    const label = ["--filter", "label=mail-lab.owner", "--quiet"];
    expect(await there("ps", "--all", ...label)).toEqual([]);
    expect(await there("network", "ls", ...label)).toEqual([]);
    expect(await there("volume", "ls", ...label)).toEqual([]);
  }, 300_000);
});

function lines({ stdout }: { readonly stdout: string }): readonly string[] {
  return stdout === "" ? [] : stdout.split("\n");
}
