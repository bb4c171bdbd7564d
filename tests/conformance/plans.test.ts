import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineProject } from "./engine-project.ts";
import { expectedPlan } from "./expected-differences.ts";
import { inOrder, plan, type PlanMatrix, type PlannedStep } from "./planned-step.ts";
import { shareOut } from "./project-pool.ts";
import { bringUpRemote } from "./remote-program.ts";

/** Engines at work at a time: one more than the cores, since each waits for its program half of the time. */
const PARALLEL_PREVIEWS = 3;
/** A minute or two where nobody else works; a bound for a machine that is busy. */
const MATRIX_TIMEOUT_MS = 900_000;

const golden = join(import.meta.dirname, "golden");

function readMatrix(...path: string[]): PlanMatrix {
  return JSON.parse(readFileSync(join(golden, ...path), "utf8")) as PlanMatrix;
}

/** The names that a program compares its VARIANT with. */
function variantsOf(program: string): string[] {
  const text = readFileSync(join(golden, program, "infra/index.ts"), "utf8");
  const compared = [...text.matchAll(/\b(?:pick(?:<[^(]*>)?|is)\("([^"]+)"|\bv === "([^"]+)"/gu)];
  return ["base", ...new Set(compared.map(([, picked, named]) => picked ?? named ?? ""))].toSorted();
}

/** Rows that a stopped, removed or refreshed container gave; drift.test.ts has them. */
const isLive = (variant: string): boolean => /^(?:drift-|refresh-)|-refresh$/u.test(variant);

async function withCopies(
  first: EngineProject,
  use: (projects: readonly EngineProject[]) => Promise<void>,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const projects = [first];
  while (projects.length < PARALLEL_PREVIEWS) projects.push(stack.use(await first.copy()));
  await use(projects);
}

describe.each([
  {
    program: "program",
    matrix: readMatrix("plan-matrix.json"),
    prepare: async (project: EngineProject): Promise<AsyncDisposable | undefined> => {
      await project.importState(join(golden, "base-state.json"));
      return undefined;
    },
  },
  { program: "remote", matrix: readMatrix("remote", "plan-matrix.json"), prepare: bringUpRemote },
])("the offline plugins' plans for $program", ({ program, matrix, prepare }) => {
  const recorded = Object.keys(matrix).filter((variant) => !isLive(variant));
  let plans: ReadonlyMap<string, readonly PlannedStep[]> = new Map();
  let project: EngineProject | undefined;
  let counterpart: AsyncDisposable | undefined;

  beforeAll(async () => {
    project = await EngineProject.create(join(golden, program));
    counterpart = await prepare(project);
    await withCopies(project, async (projects) => {
      plans = await shareOut(projects, recorded, (one, variant) => plan(one, variant));
    });
  }, MATRIX_TIMEOUT_MS);

  afterAll(async () => {
    await counterpart?.[Symbol.asyncDispose]();
    await project?.[Symbol.asyncDispose]();
  });

  it("cover every variant of the program, and no other", () => {
    expect(recorded.toSorted()).toEqual(variantsOf(program));
  });

  it.each(recorded)("are the official plugins' for %s", (variant) => {
    expect(inOrder(plans.get(variant) ?? [])).toEqual(inOrder(expectedPlan(matrix, variant)));
  });

  if (!("host-down-refresh" in matrix)) return;

  it("notice nothing while the host is down", async () => {
    await counterpart?.[Symbol.asyncDispose]();
    counterpart = undefined;
    if (project === undefined) throw new Error("the program was not brought up");
    expect(await plan(project, "base", ["--refresh"])).toEqual(matrix["host-down-refresh"]);
  });
});
