import { inStep } from "../../../toolchain/progress.ts";
import { listContainers, listNetworks, resumeContainer, startContainer } from "../../engine/lab-objects.ts";
import { LabError } from "../../model/lab-error.ts";
import { administrator } from "../../model/lab-secrets.ts";
import type { DeskPlan } from "../../model/topology.ts";
import { lookUp } from "../../protocols/dns.ts";
import { firstPageStatus } from "../../protocols/http.ts";
import { waitUntil } from "../../protocols/wait-until.ts";
import { onHost } from "../access/connect.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import type { LabHost, LabOutputs } from "../stack/lab-outputs.ts";
import type { LabState } from "../stack/lab-state.ts";

/** What was found of a lab's containers. */
export interface StartedContainers {
  /** Names of those that were stopped and run now. */
  readonly started: readonly string[];
  /** Whether the engine has everything that the state knows. */
  readonly isWhole: boolean;
}

/** How long a host's boot may take on a busy machine. */
const bootDeadlineMs = 90_000;
const lookIntervalMs = 250;

/** Starts the lab's stopped containers, all at once: none needs another one to boot. */
export async function startStopped(context: LabContext, state: LabState): Promise<StartedContainers> {
  if (state.dockerIds.size === 0) return { started: [], isWhole: true };
  const engine = engineOf(context);
  const [containers, networks] = await Promise.all([listContainers(engine), listNetworks(engine)]);
  const known = new Set([...containers, ...networks].map(({ id }) => id));
  const isWhole = [...state.dockerIds].every((id) => known.has(id));
  const stopped = containers.filter(
    (container) => state.dockerIds.has(container.id) && container.state !== "running",
  );
  if (stopped.length > 0) {
    await inStep(
      context.report,
      { id: "lab-start", title: { en: "Start what was stopped", ja: "止まっていたコンテナの起動" } },
      async (voice) => {
        voice.line(stopped.map(({ name }) => name).join(" "));
        await Promise.all(
          stopped.map(({ id, state: word }) =>
            word === "paused" ? resumeContainer(engine, id) : startContainer(engine, id),
          ),
        );
        if (state.outputs !== undefined && isWhole) await waitForBoot(context, state.outputs);
      },
    );
  }
  return { started: stopped.map(({ name }) => name), isWhole };
}

/**
 * Waits until nodes have booted: the DNS server answers, and systemd on each host has come to an end with its
 * start, whatever the chapter or a student has left of services there.
 *
 * @param isMeant - which nodes are waited for, by their names; all of them unless told.
 * @throws LabError `LAB_WAIT_OVER`.
 */
export async function waitForBoot(
  context: LabContext,
  outputs: LabOutputs,
  isMeant: (node: string) => boolean = () => true,
): Promise<void> {
  const { signal } = context;
  const wait = { deadlineMs: bootDeadlineMs, intervalMs: lookIntervalMs, signal };
  const domain = outputs.hosts[0]?.domain ?? ".";
  const dnsAnswers = (): Promise<unknown> =>
    waitUntil({ ...wait, awaited: `the DNS server on 127.0.0.1:${outputs.dns.port}` }, () =>
      unlessNotYet(async () => {
        const { code } = await lookUp(
          { address: "127.0.0.1", port: outputs.dns.port, signal },
          domain,
          "SOA",
        );
        return code === "NOERROR" ? true : undefined;
      }),
    );
  await Promise.all([
    ...(isMeant(outputs.dns.name) ? [dnsAnswers()] : []),
    ...(outputs.desk !== undefined && isMeant(outputs.desk.name) ? [waitForDesk(context, outputs.desk)] : []),
    ...outputs.hosts
      .filter(({ name }) => isMeant(name))
      .map((host) =>
        waitUntil({ ...wait, awaited: `${host.name} to boot` }, () =>
          unlessNotYet(() => bootedState(outputs, host, signal)),
        ),
      ),
  ]);
}

/**
 * Waits until the desk's page can be opened; Thunderbird's window comes some seconds later.
 *
 * @throws LabError `LAB_WAIT_OVER`.
 */
export async function waitForDesk({ signal }: LabContext, { port }: DeskPlan): Promise<void> {
  const page = { address: "127.0.0.1", port, signal };
  await waitUntil(
    {
      awaited: `the desk on 127.0.0.1:${port}`,
      deadlineMs: bootDeadlineMs,
      intervalMs: lookIntervalMs,
      signal,
    },
    () => unlessNotYet(() => firstPageStatus(page)),
  );
}

/** systemd's word for the whole host once its boot is over: `running`, or `degraded` where a service failed. */
async function bootedState(
  outputs: LabOutputs,
  host: LabHost,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { stdout } = await onHost(outputs, host, { user: administrator, signal }, (connection) =>
    connection.run("systemctl is-system-running", { signal }),
  );
  const word = stdout.trim();
  return word === "running" || word === "degraded" ? word : undefined;
}

/** A node that boots refuses, resets and keeps silent; that it does so for too long is the wait's to say. */
async function unlessNotYet<Found>(look: () => Promise<Found | undefined>): Promise<Found | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof LabError) return undefined;
    throw error;
  }
}
