import { deliveryIn, nextHostOf, notificationIn, type LoggedHost } from "../mail/mail-log.ts";
import type { QueueStay } from "../mail/queue-stays.ts";

/** Clocks are one machine's; lines of two hosts can still be a moment out of order. */
const skewMs = 1000;

/** How one stay follows from another. */
interface StayLink {
  readonly from: QueueStay;
  readonly to: QueueStay;
  /** Else the mail itself went on. */
  readonly isNotification: boolean;
}

/** Which stays follow from which. */
function linkStays(stays: readonly QueueStay[], hosts: readonly LoggedHost[]): readonly StayLink[] {
  const byKey = Map.groupBy(stays, ({ host, queueId }) => `${host}/${queueId}`);
  return stays.flatMap((from) =>
    from.lines.flatMap((line) => {
      const notification = notificationIn(line);
      const attempt = deliveryIn(line);
      const host = notification === undefined ? attempt && nextHostOf(hosts, from.host, attempt) : from.host;
      const queueId = notification ?? attempt?.nextQueueId;
      if (host === undefined || queueId === undefined) return [];
      // The stay under that number that had begun by then, the newest.
      const to = byKey.get(`${host}/${queueId}`)?.findLast(({ startMs }) => startMs <= line.atMs + skewMs);
      const isNotification = notification !== undefined;
      return to === undefined || to === from ? [] : [{ from, to, isNotification }];
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
export function groupStays(stays: readonly QueueStay[], hosts: readonly LoggedHost[]): readonly StayGroup[] {
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
  const found = new Set(links.filter(({ isNotification }) => isNotification).map(({ to }) => to));
  for (const stay of found) {
    for (const { from, to } of links) if (from === stay) found.add(to);
  }
  // Where the mail that it is about has left the log, its empty sender still tells a notification.
  if (found.size === 0)
    for (const stay of stays) if (stay.active?.from === "" && stays[0]?.active?.from === "") found.add(stay);
  return found;
}
