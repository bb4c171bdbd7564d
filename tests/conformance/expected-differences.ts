import type { PlanMatrix, PlannedStep } from "./planned-step.ts";

const container = "docker:index/container:Container::host1";
/** The command of the program is triggered by the container's id, so it goes with it. */
const step: PlannedStep = { op: "replace", resource: "command:local:Command::step" };

/**
 * Rows where the offline plugin plans something else than the official one, on purpose, and why. A row that is
 * not here must be planned exactly as recorded.
 */
const expectedDifferences: PlanMatrix = {
  // Docker can't change the health check of a container that exists. The official plugin announces an update and
  // then does nothing, for good: the state says the new check, the container has the old one. What the program
  // asks for is had by a new container alone, so that is what is planned, and a person can say no to it.
  healthcheck: [
    {
      op: "replace",
      resource: container,
      replaceReasons: ["healthcheck"],
      detailedDiff: { "healthcheck.tests[1]": "update-replace" },
    },
    step,
  ],
  // The same with mounts.
  tmpfs: [
    {
      op: "replace",
      resource: container,
      replaceReasons: ["tmpfs"],
      detailedDiff: { 'tmpfs["/run/lock"]': "delete-replace", 'tmpfs["/tmp"]': "update-replace" },
    },
    step,
  ],
  // A look at what did not change changes nothing: Docker's `CAP_SYS_ADMIN` is the program's `SYS_ADMIN`. The
  // official plugin takes them for two and would replace the container, with all that is in it.
  "refresh-clean": [],
  // Here too, without the capabilities. The rest is the official plugin's: a stopped container publishes no port.
  "drift-stopped-refresh": [
    {
      op: "replace",
      resource: container,
      replaceReasons: ["ports"],
      detailedDiff: { mustRun: "update", ports: "add-replace" },
    },
    step,
  ],
};

/** What the offline plugins must plan for a variant: the recorded row, but for the differences above. */
export function expectedPlan(matrix: PlanMatrix, variant: string): readonly PlannedStep[] {
  return expectedDifferences[variant] ?? matrix[variant] ?? [];
}
