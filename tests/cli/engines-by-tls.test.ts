import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEngineByTls, type EngineByTls } from "../support/engine-by-tls.ts";
import {
  startEngineOfItsOwn,
  whyNoEngineOfItsOwn,
  type EngineOfItsOwn,
} from "../support/engine-of-its-own.ts";
import { isFullRun } from "../support/full-run.ts";
import { runLab, type LabRun } from "../support/lab-command.ts";

const reason = isFullRun ? await whyNoEngineOfItsOwn() : "an engine behind TLS, in the full run alone";
if (reason !== undefined) console.warn(`skipped: ${reason}`);

const stack = `by-tls-${process.pid}`;

describe.skipIf(reason !== undefined)("a lab on an engine behind TLS, by a Docker context", () => {
  const held = new AsyncDisposableStack();
  let engine: EngineOfItsOwn;
  let way: EngineByTls;

  beforeAll(async () => {
    engine = held.use(await startEngineOfItsOwn());
    way = held.use(await startEngineByTls(engine));
  }, 240_000);

  afterAll(async () => {
    await held.disposeAsync();
  }, 240_000);

  async function lab(...words: readonly string[]): Promise<LabRun> {
    const [command = "", ...rest] = words;
    return runLab([command, "--stack", stack, ...rest], { env: way.env });
  }

  it("is refused where the engine shows a certificate of another authority", async () => {
    const { exitCode, stderr } = await lab("up", "--engine", way.contexts.wrong);
    expect(stderr).toContain("[LAB_ENGINE_TLS]");
    expect(exitCode).toBe(4);
  }, 120_000);

  it("is refused where there is no such context", async () => {
    const { exitCode, stderr } = await lab("up", "--engine", "no-such-context");
    expect(stderr).toContain("[LAB_ENGINE_CONTEXT]");
    expect(exitCode).toBe(4);
  }, 120_000);

  it("is built, reached by way of Docker itself, and leaves nothing", async () => {
    const up = await lab("up", "--stage", "6.01", "--engine", way.contexts.right);
    expect(up.exitCode, `${up.stdout}\n${up.stderr}`).toBe(0);
    const hostname = await lab("exec", "host1", "--", "hostname");
    expect(hostname.exitCode, hostname.stderr).toBe(0);
    expect(hostname.stdout).toBe("host1example1test");
    const down = await lab("down", "--forget");
    expect(down.exitCode, down.stderr).toBe(0);
    const { stdout } = await execa("docker", ["ps", "--all", "--filter", "label=mail-lab.owner", "--quiet"], {
      env: { DOCKER_HOST: engine.host },
    });
    expect(stdout).toBe("");
  }, 600_000);
});
