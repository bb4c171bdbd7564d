import type { LogLine, MailEvent } from "../api.ts";

/** How a mail stands, by the last thing that was heard of it. */
export type MailState = "queued" | "passed" | "delivered" | "deferred" | "bounced" | "rejected";

/** A mail with everything that has happened to it. */
export interface MailStory {
  readonly mail: string;
  readonly messageId: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly notificationOf: string | undefined;
  readonly state: MailState;
  readonly events: readonly MailEvent[];
}

/** So many mails are kept; of older ones the logs still tell. */
const keptMails = 300;
const keptEventsOfAMail = 200;

/** The mails that were seen, newest first. */
export class MailStories {
  readonly #stories = new Map<string, MailStory>();

  /** Newest first, without those of which only the end was seen, so that nobody knows whose they are. */
  get all(): readonly MailStory[] {
    return [...this.#stories.values()]
      .filter(({ from, to }) => from !== undefined || to !== undefined)
      .reverse();
  }

  /** A mail by its name. */
  of(mail: string): MailStory | undefined {
    return this.#stories.get(mail);
  }

  /** Forgets everything: the server is about to tell it anew. */
  clear(): void {
    this.#stories.clear();
  }

  /** Takes what happened to a mail. */
  take(event: MailEvent): MailStory {
    const known = this.#stories.get(event.mail);
    const events = [...(known?.events ?? []), event].slice(-keptEventsOfAMail);
    const story: MailStory = {
      mail: event.mail,
      messageId: event.messageId ?? known?.messageId,
      from: known?.from ?? event.from,
      to: known?.to ?? event.to,
      notificationOf: event.notificationOf ?? known?.notificationOf,
      state: stateOf(events),
      events,
    };
    this.#stories.set(event.mail, story);
    const oldest = this.#stories.keys().next().value;
    if (this.#stories.size > keptMails && oldest !== undefined) this.#stories.delete(oldest);
    return story;
  }
}

/**
 * Where a mail stands, in whatever order the hosts came to write of it: by what was heard last of a queue that has not
 * passed it on to another one which has been seen. One that only took it in is not news beside one that has done more.
 */
function stateOf(events: readonly MailEvent[]): MailState {
  const last = new Map<string, Pick<MailEvent, "nextHost" | "nextQueueId"> & { readonly kind: MailState }>();
  for (const { host, queueId, kind, ...next } of events) {
    // A queue that is done with a mail says nothing new of where the mail is.
    if (kind === "removed") continue;
    const key = queueKey(host, queueId);
    last.delete(key);
    last.set(key, { kind, ...next });
  }
  const ends = [...last.values()].filter(
    ({ kind, nextHost, nextQueueId }) =>
      kind !== "passed" || nextHost === undefined || !last.has(queueKey(nextHost, nextQueueId)),
  );
  return (ends.findLast(({ kind }) => kind !== "queued") ?? ends.at(-1))?.kind ?? "queued";
}

function queueKey(host: string, queueId: string | undefined): string {
  return `${host}/${queueId ?? ""}`;
}

/** The queue ids of a mail with their hosts, in the order in which it had them. */
function queueIdsOf({ events }: MailStory): readonly { readonly host: string; readonly id: string }[] {
  const all = events.flatMap(({ host, queueId }) => (queueId === undefined ? [] : [{ host, id: queueId }]));
  return [...new Map(all.map((one) => [`${one.host}/${one.id}`, one])).values()];
}

/** Whether a line of a log is of a mail. */
export function isLineOf(line: LogLine, story: MailStory): boolean {
  return (
    line.mail === story.mail ||
    queueIdsOf(story).some(({ host, id }) => line.host === host && line.queueId === id)
  );
}
