import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freeSubnetPrefix, labelled, removeLabelled } from "./docker-leftovers.ts";
import { EngineProject } from "./engine-project.ts";
import { expectedPlan } from "./expected-differences.ts";
import { freePort } from "./free-port.ts";
import { engineLimitsMemory } from "./memory-limits.ts";
import { inOrder, plan, type PlanMatrix } from "./planned-step.ts";
import { runName } from "./run-name.ts";
import { importTinyImage } from "./tiny-image.ts";

const golden = join(import.meta.dirname, "golden");
const matrix = JSON.parse(readFileSync(join(golden, "plan-matrix.json"), "utf8")) as PlanMatrix;
const RUN = runName("drift");
const LABEL = `mail-lab.stack=${RUN}`;
const CONTAINER = `${RUN}-host1`;
const NETWORK = `${RUN}-lan`;
const IMAGE = `${RUN}/rbuilt:dev`;
/** A bridge's name has 15 characters at most. */
const BRIDGE = RUN.replace("conf-drift", "br");
const SECOND_OCTET = 213;
const UP_TIMEOUT_MS = 300_000;

/** Rows that are about a container that exists, in the order in which this file makes them come true. */
const rows = [
  "refresh-clean",
  "drift-stopped-norefresh",
  "drift-stopped-refresh",
  "drift-removed-norefresh",
  "drift-removed-refresh",
  "drift-network-removed-refresh",
] as const;

/** Turns the recording's names, addresses and ports into those that are free here. */
type Move = (text: string) => string;

async function chooseMove(docker: Docker): Promise<Move> {
  const prefix = await freeSubnetPrefix(docker, SECOND_OCTET);
  const [smtp, imap] = [await freePort(), await freePort()];
  return (text) =>
    text
      .replaceAll("12525", String(smtp))
      .replaceAll("12143", String(imap))
      .replaceAll("192.168.1.", `${prefix}.`)
      .replaceAll("dev-", `${RUN}-`)
      .replaceAll('"dev"', `"${RUN}"`)
      .replaceAll("br-lab", BRIDGE)
      .replaceAll("golden/rbuilt:dev", IMAGE);
}

async function moveProgram(project: EngineProject, move: Move, image: string): Promise<void> {
  const program = project.path("infra", "index.ts");
  await writeFile(program, move(await readFile(program, "utf8")));
  const dockerfile = project.path("ctx", "Dockerfile");
  await writeFile(dockerfile, (await readFile(dockerfile, "utf8")).replace("labbase:bookworm", image));
}

interface Export {
  readonly deployment: {
    readonly resources: readonly {
      readonly type: string;
      readonly outputs?: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** The outputs of an exported stack's docker resources by type, without what differs from one run to the next. */
function dockerOutputs(exported: string): Record<string, unknown> {
  const masked = exported
    .replaceAll(/[0-9a-f]{64}/gu, "<id>")
    .replaceAll(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gu, "<mac>");
  const { resources } = (JSON.parse(masked) as Export).deployment;
  const ours = resources.filter(({ type }) => type.startsWith("docker:"));
  return Object.fromEntries(
    ours.map(({ type, outputs }) => [type, { ...outputs, __pulumi_raw_state_delta: undefined }]),
  );
}

describe.runIf(await engineLimitsMemory())(
  "what the offline plugins plan after somebody changed a container by hand",
  () => {
    const docker = new Docker();
    let project: EngineProject | undefined;
    let move: Move = (text) => text;

    const started = (): EngineProject => {
      if (project === undefined) throw new Error("the program was not brought up");
      return project;
    };
    const expectRow = async (row: (typeof rows)[number], args: readonly string[] = []): Promise<void> => {
      expect(inOrder(await plan(started(), "base", args))).toEqual(inOrder(expectedPlan(matrix, row)));
    };

    beforeAll(async () => {
      const image = await importTinyImage(docker, `${RUN}-base`, "test");
      project = await EngineProject.create(join(golden, "program"));
      move = await chooseMove(docker);
      await moveProgram(project, move, image);
      await project.pulumi(["up", "--yes", "--skip-preview"], { VARIANT: "base" });
    }, UP_TIMEOUT_MS);

    afterAll(async () => {
      await removeLabelled(docker, LABEL);
      await docker.getImage(`${RUN}-base:test`).remove({ force: true });
      await project?.[Symbol.asyncDispose]();
    });

    it("covers every recorded row that needs a container", () => {
      const live = Object.keys(matrix).filter((variant) => /^(?:drift-|refresh-)/u.test(variant));
      expect(live.toSorted()).toEqual(rows.toSorted());
    });

    it("starts from a state in the official plugin's shape, value for value", async () => {
      const { stdout } = await started().pulumi(["stack", "export"]);
      const recorded = move(readFileSync(join(golden, "base-state.json"), "utf8"));
      expect(dockerOutputs(stdout)).toEqual(dockerOutputs(recorded));
    });

    it("is nothing where nobody changed anything", async () => {
      await expectRow("refresh-clean", ["--refresh"]);
      await started().pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
      await expectRow("refresh-clean");
    });

    it("is as recorded for a stopped container", async () => {
      await docker.getContainer(CONTAINER).stop({ t: 0 });
      await expectRow("drift-stopped-norefresh");
      await expectRow("drift-stopped-refresh", ["--refresh"]);
    });

    it("is as recorded for a removed container", async () => {
      await docker.getContainer(CONTAINER).remove({ force: true });
      await expectRow("drift-removed-norefresh");
      await expectRow("drift-removed-refresh", ["--refresh"]);
    });

    it("is as recorded for a removed network", async () => {
      await docker.getNetwork(NETWORK).remove();
      await expectRow("drift-network-removed-refresh", ["--refresh"]);
    });

    it("leaves nothing behind when what is left is destroyed", async () => {
      await started().pulumi(["destroy", "--yes", "--skip-preview"]);
      expect(await labelled(docker, LABEL)).toEqual({ containers: [], networks: [], volumes: [] });
      await expect(docker.getImage(IMAGE).inspect()).rejects.toThrow(/no such image/iu);
    });
  },
);
