import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { clientConfig } from "../../model/autoconfig.ts";
import { addressAt, parseCidr } from "../../model/ipv4.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { loopbackAddress } from "../../model/listen-rules.ts";
import { gatewayIndex } from "../../model/topology.ts";
import type { LabPaths } from "../lab-paths.ts";
import type { LabHost, LabOutputs } from "../stack/lab-outputs.ts";

/** One account as it is set up in a mail program on the lab's machine: no connection security, a normal password. */
export interface LocalAccount {
  readonly address: string;
  readonly user: string;
  /** The server of both ways. */
  readonly server: string;
  readonly imapPort: number;
  readonly smtpPort: number;
}

/** What a mail server sees of a client that comes by a port on the loopback. */
export interface SeenClient {
  readonly address: string;
  /** Whether it is inside `mynetworks`, and may send to other domains without logging in. */
  readonly mayRelay: boolean;
}

/** The accounts of all hosts by the ports that the lab publishes on the loopback. */
export function localAccounts(
  hosts: readonly Pick<LabHost, "users" | "domain" | "ports">[],
): readonly LocalAccount[] {
  return hosts.flatMap(({ users, domain, ports }) =>
    users.map((user) => ({
      address: `${user}@${domain}`,
      user,
      server: loopbackAddress,
      imapPort: ports.imap,
      smtpPort: ports.smtp,
    })),
  );
}

/** What Postfix takes such a client for: by the network that Docker publishes the ports to (docs/network.md). */
export function seenClient({
  addressing,
  subnet,
  carrierSubnet,
}: Pick<LabConfig, "addressing" | "subnet" | "carrierSubnet">): SeenClient {
  const mayRelay = addressing === "docker";
  const network = parseCidr(mayRelay ? subnet : carrierSubnet);
  if (network === undefined) throw new Error("a built lab's network passed the configuration's check");
  return { address: addressAt(network, gatewayIndex), mayRelay };
}

/** Where the autoconfiguration of a stack is written unless told. */
export function autoconfigFolder({ folder }: Pick<LabPaths, "folder">, stack: string): string {
  return join(folder, "thunderbird", stack);
}

/**
 * Writes a file a mail domain, from which Thunderbird sets an account of that domain up by itself.
 *
 * @returns the files' paths.
 */
export async function writeAutoconfig(
  folder: string,
  { hosts }: Pick<LabOutputs, "hosts">,
): Promise<readonly string[]> {
  await makeFolder(dirname(folder));
  await makeFolder(folder);
  return await Promise.all(
    hosts.map(async ({ domain, ports }) => {
      const file = join(folder, `${domain}.xml`);
      const servers = { domain, host: loopbackAddress, imapPort: ports.imap, smtpPort: ports.smtp };
      await writeFile(file, clientConfig(servers));
      return file;
    }),
  );
}

/** Makes a folder whose parent is there. (Node.js never ends a recursive one where the kernel makes no folders, as in /proc.) */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
}
