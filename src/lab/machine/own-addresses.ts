import { hostname as machineName, networkInterfaces } from "node:os";
import { isElsewhere } from "../../../toolchain/docker/engine-route.ts";
import type { DockerFacts } from "../../../toolchain/docker/docker-facts.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { administrator } from "../../model/lab-secrets.ts";
import { anyAddress } from "../../model/listen-rules.ts";
import type { LabHost, LabOutputs } from "../stack/lab-outputs.ts";

/** An IPv4 address of this machine, and the interface that has it. */
export interface OwnAddress {
  readonly interface: string;
  readonly address: string;
}

/** Bridges of Docker's networks, and its ends of the cables to containers. */
const networksInterface = /^(br-[0-9a-f]{12}|veth.*)$/;
const defaultBridge = /^docker(\d+|_gwbridge)$/;

/** This machine's addresses but the loopback's. */
function allAddresses(): readonly OwnAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => ({ interface: name, address })),
  );
}

/** This machine's addresses by which others may come. */
export function ownAddresses(): readonly OwnAddress[] {
  return allAddresses().filter(
    ({ interface: name }) => !networksInterface.test(name) && !defaultBridge.test(name),
  );
}

/** What tells whose network an engine's bridges are on. */
type EngineFacts = Pick<DockerFacts, "hostName" | "rootless">;

/** Whether the engine's bridges are this machine's own, not those of a virtual machine or of a user's network on it. */
function hasOwnBridges(engine: string, { hostName, rootless }: EngineFacts): boolean {
  return isLocalEngine(engine) && process.platform === "linux" && hostName === machineName() && !rootless;
}

/** Whether what the engine publishes is published on this machine. */
export function isLocalEngine(engine: string): boolean {
  return !isElsewhere(engine);
}

/**
 * What a lab keeps of its machine's addresses: the lab may not reach them, and they alone may reach more of it than
 * ssh. Nothing where the engine has a network that is not this machine's.
 */
export function machineAddresses(engine: string, facts: EngineFacts): readonly string[] {
  if (!hasOwnBridges(engine, facts)) return [];
  // The default bridge is there on a machine without any network, and the bridges of labs come and go.
  const kept = allAddresses().filter(({ interface: name }) => !networksInterface.test(name));
  return [...new Set(kept.map(({ address }) => address))];
}

/**
 * The addresses that a student may type to come to a lab's ssh: none where it is published on the loopback alone.
 *
 * @param listen - the configuration's `listen`.
 * @param engine - as the configuration has it: the machine whose addresses `0.0.0.0` stands for.
 */
export function addressesToType(listen: string, engine: string): readonly string[] {
  if (listen === "") return [];
  if (listen !== anyAddress) return [listen];
  if (!isLocalEngine(engine)) return hostOf(engine);
  return ownAddresses().map(({ address }) => address);
}

/** The name of an engine's machine in its address; a context's is known to Docker alone. */
function hostOf(engine: string): readonly string[] {
  const hostname = URL.parse(engine)?.hostname ?? "";
  return hostname === "" ? [] : [hostname];
}

/** What a student types to log in as the administrator from another machine; one line for each address. */
export function sshLogins(
  { network }: Pick<LabOutputs, "network">,
  host: LabHost,
  engine: string,
): readonly string[] {
  return addressesToType(network.listen ?? "", engine).map(
    (address) => `ssh -p ${host.ports.ssh} ${administrator}@${address}`,
  );
}

/**
 * Refuses an address to listen on that this machine hasn't: the engine would say so in the middle of the build.
 *
 * @throws LabError `LAB_LISTEN_ADDRESS` naming those that it has.
 */
export function requireOwnAddress(listen: string, engine: string): void {
  if (listen === "" || listen === anyAddress || !isLocalEngine(engine)) return;
  const own = ownAddresses();
  if (own.some(({ address }) => address === listen)) return;
  const named = own.map(({ address, interface: name }) => `${address} (${name})`);
  throw new LabError(
    "LAB_LISTEN_ADDRESS",
    {
      en: `listen: this machine hasn't the address ${listen}; it has ${named.join(", ") || "none that others reach"}.`,
      ja: `listen: このマシンにアドレス ${listen} はありません。あるのは ${named.join("、") || "ループバックだけ"} です。`,
    },
    {
      hint: {
        en: `./lab up --listen ${own[0]?.address ?? anyAddress}, or --listen ${anyAddress} for every address of the machine`,
        ja: `./lab up --listen ${own[0]?.address ?? anyAddress}。マシンのすべてのアドレスなら --listen ${anyAddress}`,
      },
      exit: exitCode.usage,
    },
  );
}
