import { setTimeout as pause } from "node:timers/promises";
import { followContainers } from "../../engine/container-events.ts";
import { LabError } from "../../model/lab-error.ts";
import { LabCheck } from "../chapter/check.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { requireOutputs, type LabOutputs } from "../stack/lab-outputs.ts";
import { stateStamp } from "../stack/own-backend.ts";
import { WatchedHosts } from "./watch-hosts.ts";
import { pictureOf, readContainers, readNameServer } from "./watch-nodes.ts";
import { StepsWatch } from "./watch-steps.ts";
import type { LabNews, LabPicture } from "./watched-lab.ts";

/** How often the file of the lab's state is looked at, which tells of `up`, `goto`, `down`: a stat, no more. */
const stampMs = 3000;
/** What an engine says in quick succession is looked at once. */
const containersSettleMs = 150;
/** Between two tries to hear the engine. */
const retryMs = 2000;
/** What nobody tells of, as a DNS server that does not answer, is found by looking now and then. */
const slowLookMs = 60_000;

/** Takes the news of a lab, and what could not be looked at. */
export interface LabListener {
  readonly onNews: (news: LabNews) => void;
  readonly onProblem: (problem: LabError) => void;
}

/**
 * Watches one lab for all that want to know, by what its hosts, its engine and its state tell: nothing is asked again
 * and again. A lab that goes down or is built anew is followed by itself.
 */
export class LabWatch {
  readonly #context: LabContext;
  readonly #over = new AbortController();
  readonly #listeners = new Set<LabListener>();
  readonly #steps: StepsWatch;
  /** Resolves when it is known for the first time whether the lab is built, or that it can't be found out. */
  readonly isRead: Promise<void>;
  readonly #stampClock: NodeJS.Timeout;
  readonly #slowClock: NodeJS.Timeout;
  #containersTimer: NodeJS.Timeout | undefined;
  #stamp: string | undefined;
  #isReading = false;
  #outputs: LabOutputs | undefined;
  #check: LabCheck | undefined;
  #hosts: WatchedHosts | undefined;
  #containers: ReadonlyMap<string, string> = new Map();
  #nameServer = "unknown";
  #picture: LabPicture;
  #problem: LabError | undefined;

  constructor(context: LabContext) {
    const signal = AbortSignal.any([context.signal, this.#over.signal]);
    this.#context = { ...context, signal };
    this.#picture = { stack: context.stack, state: "unknown", nodes: [] };
    this.#steps = new StepsWatch(async () => await this.#check?.run(), {
      onLook: (isLooking, steps) => {
        this.#tell({ kind: "steps", isLooking, ...(steps !== undefined && { steps }) });
      },
      onProblem: (problem) => {
        this.#tellProblem(problem);
      },
    });
    this.#stampClock = setInterval(() => {
      this.#soon(this.#readState());
    }, stampMs);
    this.#slowClock = setInterval(() => {
      this.lookSoon();
    }, slowLookMs);
    this.isRead = this.#readState().catch((error: unknown) => {
      this.#fail(error);
    });
    this.#soon(this.#hearEngine());
  }

  /** The lab as it was built; `undefined` where it is not. */
  get outputs(): LabOutputs | undefined {
    return this.#outputs;
  }

  /** Why it could not be looked at, where the last try failed. */
  get problem(): LabError | undefined {
    return this.#problem;
  }

  get picture(): LabPicture {
    return this.#picture;
  }

  /** What its hosts tell; `undefined` where it is not built. */
  get hosts(): WatchedHosts | undefined {
    return this.#hosts;
  }

  /**
   * Tells a listener the whole picture at once, and then all news.
   *
   * @returns what ends it.
   */
  listen(listener: LabListener): () => void {
    listener.onNews({ kind: "lab", lab: this.#picture });
    for (const news of this.#hosts?.whatIsKnown() ?? []) listener.onNews(news);
    const { isLooking, steps } = this.#steps;
    listener.onNews({ kind: "steps", isLooking, ...(steps !== undefined && { steps }) });
    if (this.#problem !== undefined) listener.onProblem(this.#problem);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Somebody has done something that may have got a step on. */
  checkSoon(): void {
    if (this.#outputs !== undefined) this.#steps.want();
  }

  /** Looks at the engine and the hosts' services, which nobody may have told of. */
  lookSoon(): void {
    this.#containersTimer ??= setTimeout(() => {
      this.#containersTimer = undefined;
      this.#soon(this.#readContainers());
    }, containersSettleMs);
  }

  /** Ends it, with every login that it holds. */
  close(): void {
    this.#over.abort(new Error("the watch is over"));
    clearInterval(this.#stampClock);
    clearInterval(this.#slowClock);
    clearTimeout(this.#containersTimer);
    this.#hosts?.close();
    this.#steps.close();
  }

  /** What fails after the end has nobody to tell; before it, a listener is told and the next look comes. */
  #soon(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#fail(error);
    });
  }

  #fail(error: unknown): void {
    if (this.#context.signal.aborted) return;
    if (!(error instanceof LabError)) throw error;
    this.#tellProblem(error);
  }

  async #hearEngine(): Promise<void> {
    const { signal, stack } = this.#context;
    for (;;) {
      const onEvent = (): void => {
        this.lookSoon();
      };
      await followContainers(engineOf(this.#context), stack, { signal, onEvent }).catch(() => undefined);
      if (signal.aborted) return;
      // What happened meanwhile nobody has told.
      this.lookSoon();
      await pause(retryMs, undefined, { signal });
    }
  }

  /** Reads the lab's state where it has changed since it was read. */
  async #readState(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const stamp = await stateStamp(this.#context);
      const isKnown = this.#picture.state !== "unknown" && this.#problem === undefined;
      if (isKnown && stamp === this.#stamp) return;
      const outputs = await outputsIfUp(this.#context);
      this.#stamp = stamp;
      this.#problem = undefined;
      this.#take(outputs);
    } finally {
      this.#isReading = false;
    }
    await this.#readContainers();
  }

  #take(outputs: LabOutputs | undefined): void {
    const isSame = JSON.stringify(outputs) === JSON.stringify(this.#outputs);
    if (isSame && outputs !== undefined) return;
    const isSameLab = outputs !== undefined && this.#hosts?.isOf(outputs) === true;
    this.#outputs = outputs;
    this.#check = outputs && LabCheck.of(this.#context, { wanted: [], host: undefined }, outputs);
    if (!isSameLab) {
      this.#hosts?.close();
      this.#hosts =
        outputs &&
        new WatchedHosts(outputs, {
          onNews: (news) => {
            this.#tell(news);
          },
          onFacts: () => {
            this.#show();
          },
          onReason: () => {
            this.checkSoon();
          },
        });
    }
    this.checkSoon();
    this.#show();
  }

  async #readContainers(): Promise<void> {
    const outputs = this.#outputs;
    if (outputs === undefined) {
      this.#show();
      return;
    }
    const before = this.#containers;
    this.#containers = await readContainers(engineOf(this.#context), outputs.owner);
    this.#show();
    this.#hosts?.askFacts();
    if (this.#containers.get("dns") === "running") {
      this.#nameServer = await readNameServer(outputs, this.#context.signal);
    }
    this.#show();
    if (JSON.stringify([...before]) !== JSON.stringify([...this.#containers])) {
      // It has another state now, and perhaps another place in it: a container that was made anew.
      this.#soon(this.#readState());
      this.checkSoon();
    }
  }

  #show(): void {
    const { stack } = this.#context;
    const outputs = this.#outputs;
    const hosts = this.#hosts;
    const picture: LabPicture =
      outputs === undefined || hosts === undefined
        ? { stack, state: this.#stamp === undefined && this.#problem ? "unknown" : "down", nodes: [] }
        : pictureOf(stack, outputs, {
            containers: this.#containers,
            hosts: hosts.facts,
            followed: hosts.followed,
            nameServer: this.#nameServer,
          });
    if (JSON.stringify(picture) === JSON.stringify(this.#picture)) return;
    this.#picture = picture;
    this.#tell({ kind: "lab", lab: picture });
  }

  #tell(news: LabNews): void {
    for (const { onNews } of this.#listeners) onNews(news);
  }

  #tellProblem(problem: LabError): void {
    const isNew = this.#problem?.message !== problem.message;
    this.#problem = problem;
    if (isNew) for (const { onProblem } of this.#listeners) onProblem(problem);
  }
}

async function outputsIfUp(context: LabContext): Promise<LabOutputs | undefined> {
  try {
    return await requireOutputs(context);
  } catch (error) {
    if (error instanceof LabError && error.code === "LAB_NOT_UP") return undefined;
    throw error;
  }
}
