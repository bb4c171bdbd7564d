import { execa } from "execa";
import { engineRoute } from "../../toolchain/docker/engine-route.ts";
import { sshOptions } from "../../toolchain/docker/ssh-options.ts";
import { askEngine } from "./docker-engine.ts";

/** What is in use on the machine of an engine that is elsewhere. */
export interface EngineMachine {
  /** TCP and UDP ports that something listens on, or that a container publishes. */
  readonly ports: ReadonlySet<number>;
  /** The kernel's route table, as `/proc/net/route` has it; empty where it can't be seen from here. */
  readonly routes: string;
}

const answerDeadlineMs = 30_000;
const parts = ["route", "tcp", "tcp6", "udp", "udp6"] as const;
/** Between the tables; in none of them (proc_net(5)). */
const divider = "----";
/** The state of a TCP socket that listens, and of a UDP socket that is bound (net/tcp_states.h). */
const waitingStates: ReadonlySet<string> = new Set(["0A", "07"]);

/**
 * Looks at the machine of an engine: what its containers publish, and, where there is ssh to it and it is a Linux,
 * what else listens there and which networks it has.
 */
export async function lookAtEngineMachine(engine: string): Promise<EngineMachine> {
  const [published, tables] = await Promise.all([publishedPorts(engine), readTables(engine)]);
  const [routes = "", ...sockets] = tables;
  return { routes, ports: new Set([...published, ...sockets.flatMap(waitingPorts)]) };
}

async function publishedPorts(engine: string): Promise<readonly number[]> {
  const containers = await askEngine(engine, (docker) => docker.listContainers());
  return containers.flatMap(({ Ports }) =>
    Ports.flatMap(({ PublicPort }) => ((PublicPort as number | undefined) === undefined ? [] : [PublicPort])),
  );
}

async function readTables(engine: string): Promise<readonly string[]> {
  const route = engineRoute(engine);
  if (route?.kind !== "ssh") return [];
  const script = parts.map((part) => `cat /proc/net/${part} 2>/dev/null; echo ${divider}`).join("; ");
  const { stdout } = await execa("ssh", [...sshOptions, ...route.target, script], {
    stdin: "ignore",
    timeout: answerDeadlineMs,
    // A machine that shows no tables, and an account that may do nothing but speak to Docker, are no mistake.
    reject: false,
  });
  return stdout.split(`${divider}\n`).slice(0, parts.length);
}

/** The ports of a table of `/proc/net` that something waits on. */
export function waitingPorts(table: string): readonly number[] {
  return table.split("\n").flatMap((line) => {
    const [, , local = "", , state = ""] = ` ${line.trim()}`.split(/\s+/);
    const port = /:([0-9A-F]{4})$/.exec(local)?.[1];
    return port !== undefined && waitingStates.has(state) ? [Number.parseInt(port, 16)] : [];
  });
}
