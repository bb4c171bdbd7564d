import { isOwnMessageId } from "../../checks/crossing.ts";
import { strangersAddress } from "../../checks/login-probes.ts";
import type { LoggedHost, MailLogLine } from "../../model/mail/mail-log.ts";
import { MailTracker, type TrackedEvent, type TrackedLine } from "../../model/mail/mail-tracker.ts";
import { firstLines } from "./watch-host.ts";
import type { LogLine } from "./watched-lab.ts";

/** As many events as whoever begins to listen is told. */
const firstEvents = 1000;
/** As much of a line as is shown: a header that is logged can be of any length. */
const mostCharacters = 2000;

/** What lines mean, and what of it is kept for whoever begins to listen. */
export class WatchedLog {
  readonly #tracker: MailTracker;
  readonly #kept = new Map<string, LogLine[]>();
  #events: TrackedEvent[] = [];
  #count = 0;

  constructor(hosts: readonly LoggedHost[]) {
    this.#tracker = new MailTracker(hosts);
  }

  /** The lines that are kept of every host, in order. */
  get lines(): readonly LogLine[] {
    return [...this.#kept.values()].flat().sort((left, right) => left.number - right.number);
  }

  /** The events that are kept. */
  get events(): readonly TrackedEvent[] {
    return this.#events;
  }

  /** Takes the next lines. The mails that a check sends and takes away again, and its stranger's, have no events. */
  take(lines: readonly MailLogLine[]): {
    readonly lines: readonly LogLine[];
    readonly events: readonly TrackedEvent[];
  } {
    const tracked = this.#tracker.take(lines);
    const shown = tracked.lines.map((line) => this.#shown(line));
    for (const line of shown) {
      const kept = this.#kept.get(line.host) ?? [];
      kept.push(line);
      if (kept.length > firstLines) kept.shift();
      this.#kept.set(line.host, kept);
    }
    const events = tracked.events.filter(
      ({ messageId, from }) => from !== strangersAddress && !isOfCheck(messageId),
    );
    this.#events = [...this.#events, ...events].slice(-firstEvents);
    return { lines: shown, events };
  }

  #shown({ line, mail, messageId }: TrackedLine): LogLine {
    this.#count += 1;
    const { host, atMs, program, queueId, message, text } = line;
    const isOwn =
      messageId === undefined ? message.includes(`from=<${strangersAddress}>`) : isOwnMessageId(messageId);
    return {
      number: this.#count,
      host,
      atMs,
      ...(program !== undefined && { program }),
      ...(queueId !== undefined && { queueId }),
      ...(mail !== undefined && { mail }),
      ...(isOwn && { isCheck: true }),
      message: cut(message),
      text: cut(text),
    };
  }
}

function isOfCheck(messageId: string | undefined): boolean {
  return messageId !== undefined && isOwnMessageId(messageId);
}

function cut(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;
}
