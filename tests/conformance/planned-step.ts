import type { EngineProject } from "./engine-project.ts";

/** One step of a plan other than `same`, as the recording has it. */
export interface PlannedStep {
  readonly op: string;
  /** Type and name, `docker:index/container:Container::host1`. */
  readonly resource: string;
  readonly replaceReasons?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, string>>;
}

/** A recording: variant to steps. */
export type PlanMatrix = Readonly<Record<string, readonly PlannedStep[]>>;

interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly replaceReasons?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, { readonly kind: string }>> | null;
}

/** Operations that are only the two halves of a `replace`, or no change. */
const uncounted: ReadonlySet<string> = new Set([
  "same",
  "read",
  "refresh",
  "create-replacement",
  "delete-replaced",
]);

/** Previews a variant of the project's program and returns the plan in the recording's words. */
export async function plan(
  project: EngineProject,
  variant: string,
  args: readonly string[] = [],
): Promise<PlannedStep[]> {
  const { stdout } = await project.pulumi(["preview", "--json", ...args], { VARIANT: variant });
  const { steps } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { steps: readonly PreviewStep[] };
  return steps
    .filter((step) => !uncounted.has(step.op) && !step.urn.includes("pulumi:pulumi:Stack::"))
    .map((step) => {
      const reasons = step.replaceReasons ?? [];
      const detailed = Object.entries(step.detailedDiff ?? {}).map(
        ([path, { kind }]) => [path, kind] as const,
      );
      return {
        op: step.op,
        resource: step.urn.split("::").slice(2).join("::"),
        ...(reasons.length === 0 ? {} : { replaceReasons: reasons }),
        ...(detailed.length === 0 ? {} : { detailedDiff: Object.fromEntries(detailed) }),
      };
    });
}

/** Brings steps into one order: the order of independent steps and of reasons is not the plan's. */
export function inOrder(steps: readonly PlannedStep[]): PlannedStep[] {
  return steps
    .map((step) => (step.replaceReasons ? { ...step, replaceReasons: step.replaceReasons.toSorted() } : step))
    .toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
}
