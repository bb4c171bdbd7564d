import { deliveryIn, isRemoval, messageIdIn, notificationIn, type MailLogLine } from "./mail-log.ts";

/** A mail's stay in one host's queue, with what its lines say at once. */
export interface QueueStay {
  readonly host: string;
  readonly queueId: string;
  /** In the order of the log. */
  readonly lines: readonly MailLogLine[];
  readonly startMs: number;
  /** Absent while the mail is there. */
  readonly endMs?: number;
  readonly messageId?: string;
  /** Envelope sender, from the queue manager. */
  readonly from?: string;
  /** Whether it ever was in the queue whole; a client may go away before it has handed its mail over. */
  readonly isWhole: boolean;
}

/** A host as the logs name it: by its lab's name and by its address. */
export interface TracedHost {
  readonly name: string;
  readonly address: string;
  readonly domain: string;
}

/** Clocks are one machine's; lines of two hosts can still be a moment out of order. */
const skewMs = 1000;

/** What `from=<…>, size=…, nrcpt=…` of the queue manager says. */
export function activeIn(
  line: MailLogLine,
): { readonly from: string; readonly sizeBytes: number; readonly recipientCount: number } | undefined {
  const [, from, size, count] = /^from=<(.*?)>, size=(\d+), nrcpt=(\d+) /.exec(line.message) ?? [];
  if (from === undefined) return undefined;
  return { from, sizeBytes: Number(size), recipientCount: Number(count) };
}

/** Whether a mail comes into the queue by this line: from a client, or from `sendmail` on the host. */
function isArrival({ message }: MailLogLine): boolean {
  return /^(?:client=|uid=\d+ )/.test(message);
}

/** The stays that the lines, in order of time, tell of; a number that is used again is another stay. */
export function readStays(lines: readonly MailLogLine[]): readonly QueueStay[] {
  const open = new Map<string, MailLogLine[]>();
  const stays: MailLogLine[][] = [];
  for (const line of lines) {
    if (line.queueId === undefined) continue;
    const key = `${line.host}/${line.queueId}`;
    const current = isArrival(line) ? undefined : open.get(key);
    if (current === undefined) {
      const begun = [line];
      stays.push(begun);
      open.set(key, begun);
    } else {
      current.push(line);
    }
    if (isRemoval(line)) open.delete(key);
  }
  return stays.flatMap((of) => stayOf(of) ?? []);
}

function stayOf(lines: readonly MailLogLine[]): QueueStay | undefined {
  const [first] = lines;
  const last = lines.at(-1);
  if (first?.queueId === undefined || last === undefined) return undefined;
  const messageId = lines.map(messageIdIn).find((id) => id !== undefined);
  const active = lines.map(activeIn).find((found) => found !== undefined);
  return {
    host: first.host,
    queueId: first.queueId,
    lines,
    startMs: first.atMs,
    isWhole: active !== undefined || lines.some((line) => deliveryIn(line) !== undefined),
    ...(isRemoval(last) ? { endMs: last.atMs } : {}),
    // A client may send a mail without one: its log line then has `<>`.
    ...(messageId === undefined || messageId === "" ? {} : { messageId }),
    ...(active === undefined ? {} : { from: active.from }),
  };
}

/** How one stay follows from another. */
interface StayLink {
  readonly from: QueueStay;
  readonly to: QueueStay;
  /** `passed` to the next host, `forwarded` on the same, or its `notification`. */
  readonly as: "passed" | "forwarded" | "notification";
}

/** The lab's host of a relay such as `mail.example2.test[192.168.1.13]:25`, by its address. */
export function hostOfRelay(hosts: readonly TracedHost[], from: string, relay: string): string | undefined {
  const [, address] = /\[([^\]]+)\](?::\d+)?$/.exec(relay) ?? [];
  if (address === undefined) return undefined;
  if (address.startsWith("127.") || address === "::1") return from;
  return hosts.find((host) => host.address === address)?.name;
}

/** Which stays follow from which. */
function linkStays(stays: readonly QueueStay[], hosts: readonly TracedHost[]): readonly StayLink[] {
  const byKey = Map.groupBy(stays, ({ host, queueId }) => `${host}/${queueId}`);
  /** The stay under a number that had begun by then, the newest. */
  const begunBy = (host: string, queueId: string, atMs: number): QueueStay | undefined =>
    byKey.get(`${host}/${queueId}`)?.findLast(({ startMs }) => startMs <= atMs + skewMs);
  const link = (from: QueueStay, to: QueueStay | undefined, as: StayLink["as"]): readonly StayLink[] =>
    to === undefined || to === from ? [] : [{ from, to, as }];
  return stays.flatMap((stay) =>
    stay.lines.flatMap((line) => {
      const notification = notificationIn(line);
      if (notification !== undefined) {
        return link(stay, begunBy(stay.host, notification, line.atMs), "notification");
      }
      const attempt = deliveryIn(line);
      if (attempt?.nextQueueId === undefined) return [];
      const isHere = attempt.reason.startsWith("forwarded as ");
      const host = isHere ? stay.host : hostOfRelay(hosts, stay.host, attempt.relay);
      if (host === undefined) return [];
      return link(stay, begunBy(host, attempt.nextQueueId, line.atMs), isHere ? "forwarded" : "passed");
    }),
  );
}

/** The stays of one mail and its notifications: all that hang together by links. */
export interface StayGroup {
  readonly stays: readonly QueueStay[];
  readonly links: readonly StayLink[];
  /** When the first of them began. */
  readonly startMs: number;
  /** When each began by its log, and at the latest a moment before what came of it. */
  readonly begunMs: ReadonlyMap<QueueStay, number>;
}

/** What a cause stands before its effect by: as finely as the logs tell time. */
const momentMs = 0.001;

/** A busy host's log is stamped late, by a tenth of a second at times: the next host's may then seem the earlier. */
function causalStarts(
  stays: readonly QueueStay[],
  leads: ReadonlyMap<QueueStay, readonly StayLink[]>,
): ReadonlyMap<QueueStay, number> {
  const begun = new Map<QueueStay, number>();
  const startOf = (stay: QueueStay): number => {
    const known = begun.get(stay);
    if (known !== undefined) return known;
    // Stands for itself while what follows is looked at: a number that leads back to it ends there.
    begun.set(stay, stay.startMs);
    const next = (leads.get(stay) ?? []).filter(({ from, to }) => from === stay && to !== stay);
    const earliest = Math.min(stay.startMs, ...next.map(({ to }) => startOf(to) - momentMs));
    begun.set(stay, earliest);
    return earliest;
  };
  stays.forEach(startOf);
  return begun;
}

/** Parts the stays into mails; a mail whose next stay the logs don't have ends there. */
export function groupStays(stays: readonly QueueStay[], hosts: readonly TracedHost[]): readonly StayGroup[] {
  const links = linkStays(stays, hosts);
  const leads = new Map<QueueStay, StayLink[]>();
  for (const link of links) {
    for (const end of [link.from, link.to]) leads.set(end, [...(leads.get(end) ?? []), link]);
  }
  const reached = new Set<QueueStay>();
  const groups: StayGroup[] = [];
  for (const first of stays) {
    if (reached.has(first)) continue;
    const members = new Set([first]);
    // A set is walked over what is added to it meanwhile too.
    for (const member of members) {
      for (const { from, to } of leads.get(member) ?? []) members.add(from).add(to);
    }
    for (const member of members) reached.add(member);
    const begunMs = causalStarts([...members], leads);
    const startOf = (stay: QueueStay): number => begunMs.get(stay) ?? stay.startMs;
    const own = [...members].sort((left, right) => startOf(left) - startOf(right));
    groups.push({
      stays: own,
      links: own.flatMap((member) => (leads.get(member) ?? []).filter(({ from }) => from === member)),
      startMs: own[0]?.startMs ?? first.startMs,
      begunMs,
    });
  }
  return groups;
}

/** The stays of a group that are notifications, or follow from one. */
export function notificationsIn({ stays, links }: StayGroup): ReadonlySet<QueueStay> {
  const found = new Set(links.filter(({ as }) => as === "notification").map(({ to }) => to));
  for (const stay of found) {
    for (const { from, to } of links) if (from === stay) found.add(to);
  }
  // Where the mail that it is about has left the log, its empty sender still tells a notification.
  if (found.size === 0)
    for (const stay of stays) if (stay.from === "" && stays[0]?.from === "") found.add(stay);
  return found;
}
