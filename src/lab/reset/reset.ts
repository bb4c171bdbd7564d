import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { scriptOfStep } from "../../course/script.ts";
import { raisedStages, renewedStarts, startOfStage, stageOfHost, stepsOfStage } from "../../course/stage.ts";
import { killContainer, listContainers, listNetworks, startContainer } from "../../engine/lab-objects.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { labelNames } from "../../model/labels.ts";
import { LabError } from "../../model/lab-error.ts";
import { deskName, planTopology } from "../../model/topology.ts";
import { ensureImages } from "../lifecycle/ensure-images.ts";
import { engineOf, type BuildContext, type LabContext } from "../lab-context.ts";
import { builtStateOf, hostNamed, type ShownOutputs } from "../stack/lab-outputs.ts";
import { dropPendingOperations, type LabState } from "../stack/lab-state.ts";
import { exportStateWithoutSecrets, findStack } from "../stack/pulumi-stack.ts";
import { refuseForeignNames } from "../lifecycle/refuse-foreign.ts";
import { appliedStage } from "../lifecycle/refuse-going-back.ts";
import { removeUnfinished } from "../lifecycle/remove-orphans.ts";
import { requireSameEngine } from "../reach/require-same-engine.ts";
import { imagesOfReset } from "./reset-images.ts";
import { meantNodes, type MeantNodes, type ResetOptions } from "./reset-nodes.ts";
import { resetTargets, resourcesOf } from "./reset-targets.ts";
import { refreshState, runUpdate } from "../stack/run-update.ts";
import { readLabConfig } from "../stack/stack-config.ts";
import { clearDeadLocks } from "../stack/stack-lock.ts";
import { waitForBoot } from "../lifecycle/start-stopped.ts";
import { requireStage, stageKeys } from "../lifecycle/up-to-stage.ts";
import { refuseCommitted, withOwnValues } from "../stack/with-own-values.ts";

/** A lab's state without its secrets. */
type OpenedState = LabState & { readonly outputs: ShownOutputs };

/** A node that is as new. */
export interface ResetNode {
  readonly name: string;
  /** The stage that it stands at; the DNS server and the desk have none. */
  readonly stage?: string;
}

/** What a reset came to. */
export interface ResetResult {
  readonly nodes: readonly ResetNode[];
  readonly outputs: ShownOutputs;
}

/**
 * Replaces hosts by new ones from the same images, and brings them to their stage: whatever was done in them is gone.
 * Ports, addresses, host keys and passwords stay theirs, and all other hosts are left as they are.
 *
 * Nothing is asked here. A host that is stopped, broken or gone is replaced as well, and what an interrupted reset or
 * `up` has left half done does not stand in the way.
 *
 * @throws LabError `LAB_NOT_UP`, `LAB_NO_HOST`, `LAB_STAGE`, `LAB_STAGE_COMMITTED`, `LAB_NOT_WHOLE`; then nothing was
 *   changed.
 */
export async function resetHosts(context: BuildContext, options: ResetOptions): Promise<ResetResult> {
  if (options.stage !== undefined) {
    requireStage(options.stage);
    await refuseCommitted(context, stageKeys, "LAB_STAGE_COMMITTED");
  }
  await clearDeadLocks(context);
  const { stack, state, resources } = await openLab(context);
  const before = await readLabConfig(context.paths);
  requireSameEngine(context, before.engine);
  const meant = meantNodes(context.stack, before, state, options);
  await refuseForeignNames(context, before, state.owner);
  await requireNetwork(context, state);

  const values = valuesOfReset(before, meant, options.stage);
  const config = { ...before, ...values };
  const images = await imagesOfReset(context, resources, config, meant);
  if (images.areMissing) await ensureImages(context, config);
  const targets = resetTargets(resources, {
    hosts: Object.fromEntries(meant.hosts.map((host) => [host, stepIdsOf(config, host)])),
    isDnsRenewed: meant.isDnsMeant,
    isDeskRenewed: meant.isDeskMeant,
    imagesInUse: images.inUse,
    imagesLost: images.lost,
  });
  const names = [
    ...meant.hosts,
    ...(meant.isDnsMeant ? ["dns"] : []),
    ...(meant.isDeskMeant ? [deskName] : []),
  ];
  const ended = endAtOnce(context, state, names);
  let isBegun = false;
  const { outputs, withSecrets } = await withOwnValues(
    context,
    keysOf(values),
    () =>
      runUpdate(context, stack, {
        id: "lab-reset",
        title: { en: `Reset ${names.join(", ")}`, ja: `${names.join("、")}のリセット` },
        failed: {
          en: `${names.join(", ")} of the lab ${context.stack} could not be reset.`,
          ja: `ラボ${context.stack}の${names.join("、")}をリセットできませんでした。`,
        },
        targets,
        watch: (event) => {
          isBegun ||= changesSomething(event);
        },
      }),
    () => !isBegun,
  ).catch(async (error: unknown) => {
    // Nothing was replaced, so nothing is to be lost: what was ended goes on.
    if (!isBegun) await Promise.all((await ended).map((id) => startContainer(engineOf(context), id)));
    throw error;
  });
  const isToBoot = (node: string): boolean =>
    meant.hosts.includes(node)
      ? appliedStage(outputs, node) === "exercise"
      : (node === "dns" && meant.isDnsMeant) || (node === deskName && meant.isDeskMeant);
  // A step that was applied has logged in; where none was, a host may still be on its way to listen.
  if (names.some(isToBoot)) await waitForBoot(context, withSecrets, isToBoot);
  const stageOf = (name: string) =>
    meant.hosts.includes(name) ? { stage: appliedStage(outputs, name) } : {};
  return { nodes: names.map((name) => ({ name, ...stageOf(name) })), outputs };
}

/** A node that a reset would replace, and the mail addresses that are in it. */
export interface LostNode {
  readonly name: string;
  readonly holds: readonly string[];
}

/**
 * What a reset would lose, for the question that comes before it.
 *
 * @throws LabError `LAB_NOT_UP`, `LAB_NO_HOST`.
 */
export async function whatIsLost(context: LabContext, options: ResetOptions): Promise<readonly LostNode[]> {
  const { state } = await open(context);
  const { hosts, isDnsMeant, isDeskMeant } = meantNodes(
    context.stack,
    await readLabConfig(context.paths),
    state,
    options,
  );
  return [
    ...hosts.map((name) => {
      const { users, domain } = hostNamed(state.outputs, name);
      return { name, holds: users.map((user) => `${user}@${domain}`) };
    }),
    ...(isDnsMeant ? [{ name: state.outputs.dns.name, holds: [] }] : []),
    ...(isDeskMeant ? [{ name: deskName, holds: ["Thunderbird", "/home/student"] }] : []),
  ];
}

/** The lab's stack and state, with nothing in it that a killed command has left open. */
async function openLab(context: LabContext) {
  const opened = await open(context);
  const { stack, state } = opened;
  if (state.isInterrupted) await dropPendingOperations(stack);
  if (state.unfinished.size > 0) await removeUnfinished(context, state);
  if (!state.isInterrupted) return opened;
  // The killed command may have been at another host.
  await refreshState(context, stack);
  return await open(context);
}

async function open(context: LabContext) {
  const exported = await exportStateWithoutSecrets(context);
  const state: OpenedState = await builtStateOf(context, exported);
  const stack = await findStack(context);
  if (exported === undefined || stack === undefined) throw new Error("the stack has gone meanwhile");
  return { stack, state, resources: resourcesOf(exported) };
}

/**
 * Makes sure that the lab's own network is there: without it the new host could not be made, and the old one would be
 * gone.
 *
 * @throws LabError `LAB_NOT_WHOLE`.
 */
async function requireNetwork(context: LabContext, state: OpenedState): Promise<void> {
  const networks = await listNetworks(engineOf(context));
  if (networks.some(({ id }) => state.dockerIds.has(id))) return;
  throw new LabError(
    "LAB_NOT_WHOLE",
    {
      en: `The network of the lab ${context.stack} is gone from the engine; nothing was reset.`,
      ja: `ラボ${context.stack}のネットワークがエンジンから消えています。リセットは行っていません。`,
    },
    { hint: { en: `./lab up --stack ${context.stack}`, ja: `./lab up --stack ${context.stack}` } },
  );
}

/** What the configuration says once these nodes are new: their stage, what they are created as, no saved image. */
function valuesOfReset(
  config: LabConfig,
  { hosts, isDeskMeant }: MeantNodes,
  stage: string | undefined,
): Pick<LabConfig, "starts" | "stage" | "stages" | "restored"> {
  const all = config.hosts.map(({ name }) => name);
  const restored = Object.fromEntries(
    Object.entries(config.restored).filter(([name]) => !hosts.includes(name)),
  );
  if (stage === undefined) {
    const { starts, stage: standing, stages } = config;
    return { starts, stage: standing, stages, restored };
  }
  const created = isDeskMeant ? [...hosts, deskName] : hosts;
  const starts = renewedStarts(config, created, startOfStage(stage));
  const { stage: standing, stages } = raisedStages(config, all, hosts, stage);
  return { starts, stage: standing, stages: { ...stages }, restored };
}

/** The same as it is kept: what is said of no host is not kept at all. */
function keysOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "object" && value !== null && Object.keys(value).length === 0 ? undefined : value,
    ]),
  );
}

/** The steps that the program will apply to a host that is new. */
function stepIdsOf(config: LabConfig, name: string): readonly string[] {
  const topology = planTopology(config);
  const host = topology.hosts.find((plan) => plan.name === name);
  if (host === undefined) throw new Error(`${name} has passed its check and is no host`);
  return stepsOfStage(stageOfHost(config, name))
    .filter((step) => scriptOfStep(step, { host, topology }) !== undefined)
    .map(({ id }) => id);
}

/**
 * Ends the processes of nodes that are about to be replaced, while the engine is still on its way: nothing of them is
 * kept, so that nobody waits for services to end in order.
 *
 * @returns the ids of the containers that ran.
 */
async function endAtOnce(
  context: LabContext,
  { dockerIds }: OpenedState,
  nodes: readonly string[],
): Promise<readonly string[]> {
  const engine = engineOf(context);
  try {
    const running = (await listContainers(engine)).filter(
      ({ id, state, labels }) =>
        dockerIds.has(id) && state === "running" && nodes.includes(labels[labelNames.node] ?? ""),
    );
    await Promise.all(running.map(({ id }) => killContainer(engine, id)));
    return running.map(({ id }) => id);
  } catch (error) {
    // They are removed all the same, only later.
    if (error instanceof LabError) return [];
    throw error;
  }
}

/** Whether the engine has begun to change something, so that there is no way back. */
function changesSomething({ resourcePreEvent }: EngineEvent): boolean {
  const operation = resourcePreEvent?.metadata.op;
  return operation !== undefined && operation !== "same" && operation !== "read";
}
