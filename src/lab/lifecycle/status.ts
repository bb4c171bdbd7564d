import { listContainers } from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import { LabError } from "../../model/lab-error.ts";
import { administrator } from "../../model/lab-secrets.ts";
import type { DeskPlan } from "../../model/topology.ts";
import { lookUp } from "../../protocols/dns.ts";
import { firstPageStatus } from "../../protocols/http.ts";
import { onHost } from "../access/connect.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import type { LabHost, LabOutputs } from "../stack/lab-outputs.ts";
import { sshLogins } from "../machine/own-addresses.ts";
import { appliedStage } from "./refuse-going-back.ts";
import { readLabState } from "../stack/lab-state.ts";
import { findStack } from "../stack/pulumi-stack.ts";

/** One node as it stands: what the engine says of its container, and what its services say of themselves. */
export interface NodeStatus {
  readonly name: string;
  readonly hostname?: string;
  readonly domain?: string;
  readonly address: string;
  /** Ports on the loopback, by service. */
  readonly ports: Readonly<Record<string, number>>;
  readonly users?: readonly string[];
  /** What is typed on another machine to log in; absent where ssh is published on the loopback alone. */
  readonly logins?: readonly string[];
  /** The engine's word for the container, `missing` where there is none. */
  readonly container: string;
  /** Service to systemd's word, `active`, `inactive`, `failed`; for the DNS server and the desk whether they answer. */
  readonly services: Readonly<Record<string, string>>;
  /** Why the services could not be asked. */
  readonly problem?: string;
}

/** The lab as it stands. */
export interface LabStatus {
  readonly stack: string;
  /** Whether every container runs and, in a finished lab, every service. */
  readonly isUp: boolean;
  readonly stage?: string;
  /** The stage of each host. */
  readonly stages?: Readonly<Record<string, string>>;
  readonly addressing?: string;
  readonly subnet?: string;
  /** Where ssh is published besides the loopback; empty for nowhere. */
  readonly listen?: string;
  readonly nodes: readonly NodeStatus[];
}

const httpOk = 200;
const services = ["ssh", "rsyslog", "postfix", "dovecot"] as const;

/** Looks at the lab: its containers on the engine and the services in them. */
export async function readStatus(context: LabContext): Promise<LabStatus> {
  const stack = await findStack(context);
  const outputs = stack && (await readLabState(stack)).outputs;
  if (outputs === undefined) return { stack: context.stack, isUp: false, nodes: [] };
  await context.reach?.open(outputs);
  const states = new Map(
    (await listContainers(engineOf(context)))
      .filter(({ labels }) => labels[labelNames.owner] === outputs.owner)
      .map(({ labels, state }) => [labels[labelNames.node], state]),
  );
  const stateOf = (node: string): string => states.get(node) ?? "missing";
  const nodes = await Promise.all([
    dnsStatus(outputs, stateOf("dns"), context.signal),
    ...outputs.hosts.map((host) => hostStatus(outputs, host, stateOf(host.name), context.signal)),
    ...(outputs.desk === undefined
      ? []
      : [deskStatus(outputs.desk, stateOf(outputs.desk.name), context.signal)]),
  ]);
  const stages = Object.fromEntries(outputs.hosts.map(({ name }) => [name, appliedStage(outputs, name)]));
  return {
    stack: context.stack,
    isUp: nodes.every((node) => isWhole(node, stages[node.name] ?? outputs.stage)),
    stage: outputs.stage,
    stages,
    addressing: outputs.network.addressing,
    subnet: outputs.network.subnet,
    listen: outputs.network.listen ?? "",
    nodes: nodes.map((node) => withLogins(node, outputs, engineOf(context))),
  };
}

function withLogins(node: NodeStatus, outputs: LabOutputs, engine: string): NodeStatus {
  const host = outputs.hosts.find(({ name }) => name === node.name);
  const logins = host === undefined ? [] : sshLogins(outputs, host, engine);
  return logins.length === 0 ? node : { ...node, logins };
}

/** Whether a node does what it is there for: services that the stage has not come to yet may be missing. */
function isWhole(node: NodeStatus, stage: string): boolean {
  if (node.container !== "running" || node.problem !== undefined) return false;
  return stage !== "finished" || Object.values(node.services).every((state) => state === "active");
}

async function dnsStatus(outputs: LabOutputs, container: string, signal: AbortSignal): Promise<NodeStatus> {
  const { name, address, port } = outputs.dns;
  const node = { name, address, ports: { dns: port }, container };
  const domain = outputs.hosts[0]?.domain ?? ".";
  if (container !== "running") return { ...node, services: { named: "unknown" } };
  return await asked(node, async () => {
    const { code } = await lookUp({ address: "127.0.0.1", port, signal }, domain, "SOA");
    return { named: code === "NOERROR" ? "active" : code };
  });
}

async function deskStatus(desk: DeskPlan, container: string, signal: AbortSignal): Promise<NodeStatus> {
  const { name, address, port } = desk;
  const node = { name, address, ports: { desk: port }, container };
  if (container !== "running") return { ...node, services: { novnc: "unknown" } };
  return await asked(node, async () => {
    const status = await firstPageStatus({ address: "127.0.0.1", port, signal });
    return { novnc: status === httpOk ? "active" : `HTTP ${status}` };
  });
}

async function hostStatus(
  outputs: LabOutputs,
  host: LabHost,
  container: string,
  signal: AbortSignal,
): Promise<NodeStatus> {
  const { name, hostname, domain, address, users, ports } = host;
  const node = { name, hostname, domain, address, users, ports: { ...ports }, container };
  const unknown = Object.fromEntries(services.map((service) => [service, "unknown"]));
  if (container !== "running") return { ...node, services: unknown };
  return await asked(node, async () => {
    const { stdout } = await onHost(outputs, host, { user: administrator, signal }, (connection) =>
      connection.run(`systemctl is-active ${services.join(" ")}`, { signal }),
    );
    const words = stdout.trim().split("\n");
    return Object.fromEntries(services.map((service, index) => [service, words[index] ?? "unknown"]));
  });
}

async function asked(
  node: Omit<NodeStatus, "services">,
  ask: () => Promise<Readonly<Record<string, string>>>,
): Promise<NodeStatus> {
  try {
    return { ...node, services: await ask() };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { ...node, services: {}, problem: error.message };
  }
}
