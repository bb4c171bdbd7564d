import { setTimeout as wait } from "node:timers/promises";
import { followContainers } from "../../engine/container-events.ts";
import { listNodes, type EngineNode } from "../../engine/lab-nodes.ts";
import { startNodeCapture, type NodeCapture } from "../../engine/node-capture.ts";
import { labelsOf } from "../../model/labels.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { isKept, PacketOrder, type NodePacket } from "../../model/capture/packet-order.ts";
import { PcapReader } from "../../model/capture/pcap.ts";
import { lookAtNodes, type CapturePlan, type CaptureRequest, type CaptureScene } from "./capture-scene.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { requireOutputs } from "../stack/lab-outputs.ts";

/** What a capture came to. */
export interface CaptureResult {
  readonly packets: number;
  /** Packets that the kernel could not hand over in time, as tcpdump counts them. */
  readonly dropped: number;
}

/** Who is told of a capture. */
export interface CaptureListener {
  /** Every node is being listened to. */
  readonly onListening: (plan: CapturePlan) => void | Promise<void>;
  /** The next packet, in order of time. */
  readonly onPacket: (packet: NodePacket) => void | Promise<void>;
}

/** How long the kernel gathers packets at most where it does: tcpdump's second. */
const gatheringMs = 1000;
/** How much later a packet of one node may come here than one of another. */
const settleMs = 300;
const deliverPollMs = 40;
const listeningPollMs = 20;
const listeningDeadlineMs = 60_000;
/** How long tcpdump may take to end by itself. */
const endDeadlineMs = 30_000;

/**
 * Captures the packets of a lab until the context's signal aborts, which is no error, or a limit is reached. Each is
 * taken once, whatever number of nodes it passes.
 *
 * @throws LabError `LAB_NOT_UP`, `LAB_NO_HOST`, `LAB_CAPTURE_STOPPED`, `LAB_CAPTURE_FILTER`, `LAB_CAPTURE_FAILED`
 */
export async function capture(
  context: LabContext,
  request: CaptureRequest,
  listener: CaptureListener,
): Promise<CaptureResult> {
  const outputs = await requireOutputs(context);
  const scene = await lookAtNodes(context, outputs, request);
  const session = new CaptureSession(context, request, scene);
  try {
    await session.begin();
    await listener.onListening(scene.plan);
    return await session.run(listener);
  } finally {
    await session.end();
  }
}

/** A node that is being listened to. */
interface Listening {
  readonly capture: NodeCapture;
  readonly reader: PcapReader;
  /** Fulfilled when nothing more comes. */
  readonly over: Promise<void>;
}

/** One capture, at all its nodes. */
class CaptureSession {
  readonly #context: LabContext;
  readonly #request: CaptureRequest;
  readonly #scene: CaptureScene;
  readonly #order: PacketOrder;
  readonly #listening = new Map<string, Listening>();
  /** Ends the look for nodes that start. */
  readonly #watching = new AbortController();
  #dropped = 0;
  #isStopping = false;
  /** Whether nothing is left of the lab. */
  #isGone = false;
  #failure: Error | undefined;

  constructor(context: LabContext, request: CaptureRequest, scene: CaptureScene) {
    this.#context = context;
    this.#request = request;
    this.#scene = scene;
    this.#order = new PacketOrder(settleMs + this.#gatheringMs);
  }

  get #gatheringMs(): number {
    return this.#request.isLive ? 0 : gatheringMs;
  }

  /** Listens at every node that runs. */
  async begin(): Promise<void> {
    const running = this.#scene.wanted.filter(({ isRunning }) => isRunning);
    const begun = await Promise.allSettled(running.map((node) => this.#listenAt(node)));
    const refused = begun.find((result) => result.status === "rejected");
    if (refused !== undefined) throw asError(refused.reason);
    void this.#followStarts();
  }

  /** Hands on packets until the end. */
  async run({ onPacket }: CaptureListener): Promise<CaptureResult> {
    const { count = Infinity, seconds = Infinity } = this.#request;
    const endMs = performance.now() + seconds * 1000;
    let packets = 0;
    const handOn = async (untilMs: number): Promise<void> => {
      for (const packet of this.#order.due(untilMs)) {
        if (packets >= count) return;
        packets += 1;
        await onPacket(packet);
      }
    };
    const isOver = (): boolean =>
      this.#context.signal.aborted ||
      this.#failure !== undefined ||
      this.#isGone ||
      packets >= count ||
      performance.now() >= endMs;
    while (!isOver()) {
      await handOn(performance.now());
      await wait(deliverPollMs);
    }
    // What the kernel still holds would be lost with tcpdump.
    if (packets < count) await wait(this.#gatheringMs);
    await this.#stop();
    await handOn(Infinity);
    if (this.#failure !== undefined) throw this.#failure;
    return { packets, dropped: this.#dropped };
  }

  /** Leaves nothing on the engine. */
  async end(): Promise<void> {
    this.#isStopping = true;
    this.#watching.abort();
    await Promise.all([...this.#listening.values()].map(({ capture: running }) => running.remove()));
  }

  async #listenAt(node: EngineNode): Promise<void> {
    const { image, owner, tcpdump, wanted } = this.#scene;
    const { stack } = this.#context;
    const running = await startNodeCapture(engineOf(this.#context), {
      container: node.id,
      image,
      name: `${stack}-capture-${node.name}`,
      labels: labelsOf(stack, owner),
      tcpdump,
    });
    const reader = new PcapReader();
    const isFirst = wanted[0]?.name === node.name;
    const over = this.#read(node, { running, reader, isFirst });
    this.#listening.set(node.name, { capture: running, reader, over });
    await this.#untilListening(node, running, reader);
  }

  async #untilListening(node: EngineNode, running: NodeCapture, reader: PcapReader): Promise<void> {
    const deadlineMs = performance.now() + listeningDeadlineMs;
    while (!reader.hasBegun) {
      this.#context.signal.throwIfAborted();
      if (running.output.readableEnded) throw this.#refused(node, running.words());
      if (performance.now() > deadlineMs) throw failed(node, running.words());
      await wait(listeningPollMs);
    }
  }

  async #read(
    node: EngineNode,
    { running, reader, isFirst }: { running: NodeCapture; reader: PcapReader; isFirst: boolean },
  ): Promise<void> {
    try {
      for await (const chunk of running.output as AsyncIterable<Buffer>) {
        for (const packet of reader.take(chunk)) {
          if (isKept(packet.bytes, isFirst))
            this.#order.add({ ...packet, node: node.name }, performance.now());
        }
        while (this.#order.isFull && !this.#isStopping) await wait(deliverPollMs);
      }
    } catch (error) {
      this.#failure ??= asError(error);
    }
    this.#dropped += Number(/(\d+) packets? dropped by kernel/.exec(running.words())?.[1] ?? 0);
    if (!this.#isStopping && reader.hasBegun && this.#listening.get(node.name)?.capture === running) {
      this.#listening.delete(node.name);
      await running.remove();
      this.#context.report.say({
        en: `${node.name} is no longer listened to: its container, or the one beside it that listens, has ended.`,
        ja: `${node.name} のパケットの記録が終わりました（コンテナが停止したため）。`,
      });
    }
  }

  /** Joins a node that is started meanwhile, leaves one that stops, and ends with the lab. */
  async #followStarts(): Promise<void> {
    const { wanted, owner } = this.#scene;
    const isWanted = (name: string): boolean => wanted.some((node) => node.name === name);
    const engine = engineOf(this.#context);
    await followContainers(engine, this.#context.stack, {
      signal: this.#watching.signal,
      onEvent: ({ node, action }) => {
        if (!isWanted(node) || this.#isStopping) return;
        const known = this.#listening.get(node);
        if (action === "destroy") void this.#lookIfGone(owner);
        if (action === "die") void known?.capture.stop();
        if (action === "start") void this.#join(node, owner);
      },
    }).catch(() => {
      // Without the engine's events the nodes that run go on being listened to.
    });
  }

  async #lookIfGone(owner: string): Promise<void> {
    try {
      this.#isGone ||= (await listNodes(engineOf(this.#context), owner)).length === 0;
    } catch (error) {
      if (!this.#isStopping) this.#failure ??= asError(error);
    }
  }

  async #join(name: string, owner: string): Promise<void> {
    try {
      await this.#listening.get(name)?.over;
      const node = (await listNodes(engineOf(this.#context), owner)).find((known) => known.name === name);
      if (node?.isRunning !== true || this.#isStopping) return;
      await this.#listenAt(node);
      this.#context.report.say({
        en: `${name} has started and is listened to.`,
        ja: `${name} が起動したので、パケットの記録を再開しました。`,
      });
    } catch (error) {
      if (!this.#isStopping) this.#failure ??= asError(error);
    }
  }

  async #stop(): Promise<void> {
    this.#isStopping = true;
    this.#watching.abort();
    const listening = [...this.#listening.values()];
    await Promise.all(listening.map(({ capture: running }) => running.stop()));
    const deadline = new AbortController();
    await Promise.race([
      Promise.all(listening.map(({ over }) => over)),
      wait(endDeadlineMs, undefined, { signal: deadline.signal }).catch(() => undefined),
    ]);
    deadline.abort();
  }

  #refused(node: EngineNode, words: string): LabError {
    // It opens what it listens at, says so, and looks at the filter then.
    if (!words.includes("data link type") || words.includes("Couldn't")) return failed(node, words);
    const { filter } = this.#request;
    return new LabError(
      "LAB_CAPTURE_FILTER",
      {
        en: `tcpdump does not understand the filter “${filter}”.`,
        ja: `フィルター「${filter}」をtcpdumpが解釈できません。`,
      },
      {
        details: linesOf(words).filter((line) => !line.includes("data link type")),
        hint: {
          en: "man pcap-filter; for example: ./lab capture 'tcp port 25'",
          ja: "書き方は man pcap-filter（例: ./lab capture 'tcp port 25'）",
        },
        exit: exitCode.usage,
      },
    );
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function linesOf(words: string): readonly string[] {
  return words.split("\n").filter((line) => line.trim() !== "");
}

function failed({ name }: EngineNode, words: string): LabError {
  return new LabError(
    "LAB_CAPTURE_FAILED",
    {
      en: `The packets of ${name} can't be captured.`,
      ja: `${name} のパケットを記録できません。`,
    },
    { details: linesOf(words), hint: { en: "./lab status", ja: "./lab status" } },
  );
}
