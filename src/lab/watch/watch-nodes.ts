import { listContainers } from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import { LabError } from "../../model/lab-error.ts";
import { administrator } from "../../model/lab-secrets.ts";
import { quoteWord } from "../../model/quote-word.ts";
import { lookUp } from "../../protocols/dns.ts";
import type { LabHost, LabOutputs } from "../stack/lab-outputs.ts";
import type { HostWatch } from "./watch-host.ts";
import type { LabNode, LabPicture } from "./watched-lab.ts";

const services = ["ssh", "rsyslog", "postfix", "dovecot"] as const;

/** What a host says of itself. */
export interface HostFacts {
  readonly services: Readonly<Record<string, string>>;
  /** Accounts that are there. */
  readonly accounts: readonly string[];
}

/** Asks a host for its services and which of its users are there; `undefined` where nobody is logged in there. */
export async function readHostFacts(host: LabHost, watch: HostWatch): Promise<HostFacts | undefined> {
  const users = host.users.map(quoteWord).join(" ");
  const answer = await watch.ask(
    `systemctl is-active ${services.join(" ")}; echo --; getent passwd ${users} | cut -d: -f1`,
  );
  if (answer === undefined) return undefined;
  const [states = "", accounts = ""] = answer.split("--\n");
  const words = states.trim().split("\n");
  return {
    services: Object.fromEntries(services.map((name, index) => [name, words[index] ?? "unknown"])),
    accounts: accounts.trim().split("\n"),
  };
}

/** Whether the DNS server answers, in systemd's words. */
export async function readNameServer(outputs: LabOutputs, signal: AbortSignal): Promise<string> {
  const target = { address: "127.0.0.1", port: outputs.dns.port, signal };
  try {
    const { code } = await lookUp(target, outputs.hosts[0]?.domain ?? ".", "SOA");
    return code === "NOERROR" ? "active" : "failed";
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return "inactive";
  }
}

/** Node to the engine's word for its container. */
export async function readContainers(engine: string, owner: string): Promise<ReadonlyMap<string, string>> {
  const containers = await listContainers(engine);
  return new Map(
    containers
      .filter(({ labels }) => labels[labelNames.owner] === owner)
      .map(({ labels, state }) => [labels[labelNames.node] ?? "", state]),
  );
}

/** All that is known of a lab's nodes. */
export interface KnownNodes {
  readonly containers: ReadonlyMap<string, string>;
  readonly hosts: ReadonlyMap<string, HostFacts>;
  readonly followed: ReadonlySet<string>;
  readonly nameServer: string;
}

/** The picture of a lab that was built. */
export function pictureOf(stack: string, outputs: LabOutputs, known: KnownNodes): LabPicture {
  const nodes = nodesOf(outputs, known);
  const running = nodes.filter(({ container }) => container === "running").length;
  const state = running === nodes.length ? "up" : running === 0 ? "stopped" : "partly";
  return {
    stack,
    state,
    stage: outputs.stage,
    addressing: outputs.network.addressing,
    subnet: outputs.network.subnet,
    nodes,
  };
}

function nodesOf(outputs: LabOutputs, { containers, hosts, followed, nameServer }: KnownNodes) {
  const containerOf = (name: string): string => containers.get(name) ?? "missing";
  const isRunning = (name: string): boolean => containerOf(name) === "running";
  const none = { services: [], users: [], terminals: [], isFollowed: true };
  const dns: LabNode = {
    ...none,
    name: "dns",
    kind: "dns",
    address: outputs.dns.address,
    container: containerOf("dns"),
    services: [{ name: "named", state: isRunning("dns") ? nameServer : "unknown" }],
  };
  const mailHosts = outputs.hosts.map((host): LabNode => {
    const facts = isRunning(host.name) ? hosts.get(host.name) : undefined;
    const accounts = facts?.accounts ?? [];
    return {
      name: host.name,
      kind: "host",
      hostname: host.hostname,
      domain: host.domain,
      address: host.address,
      container: containerOf(host.name),
      services: services.map((name) => ({ name, state: facts?.services[name] ?? "unknown" })),
      users: host.users,
      terminals: [...host.users.filter((user) => accounts.includes(user)), administrator],
      isFollowed: followed.has(host.name),
    };
  });
  const { desk } = outputs;
  if (desk === undefined) return [dns, ...mailHosts];
  const deskNode: LabNode = {
    ...none,
    name: "desk",
    kind: "desk",
    address: desk.address,
    container: containerOf("desk"),
  };
  return [dns, ...mailHosts, deskNode];
}
