import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { LabConfig } from "../../model/lab-config.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { loopbackAddress as loopback, sshAddresses } from "../../model/listen-rules.ts";
import { planTopology } from "../../model/topology.ts";

/** Whether nothing of this machine listens on the loopback's port; a name is looked up over UDP too. */
export async function isPortFree(port: number, isDns = false): Promise<boolean> {
  return (await isTcpFree(port, loopback)) && (!isDns || (await isUdpFree(port)));
}

/** Whether nothing listens on the port wherever ssh is published. */
export async function isSshPortFree(port: number, listen: string): Promise<boolean> {
  const free = await Promise.all(sshAddresses(listen).map((address) => isTcpFree(port, address)));
  return free.every(Boolean);
}

async function isTcpFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once("error", () => {
    resolve(false);
  });
  server.listen({ port, host, exclusive: true }, () => {
    server.close(() => {
      resolve(true);
    });
  });
  return promise;
}

async function isUdpFree(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.once("error", () => {
    socket.close();
    resolve(false);
  });
  socket.bind({ port, address: loopback, exclusive: true }, () => {
    socket.close(() => {
      resolve(true);
    });
  });
  return promise;
}

/**
 * Refuses ports of a lab that is to be built and that something listens on, where the user set them: the engine
 * would say so in the middle of the build.
 *
 * @param reserved - ports that nobody listens on and that are somebody's all the same: a stopped lab's.
 * @throws LabError `LAB_PORT_TAKEN` naming the key and the port.
 */
export async function refuseTakenPorts(config: LabConfig, reserved: ReadonlySet<number>): Promise<void> {
  const { dns, hosts, desk } = planTopology(config);
  const wanted = [
    ["publish.dns", dns.port] as const,
    // Where the user has not set it, one that is free is chosen.
    ...(desk === undefined || config.publish.desk === undefined
      ? []
      : [["publish.desk", desk.port] as const]),
    ...hosts.flatMap(({ name, ports }) =>
      Object.entries(ports).map(([service, port]) => [`publish.hosts.${name}.${service}`, port] as const),
    ),
  ];
  for (const [key, port] of wanted) {
    const isReserved = reserved.has(port);
    const isFree = key.endsWith(".ssh")
      ? isSshPortFree(port, config.listen)
      : isPortFree(port, key === "publish.dns");
    if (!isReserved && (await isFree)) continue;
    const holder = isReserved
      ? { en: "a stopped lab's", ja: "停止中のラボのもの" }
      : { en: "taken by another program", ja: "ほかのプログラムが使用中" };
    const where = key.endsWith(".ssh") ? sshAddresses(config.listen).join(", ") : loopback;
    throw new LabError(
      "LAB_PORT_TAKEN",
      {
        en: `${key}: the port ${port} on ${where} is ${holder.en}; a lab needs ports of its own.`,
        ja: `${key}: ${where}のポート ${port} は${holder.ja}です。ラボには専用のポートが必要です。`,
      },
      {
        hint: {
          en: `pulumi config rm publish lets the lab choose; ss -tulnp | grep :${port} shows who has it`,
          ja: `pulumi config rm publish でラボに選ばせるか、ss -tulnp | grep :${port} で使用者を確認してください`,
        },
        exit: exitCode.usage,
      },
    );
  }
}
