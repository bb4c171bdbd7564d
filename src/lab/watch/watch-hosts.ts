import type { Mailbox } from "../mail/mailbox-contents.ts";
import type { MailLogLine } from "../../model/mail/mail-log.ts";
import type { LabHost, LabOutputs } from "../stack/lab-outputs.ts";
import { LineMerger } from "../mail/line-merger.ts";
import { countMailbox } from "../mail/mailboxes.ts";
import { readQueue, type HostQueue } from "../mail/queues.ts";
import { HostWatch, type Touched } from "./watch-host.ts";
import { WatchedLog } from "./watch-log.ts";
import { readHostFacts, type HostFacts } from "./watch-nodes.ts";
import type { LabNews } from "./watched-lab.ts";

/** How long the first lines of one host wait for those of the others. */
const firstLinesMs = 3000;
/** What follows each other this closely is asked once. */
const settleMs = 250;

/** Whoever is told what the hosts tell. */
interface HostsEars {
  readonly onNews: (news: LabNews) => void;
  /** `facts` or `followed` have changed. */
  readonly onFacts: () => void;
  /** Something has happened that may have got a step on. */
  readonly onReason: () => void;
}

/** What is to be asked of a host again. */
type Question = "facts" | "queue" | `mailbox ${string}`;

/** Watches all hosts of a lab: their logs as one, their queues, mailboxes and services, as they tell of changes. */
export class WatchedHosts {
  readonly #outputs: LabOutputs;
  readonly #ears: HostsEars;
  readonly #over = new AbortController();
  readonly #log: WatchedLog;
  readonly #merger: LineMerger;
  readonly #watches = new Map<string, HostWatch>();
  readonly #facts = new Map<string, HostFacts>();
  readonly #followed = new Set<string>();
  readonly #queues = new Map<string, HostQueue>();
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #questions = new Map<string, Set<Question>>();
  readonly #asking = new Set<string>();

  constructor(outputs: LabOutputs, ears: HostsEars) {
    this.#outputs = outputs;
    this.#ears = ears;
    this.#log = new WatchedLog(outputs.hosts);
    this.#merger = new LineMerger((lines) => {
      this.#takeLines(lines);
    });
    const silent = new Set(outputs.hosts.map(({ name }) => name));
    const release = setTimeout(() => {
      this.#merger.release();
    }, firstLinesMs);
    this.#over.signal.addEventListener("abort", () => {
      clearTimeout(release);
    });
    for (const host of outputs.hosts) {
      this.#watch(host, () => {
        if (silent.delete(host.name) && silent.size === 0) this.#merger.release();
      });
    }
  }

  get facts(): ReadonlyMap<string, HostFacts> {
    return this.#facts;
  }

  /** Hosts where somebody is logged in to watch. */
  get followed(): ReadonlySet<string> {
    return this.#followed;
  }

  /** Whether these outputs are of the same hosts with the same ways in. */
  isOf({ hosts, sshKey, owner }: LabOutputs): boolean {
    const own = this.#outputs;
    return JSON.stringify([hosts, sshKey, owner]) === JSON.stringify([own.hosts, own.sshKey, own.owner]);
  }

  /** All that whoever begins to listen has to know. */
  whatIsKnown(): readonly LabNews[] {
    return [
      { kind: "log", isFirst: true, lines: this.#log.lines },
      { kind: "mail", isFirst: true, events: this.#log.events },
      { kind: "queues", queues: this.queues() },
      { kind: "mailboxes", mailboxes: this.mailboxes() },
    ];
  }

  queues(): readonly HostQueue[] {
    return this.#outputs.hosts.map(({ name }) => this.#queues.get(name) ?? { host: name });
  }

  mailboxes(): readonly Mailbox[] {
    return this.#outputs.hosts.flatMap(({ name: host, users }) =>
      users.map((user) => this.#mailboxes.get(`${host}/${user}`) ?? { host, user }),
    );
  }

  /** Asks every host for its services anew. */
  askFacts(): void {
    for (const host of this.#outputs.hosts) this.#ask(host, ["facts"]);
  }

  close(): void {
    this.#over.abort(new Error("the watch is over"));
    this.#merger.close();
  }

  #watch(host: LabHost, onFirstLines: () => void): void {
    const watch = new HostWatch(
      this.#outputs,
      host,
      {
        onLines: (lines) => {
          this.#merger.push(lines);
          onFirstLines();
        },
        onFollowed: (isFollowed) => {
          this.#follow(host, isFollowed);
        },
        onTouched: (touched, users) => {
          this.#touch(host, touched, users);
        },
      },
      this.#over.signal,
    );
    this.#watches.set(host.name, watch);
    void watch.run();
  }

  #takeLines(lines: readonly MailLogLine[]): void {
    const isFirst = this.#log.lines.length === 0;
    const { lines: shown, events } = this.#log.take(lines);
    this.#ears.onNews({ kind: "log", isFirst, lines: shown });
    if (events.length > 0) this.#ears.onNews({ kind: "mail", isFirst, events });
    for (const host of this.#outputs.hosts) {
      if (lines.some((line) => line.host === host.name && line.queueId !== undefined))
        this.#ask(host, ["queue"]);
    }
    // A check leaves lines too, but none of a mail that anybody else has sent.
    if (events.length > 0) this.#ears.onReason();
  }

  #follow(host: LabHost, isFollowed: boolean): void {
    const { name, users } = host;
    if (isFollowed) this.#followed.add(name);
    else if (!this.#followed.delete(name)) return;
    if (!isFollowed) this.#facts.delete(name);
    this.#ears.onFacts();
    if (!isFollowed) return;
    this.#ask(host, ["facts", "queue", ...users.map((user): Question => `mailbox ${user}`)]);
    this.#ears.onReason();
  }

  #touch(host: LabHost, touched: ReadonlySet<Touched>, users: ReadonlySet<string>): void {
    const own = host.users.filter((user) => users.has(user));
    const questions = own.map((user): Question => `mailbox ${user}`);
    const isMore = touched.has("services") || touched.has("file");
    this.#ask(host, [...questions, ...(isMore ? (["facts", "queue"] as const) : [])]);
    if (isMore) this.#ears.onReason();
  }

  #ask(host: LabHost, questions: readonly Question[]): void {
    const open = this.#questions.get(host.name) ?? new Set();
    for (const question of questions) open.add(question);
    this.#questions.set(host.name, open);
    if (open.size === 0 || this.#asking.has(host.name) || this.#over.signal.aborted) return;
    this.#asking.add(host.name);
    setTimeout(() => {
      void this.#answer(host);
    }, settleMs);
  }

  /** Asks what is open, one question after the other, and then what has come up meanwhile. */
  async #answer(host: LabHost): Promise<void> {
    const questions = [...(this.#questions.get(host.name) ?? [])];
    this.#questions.get(host.name)?.clear();
    for (const question of questions) {
      if (this.#over.signal.aborted) return;
      await this.#askOne(host, question).catch((error: unknown) => {
        if (!this.#over.signal.aborted) throw error;
      });
    }
    this.#asking.delete(host.name);
    this.#ask(host, []);
  }

  async #askOne(host: LabHost, question: Question): Promise<void> {
    const watch = this.#watches.get(host.name);
    if (watch === undefined) return;
    if (question === "facts") {
      const facts = await readHostFacts(host, watch);
      if (facts !== undefined) this.#facts.set(host.name, facts);
      this.#ears.onFacts();
    } else if (question === "queue") {
      const queue = await readQueue(host.name, watch);
      if (!isNews(this.#queues, host.name, queue)) return;
      this.#ears.onNews({ kind: "queues", queues: this.queues() });
    } else {
      const user = question.slice("mailbox ".length);
      const login = { outputs: this.#outputs, signal: this.#over.signal };
      const mailbox = await countMailbox(login, { host: host.name, user });
      if (!isNews(this.#mailboxes, `${host.name}/${user}`, mailbox)) return;
      this.#ears.onNews({ kind: "mailboxes", mailboxes: this.mailboxes() });
    }
  }
}

/** Keeps a value; whether it is another one than before. */
function isNews<Value>(map: Map<string, Value>, key: string, value: Value): boolean {
  const isNew = JSON.stringify(map.get(key)) !== JSON.stringify(value);
  map.set(key, value);
  return isNew;
}
