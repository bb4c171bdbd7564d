import { execa } from "execa";

/** What has come in at a node's interfaces since it is watched, in packets. */
export interface PacketCount {
  /** From the lab's own nodes, as their mark says. */
  readonly own: number;
  /** With another lab's mark: whatever way it took. */
  readonly foreignMark: number;
  /** Frames of any kind, from a network card that is not the lab's. */
  readonly foreignSource: number;
}

/** A container of a lab whose packets are counted. */
export interface WatchedNode {
  readonly container: string;
  /** Docker's id of the lab's network. */
  readonly networkId: string;
  /** An image of the product: it has nft. */
  readonly image: string;
  /** What this lab's packets are marked with, a DSCP (RFC 2474). */
  readonly mark: number;
  readonly foreignMarks: readonly number[];
  /** Network cards that may be heard here; see {@link networkCards}. */
  readonly cards: readonly string[];
}

const counters = ["own", "foreignMark", "foreignSource"] as const;

/** Runs nft in a container's network, from a container beside it: what is in a lab may not change rules. */
async function nft(
  { container, image }: Pick<WatchedNode, "container" | "image">,
  words: readonly string[],
  input = "",
): Promise<string> {
  const beside = ["run", "--rm", "--interactive", "--network", `container:${container}`];
  const may = ["--cap-add", "NET_ADMIN", "--entrypoint", "nft", image];
  return (await execa("docker", [...beside, ...may, ...words], { input })).stdout;
}

/** Rules that mark every packet that leaves. */
function markingRules(mark: number): string {
  return `table ip watch {
  chain outgoing {
    type filter hook output priority 300; policy accept;
    ip dscp set ${mark}
  }
}`;
}

/**
 * Marks what a node sends from now on, and counts what comes in at its interfaces: before the firewall, the address
 * and the port are looked at, so that also what nobody would answer counts.
 */
export async function watchPackets(node: WatchedNode): Promise<void> {
  const { mark, foreignMarks, cards } = node;
  const devices = await interfaces(node);
  const rules = `table netdev watch {
  ${counters.map((name) => `counter ${name} {}`).join("\n  ")}
  chain arriving {
    ip dscp ${mark} counter name own
    ip dscp { ${foreignMarks.join(", ")} } counter name foreignMark
  }
  ${devices
    .map(
      (device) => `chain ${device} {
    type filter hook ingress device ${device} priority -500; policy accept;
    ${device.startsWith("eth") ? `ether saddr != { ${cards.join(", ")} } counter name foreignSource` : ""}
    jump arriving
  }`,
    )
    .join("\n  ")}
}
${markingRules(mark)}`;
  await nft(node, ["--file", "-"], rules);
}

/** The count so far. */
async function readPackets(node: WatchedNode): Promise<PacketCount> {
  const { nftables } = JSON.parse(await nft(node, ["--json", "list", "counters"])) as {
    nftables: { counter?: { name: string; packets: number } }[];
  };
  const packetsOf = (name: (typeof counters)[number]): number => {
    const found = nftables.find(({ counter }) => counter?.name === name)?.counter;
    if (found === undefined) throw new Error(`nft knows no counter ${name} in ${node.container}`);
    return found.packets;
  };
  return {
    own: packetsOf("own"),
    foreignMark: packetsOf("foreignMark"),
    foreignSource: packetsOf("foreignSource"),
  };
}

/** The node's interfaces but its loopback. */
async function interfaces({ container, image }: WatchedNode): Promise<readonly string[]> {
  const beside = ["run", "--rm", "--network", `container:${container}`, "--entrypoint", "ls", image];
  const { stdout } = await execa("docker", [...beside, "/sys/class/net"]);
  return stdout.split(/\s+/).filter((name) => /^(eth|lab)\d+$/.test(name));
}

/** The hardware addresses on a network: its containers', its bridge's, and those of the cables between them. */
async function networkCards(networkId: string, image: string): Promise<readonly string[]> {
  const { stdout: containers } = await execa("docker", [
    ...["network", "inspect", networkId, "--format"],
    "{{range .Containers}}{{.MacAddress}} {{end}}",
  ]);
  const bridge = `/sys/class/net/br-${networkId.slice(0, 12)}`;
  const { stdout: machine } = await execa("docker", [
    ...["run", "--rm", "--network", "host", "--entrypoint", "sh", image, "-c"],
    `cat ${bridge}/address; for port in ${bridge}/brif/*; do cat /sys/class/net/\${port##*/}/address; done`,
  ]);
  return [...new Set(`${containers} ${machine}`.trim().split(/\s+/))];
}

/** The nodes of a lab, to be watched beside those of other labs; marks are numbers from 1 on, one a lab. */
export async function watchedNodes(
  stack: string,
  nodes: readonly string[],
  mark: number,
  labs: number,
): Promise<readonly WatchedNode[]> {
  const networkId = await docker("network", "inspect", `${stack}-lan`, "--format", "{{.Id}}");
  const image = await docker("inspect", `${stack}-dns`, "--format", "{{.Image}}");
  const cards = await networkCards(networkId, image);
  const marks = Array.from({ length: labs }, (_, index) => index + 1);
  return nodes.map((node) => ({
    container: `${stack}-${node}`,
    networkId,
    image,
    cards,
    mark,
    foreignMarks: marks.filter((other) => other !== mark),
  }));
}

/** What each of the nodes has seen so far. */
export async function countPackets(
  nodes: readonly WatchedNode[],
): Promise<Readonly<Record<string, PacketCount>>> {
  const read = await Promise.all(
    nodes.map(async (node) => [node.container, await readPackets(node)] as const),
  );
  return Object.fromEntries(read);
}

/** Has somebody on a lab's network say something to every node there, with another lab's mark. */
export async function plantForeignPacket(
  name: string,
  watched: readonly WatchedNode[],
  mark: number,
): Promise<void> {
  const [{ networkId, image } = { networkId: "", image: "" }] = watched;
  const addresses = await docker(
    ...["network", "inspect", networkId, "--format", "{{range .Containers}}{{.IPv4Address}} {{end}}"],
  );
  const say = addresses
    .trim()
    .split(" ")
    .map((address) => `echo planted > /dev/udp/${address.replace(/\/.*/, "")}/9`);
  await execa(
    "docker",
    [
      ...["run", "--rm", "--interactive", "--name", name, "--network", networkId],
      ...["--cap-add", "NET_ADMIN", "--entrypoint", "bash", image, "-c"],
      `nft --file - && { ${say.join("; ")}; }`,
    ],
    { input: markingRules(mark) },
  );
}

async function docker(...words: readonly string[]): Promise<string> {
  return (await execa("docker", words)).stdout;
}
