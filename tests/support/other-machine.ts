import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { NetworkRelay, type EnteringWords } from "./network-relay.ts";

/** Another machine on a cable to this one, as far as one kernel can be two: it has a network of its own. */
export interface OtherMachine extends AsyncDisposable {
  /** The words before a command that is to run there. */
  readonly enter: EnteringWords;
  /** A port of this process's loopback that leads to a host's port as seen from there. */
  readonly reach: (port: number, host: string) => Promise<number>;
}

/** The addresses at both ends of the cable, and the network that they are in. */
export interface Cable {
  readonly here: string;
  readonly there: string;
  readonly prefixLength: number;
}

/** Why there can be no other machine here; `undefined` where there can. */
export async function whyNoOtherMachine(): Promise<string | undefined> {
  if (process.platform !== "linux") return "network namespaces are Linux's";
  if (process.getuid?.() !== 0) return "a network namespace needs root";
  const { exitCode, stderr } = await execa("unshare", ["--net", "ip", "link"], { reject: false });
  return exitCode === 0 ? undefined : `no network namespaces here: ${stderr}`;
}

/** Makes the machine and joins it to this one; who reaches this machine from there by a route has it as router. */
export async function joinOtherMachine({ here, there, prefixLength }: Cable): Promise<OtherMachine> {
  const id = randomBytes(3).toString("hex");
  const namespace = `mail-lab-test-${id}`;
  const [near, far] = [`mltn${id}`, `mltf${id}`];
  const enter: EnteringWords = ["nsenter", `--net=/run/netns/${namespace}`, "--"];
  const ip = async (words: string): Promise<void> => {
    await execa("ip", words.split(" "));
  };
  const relay = new NetworkRelay(() => enter);
  const machine: OtherMachine = {
    enter,
    reach: (port, host) => relay.reach(port, host),
    [Symbol.asyncDispose]: async () => {
      relay[Symbol.dispose]();
      await execa("ip", ["link", "delete", near], { reject: false });
      await ip(`netns delete ${namespace}`);
    },
  };
  await ip(`netns add ${namespace}`);
  try {
    await ip(`link add ${near} type veth peer name ${far} netns ${namespace}`);
    await ip(`address add ${here}/${prefixLength} dev ${near}`);
    await ip(`link set ${near} up`);
    await ip(`-n ${namespace} address add ${there}/${prefixLength} dev ${far}`);
    await ip(`-n ${namespace} link set ${far} up`);
    await ip(`-n ${namespace} link set lo up`);
    await ip(`-n ${namespace} route add default via ${here}`);
    return machine;
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}
