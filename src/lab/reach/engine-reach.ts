import { answerDatagramsByStream } from "../../engine/datagrams-by-stream.ts";
import { lookAtEngineMachine, type EngineMachine } from "../../engine/engine-machine.ts";
import { openEngineTunnel, type EngineTunnel } from "../../engine/engine-tunnel.ts";
import type { EngineReach, LabPorts } from "../lab-context.ts";

/** The way to the ports that labs publish on the machine of an engine elsewhere. */
export function engineReach(engine: string, signal: AbortSignal): EngineReach {
  const tunnels = new Map<string, EngineTunnel>();
  const nameServers = new Set<number>();
  let last: Promise<void> = Promise.resolve();

  async function open(lab: LabPorts): Promise<void> {
    const ports = portsOf(lab);
    const key = ports.join(" ");
    if (tunnels.get(key)?.isOpen() !== true) {
      tunnels.set(key, await openEngineTunnel(engine, ports, signal));
    }
    if (nameServers.has(lab.dns.port)) return;
    nameServers.add(lab.dns.port);
    await answerDatagramsByStream(lab.dns.port);
  }

  let machine: Promise<EngineMachine> | undefined;
  return {
    look: () => (machine ??= lookAtEngineMachine(engine)),
    // One after the other: the first login is the one that the others share.
    open: (lab) => {
      const opened = last.then(() => open(lab));
      last = opened.catch(() => undefined);
      return opened;
    },
  };
}

function portsOf({ dns, hosts, desk }: LabPorts): readonly number[] {
  const ofHosts = hosts.flatMap(({ ports }) => Object.values(ports));
  return [dns.port, ...ofHosts, ...(desk === undefined ? [] : [desk.port])];
}
