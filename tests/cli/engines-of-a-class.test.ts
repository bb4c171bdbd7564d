import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { startEngineBySsh, type EngineBySsh } from "../support/engine-by-ssh.ts";
import {
  startEngineOfItsOwn,
  whyNoEngineOfItsOwn,
  type EngineOfItsOwn,
} from "../support/engine-of-its-own.ts";
import { isFullRun } from "../support/full-run.ts";
import { runLab, type LabRun } from "../support/lab-command.ts";

const reason = isFullRun ? await whyNoEngineOfItsOwn() : "two engines and a class, in the full run alone";
if (reason !== undefined) console.warn(`skipped: ${reason}`);

const seats = ["s01", "s02", "s03", "s04"] as const;

/** What `./lab seats status --json` says of a seat. */
interface SeatStatus {
  readonly seat: string;
  readonly engine?: string;
  readonly phase?: string;
  readonly state?: string;
}

describe.skipIf(reason !== undefined)("a class on two machines", () => {
  const held = new AsyncDisposableStack();
  let engines: readonly [EngineOfItsOwn, EngineOfItsOwn];
  let ways: readonly [EngineBySsh, EngineBySsh];
  let roster: string;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "mail-lab-class-"));
    held.defer(() => rm(folder, { recursive: true, force: true }));
    roster = join(folder, `two-engines-${process.pid}.csv`);
    await writeFile(roster, `seat,name\n${seats.map((seat) => `${seat},Student ${seat}\n`).join("")}`);
    const first = held.use(await startEngineOfItsOwn());
    const second = held.use(await startEngineOfItsOwn());
    engines = [first, second];
    const way = held.use(await startEngineBySsh(first));
    ways = [way, held.use(await startEngineBySsh(second, way))];
  }, 240_000);

  afterAll(async () => {
    await held.disposeAsync();
  }, 240_000);

  function lab(...words: readonly string[]): Promise<LabRun> {
    return runLab(words, { env: ways[0].env });
  }

  const up = (): Promise<LabRun> =>
    lab("seats", "up", roster, "--engine", ways[0].address, "--engine", ways[1].address);

  async function containersOn(engine: EngineOfItsOwn): Promise<readonly string[]> {
    const { stdout } = await execa("docker", ["ps", "--all", "--format", "{{.Names}}"], {
      env: { DOCKER_HOST: engine.host },
    });
    return stdout === "" ? [] : stdout.split("\n");
  }

  async function enginesOfSeats(): Promise<ReadonlyMap<string, string | undefined>> {
    const { stdout } = await lab("seats", "status", roster, "--json");
    const { seats: found } = JSON.parse(stdout) as { readonly seats: readonly SeatStatus[] };
    return new Map(found.map(({ seat, engine }) => [seat, engine]));
  }

  it("is shared out, and up on the one where the other stops in the middle; the report names the rest", async () => {
    const running = up();
    // So that the stop comes in the middle of the labs and not of the images.
    await waitUntil({ awaited: "a container on the second machine", deadlineMs: 400_000 }, async () =>
      (await containersOn(engines[1])).length > 0 ? true : undefined,
    );
    await engines[1].stop();
    const { exitCode, stdout, stderr } = await running;
    expect(exitCode, `${stdout}\n${stderr}`).toBe(1);
    expect(await containersOn(engines[0])).toHaveLength(6);
    const places = await enginesOfSeats();
    expect([...places.values()].sort()).toEqual([0, 0, 1, 1].map((way) => ways[way]?.address).sort());
    for (const [seat, engine] of places) {
      if (engine === ways[1].address) expect(stderr + stdout).toMatch(new RegExp(`✖ +${seat}`));
    }
  }, 900_000);

  it("is finished by the same command once the other is back, each seat where it was", async () => {
    const before = await enginesOfSeats();
    await engines[1].start();
    const { exitCode, stdout, stderr } = await up();
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
    expect(await enginesOfSeats()).toEqual(before);
    expect(await containersOn(engines[0])).toHaveLength(6);
    expect(await containersOn(engines[1])).toHaveLength(6);
  }, 900_000);

  it("keeps a seat in its record that down can't reach, and names it; the others are gone", async () => {
    await engines[1].stop();
    const { exitCode, stdout, stderr } = await lab("seats", "down", roster);
    expect(exitCode, `${stdout}\n${stderr}`).toBe(1);
    expect(await containersOn(engines[0])).toEqual([]);
    const left = await enginesOfSeats();
    expect([...left].filter(([, engine]) => engine === ways[1].address)).toHaveLength(2);
  }, 900_000);

  it("moves seats off a machine that is gone, when told to", async () => {
    const { exitCode, stdout, stderr } = await lab(
      "seats",
      "up",
      roster,
      "--move",
      ...["--engine", ways[0].address],
    );
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
    expect(await containersOn(engines[0])).toHaveLength(12);
    const down = await lab("seats", "down", roster);
    expect(down.exitCode, `${down.stdout}\n${down.stderr}`).toBe(0);
    expect(await containersOn(engines[0])).toEqual([]);
  }, 900_000);
});
