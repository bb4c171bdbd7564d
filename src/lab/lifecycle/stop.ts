import { inStep } from "../../../toolchain/progress.ts";
import {
  listContainers,
  resumeContainer,
  stopContainer,
  type EngineContainer,
} from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { requireBuilt } from "../stack/lab-outputs.ts";
import { requireSameEngine } from "../reach/require-same-engine.ts";
import { clearDeadLocks } from "../stack/stack-lock.ts";
import { readLabConfig } from "../stack/stack-config.ts";

/** How long a node's services have to end by themselves: Postfix finishes the mail that it is at. */
const graceSeconds = 60;

/** The engine's words for a container that holds processes, or is about to again. */
const aliveStates: ReadonlySet<string> = new Set(["running", "paused", "restarting"]);

/** What `stop` came to: containers by name. */
export interface StopResult {
  readonly stopped: readonly string[];
  /** Those that did not end within the grace and were killed. */
  readonly killed: readonly string[];
}

/**
 * Stops a lab in order: the mail hosts first, whose services may ask the DNS server to their end, then that one.
 * Nothing is removed.
 */
export async function stop(context: LabContext): Promise<StopResult> {
  await clearDeadLocks(context);
  const { outputs, dockerIds } = await requireBuilt(context);
  requireSameEngine(context, (await readLabConfig(context.paths)).engine);
  const engine = engineOf(context);
  const running = (await listContainers(engine)).filter(
    ({ id, state }) => dockerIds.has(id) && aliveStates.has(state),
  );
  const isDns = ({ labels }: EngineContainer): boolean => labels[labelNames.node] === outputs.dns.name;
  const killed: string[] = [];
  const stopAll = async (containers: readonly EngineContainer[]): Promise<void> => {
    await Promise.all(
      containers.map(async ({ id, name, state }) => {
        // What is frozen can't end its services.
        if (state === "paused") await resumeContainer(engine, id);
        if (!(await stopContainer(engine, id, graceSeconds))) killed.push(name);
      }),
    );
  };
  if (running.length > 0) {
    await inStep(
      context.report,
      { id: "lab-stop", title: { en: `Stop ${context.stack}`, ja: `${context.stack}の停止` } },
      async (voice) => {
        voice.line(running.map(({ name }) => name).join(" "));
        await stopAll(running.filter((container) => !isDns(container)));
        await stopAll(running.filter(isDns));
      },
    );
  }
  return { stopped: running.map(({ name }) => name), killed };
}
