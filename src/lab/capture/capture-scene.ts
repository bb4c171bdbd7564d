import { listNodes, type EngineNode } from "../../engine/lab-nodes.ts";
import { listNetworks } from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { captureExpression } from "../../model/capture/packet-order.ts";
import { quoteWord } from "../../model/quote-word.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import type { LabOutputs } from "../stack/lab-outputs.ts";

/** What is to be captured. */
export interface CaptureRequest {
  /** One node alone; all unless given. */
  readonly host: string | undefined;
  /** A pcap filter. */
  readonly filter: string;
  /** Ends after so many packets. */
  readonly count: number | undefined;
  /** Ends after so many seconds. */
  readonly seconds: number | undefined;
  /** Somebody looks on: packets come at once, at the price that some of a burst of megabytes may be missing. */
  readonly isLive: boolean;
}

/** What is being captured. */
export interface CapturePlan {
  /** The nodes at which packets are taken, by name. */
  readonly nodes: readonly string[];
  /** Those that do not run; they are joined when they do. */
  readonly stopped: readonly string[];
  /** Which node has an address, also that under which the engine knows it. */
  readonly nodeOf: (address: string) => string | undefined;
  /** What is run at each of them. */
  readonly commandLine: string;
}

/** tcpdump's options: `isLive` has each packet at once, else the kernel gathers them, which loses none of a burst. */
function tcpdumpOptions(isLive: boolean): readonly string[] {
  return [
    ...[
      "-i",
      "any",
      "-y",
      "LINUX_SLL",
      "-p",
      "-s",
      "65600",
      "-B",
      "32768",
      ...(isLive ? ["--immediate-mode"] : []),
    ],
    ...["--time-stamp-precision=nano", "-U", "-w", "-"],
  ];
}
/** What there is to capture at. */
export interface CaptureScene {
  readonly owner: string;
  readonly wanted: readonly EngineNode[];
  readonly image: string;
  readonly tcpdump: readonly string[];
  readonly plan: CapturePlan;
}

/**
 * Looks at which nodes there are, and works out what is run at them.
 *
 * @throws LabError `LAB_NO_HOST`, `LAB_CAPTURE_STOPPED`
 */
export async function lookAtNodes(
  context: LabContext,
  { owner, network, dns }: LabOutputs,
  { host, filter, isLive }: CaptureRequest,
): Promise<CaptureScene> {
  const engine = engineOf(context);
  const [nodes, networks] = await Promise.all([listNodes(engine, owner), listNetworks(engine)]);
  const wanted = host === undefined ? nodes : nodes.filter(({ name }) => name === host);
  if (wanted.length === 0) throw noNode(context, host, nodes);
  if (!wanted.some(({ isRunning }) => isRunning)) throw notRunning(context, wanted);
  // Of the nodes the DNS server alone is nobody's to change.
  const image = nodes.find(({ name }) => name === dns.name)?.image;
  if (image === undefined) throw noNode(context, dns.name, nodes);
  const carriers = networks
    .filter(({ labels }) => network.addressing === "inside" && labels[labelNames.owner] === owner)
    .flatMap(({ subnets }) => subnets);
  const expression = captureExpression({
    nodes: wanted.map(({ address }) => address),
    carriers,
    wanted: filter,
  });
  const tcpdump = [...tcpdumpOptions(isLive), expression];
  const names = new Map(
    nodes.flatMap(({ name, address, engineAddresses }) =>
      [address, ...engineAddresses].map((known) => [known, name] as const),
    ),
  );
  return {
    owner,
    wanted,
    image,
    tcpdump,
    plan: {
      nodes: wanted.filter(({ isRunning }) => isRunning).map(({ name }) => name),
      stopped: wanted.filter(({ isRunning }) => !isRunning).map(({ name }) => name),
      nodeOf: (address) => names.get(address),
      commandLine: ["tcpdump", ...tcpdump].map(quoteWord).join(" "),
    },
  };
}

function noNode(context: LabContext, host: string | undefined, nodes: readonly EngineNode[]): LabError {
  const names = nodes.map(({ name }) => name).join(", ");
  return new LabError(
    "LAB_NO_HOST",
    {
      en: `There is no node “${host ?? ""}” on the engine; of the lab there are ${names || "none"}.`,
      ja: `ノード「${host ?? ""}」がエンジンにありません。ラボにあるのは ${names || "なし"} です。`,
    },
    {
      hint: {
        en: `./lab status --stack ${context.stack} lists the nodes`,
        ja: `./lab status --stack ${context.stack} でノードの一覧が見られます`,
      },
      exit: exitCode.usage,
    },
  );
}

function notRunning(context: LabContext, nodes: readonly EngineNode[]): LabError {
  const names = nodes.map(({ name }) => name).join(", ");
  return new LabError(
    "LAB_CAPTURE_STOPPED",
    {
      en: `There is nothing to capture at: not running: ${names}.`,
      ja: `動いていないので、パケットを記録できません: ${names}`,
    },
    {
      hint: { en: `./lab start --stack ${context.stack}`, ja: `./lab start --stack ${context.stack}` },
      exit: exitCode.unreachable,
    },
  );
}
