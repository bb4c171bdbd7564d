import { bareMessageId, deliveryIn } from "../mail/mail-log.ts";
import { eventsOfStay, sessionOf, sourceOf } from "./mail-trace-events.ts";
import { visitsAfter } from "./mail-trace-visits.ts";
import { recipientsOf } from "./mail-trace-outcome.ts";
import { claimSessions, eventOfLocalRefusal, eventsOfSession, type Claims } from "./mail-trace-refusals.ts";
import { explainFailure } from "./mail-trace-reasons.ts";
import { sortSources, type SortedSources, type TraceSources } from "./mail-trace-sources.ts";
import { notificationsIn, type StayGroup } from "./mail-trace-stays.ts";
import type { MailTrace, TraceEvent, TraceOutcome, TraceRecipient, WantedMail } from "./mail-trace.ts";
import type { QueueStay } from "../mail/queue-stays.ts";
import { sameText, type Text } from "../text.ts";

/**
 * Finds a mail in the logs and tells its life, as far as they go: what the DNS server answers now and what the mailbox
 * shows is added by whoever can ask them.
 *
 * @returns `undefined` where the logs know no such mail.
 */
export function findMailTrace(sources: TraceSources, wanted: WantedMail): MailTrace | undefined {
  const sorted = sortSources(sources);
  const claims = claimSessions(sorted);
  if (wanted.by === "last") return newest(sorted, claims);
  const isWanted =
    wanted.by === "queue-id"
      ? ({ queueId }: QueueStay) => queueId === wanted.queueId
      : ({ messageId }: QueueStay) => messageId === bareMessageId(wanted.messageId);
  const found = sorted.groups
    .filter(({ stays }) => stays.some(isWanted))
    .sort((left, right) => newestOf(left, isWanted) - newestOf(right, isWanted));
  const group = found.at(-1);
  if (group === undefined) return newestOfAddress(sorted, claims, wanted);
  const others = found.length - 1;
  const notes = others === 0 ? [] : [sameNumberNote(wanted, found)];
  const notifications = notificationsIn(group);
  const isNotification = group.stays.filter(isWanted).every((stay) => notifications.has(stay));
  return traceOf(sorted, claims, group, [...notes, ...(isNotification ? [notificationNote] : [])]);
}

const notificationNote: Text = {
  en: "What you asked for is a notification; it is shown with the mail that it tells of.",
  ja: "指定されたのは通知メールです。元のメールと合わせて表示します。",
};

/** A Message-ID has the form of an address, and an address may be meant. */
function newestOfAddress(sources: SortedSources, claims: Claims, wanted: WantedMail): MailTrace | undefined {
  if (wanted.by !== "message-id") return undefined;
  const address = bareMessageId(wanted.messageId).toLowerCase();
  const isOf = (stay: QueueStay): boolean =>
    stay.active?.from.toLowerCase() === address ||
    stay.lines.some((line) => deliveryIn(line)?.to.toLowerCase() === address);
  const group = sources.groups
    .filter(({ stays }) => stays.some(isOf))
    .sort((left, right) => left.startMs - right.startMs)
    .at(-1);
  const note = {
    en: `No mail has this Message-ID; this is the newest from or to ${address}.`,
    ja: `このMessage-IDのメールはありません。${address}が差出人か宛先の、いちばん新しいメールです。`,
  };
  return group && traceOf(sources, claims, group, [note]);
}

const onItsWayNote: Text = {
  en: "It was on its way when the logs were read: trace it again in a moment.",
  ja: "ログを読んだ時点では配送中でした。少し待ってから、もう一度実行してください。",
};

function newestOf({ stays }: StayGroup, isWanted: (stay: QueueStay) => boolean): number {
  return Math.max(...stays.filter(isWanted).map(({ startMs }) => startMs));
}

function sameNumberNote(wanted: WantedMail, found: readonly StayGroup[]): Text {
  const count = found.length;
  const what =
    wanted.by === "queue-id" ? sameText(wanted.queueId) : { en: "this Message-ID", ja: "このMessage-ID" };
  return {
    en: `${count} mails had ${what.en}; this is the newest.`,
    ja: `${what.ja}のメールは${count}通あります。これはいちばん新しいものです。`,
  };
}

/** What happened last: a mail that came into a queue, or one that didn't. */
function newest(sources: SortedSources, claims: Claims): MailTrace | undefined {
  const candidates: { readonly atMs: number; readonly trace: () => MailTrace }[] = [
    ...sources.groups
      .filter((group) => group.stays.some(({ isWhole }) => isWhole) || claims.byGroup.has(group))
      .map((group) => ({ atMs: group.startMs, trace: () => traceOf(sources, claims, group, []) })),
    ...claims.free.map((session) => ({
      atMs: session.startMs,
      trace: () => traceOfEvents(eventsOfSession(sources, session)),
    })),
    ...sources.localRefusals.map((refusal) => ({
      atMs: refusal.atMs,
      trace: () => traceOfEvents([eventOfLocalRefusal(sources, refusal)]),
    })),
  ];
  return candidates
    .sort((left, right) => left.atMs - right.atMs)
    .at(-1)
    ?.trace();
}

/** Something that no queue ever had. */
function traceOfEvents(events: readonly TraceEvent[]): MailTrace {
  const recipients = refusedRecipients(events);
  const from = events.find((event) => event.kind === "refused")?.from;
  return {
    outcome: events.some(({ kind }) => kind === "refused") ? "refused" : "login-failed",
    recipients,
    hops: [],
    events: inOrder(events),
    notes: [],
    ...(from === undefined ? {} : { from }),
  };
}

function refusedRecipients(events: readonly TraceEvent[]): readonly TraceRecipient[] {
  return events.flatMap((event) =>
    event.kind === "refused" && event.to !== undefined
      ? [{ address: event.to, outcome: "refused" as const, host: event.host, reason: event.reason }]
      : [],
  );
}

function traceOf(
  sources: SortedSources,
  claims: Claims,
  group: StayGroup,
  notes: readonly Text[],
): MailTrace {
  const notifications = notificationsIn(group);
  const whole = group.stays.filter(({ isWhole }) => isWhole);
  const refusals = (claims.byGroup.get(group) ?? []).flatMap((session) => eventsOfSession(sources, session));
  const broken = group.stays
    .filter(({ isWhole }) => !isWhole)
    .flatMap((stay) => unfinished(sources, stay, refusals));
  const ofStays = whole.flatMap((stay) =>
    eventsOfStay(sources, stay, {
      isNotification: notifications.has(stay),
      tlsOfNext: (queueId) => {
        const next = group.links.find(({ from, to }) => from === stay && to.queueId === queueId)?.to;
        return (next && sessionOf(sources, next)?.tls) ?? "unknown";
      },
    }),
  );
  const events = inCausalOrder(group, [...ofStays, ...refusals, ...broken]);
  const visits = visitsAfter(sources, events);
  const first = group.stays[0];
  // What the next host refused has become a bounce here already, or will be tried again.
  const own = refusals.filter(
    (event) => event.kind === "refused" && event.by.via === "smtp" && event.by.client.node === undefined,
  );
  const recipients = [
    ...recipientsOf(group, notifications, ofStays),
    ...refusedRecipients([...own, ...(whole.length === 0 ? broken : [])]),
  ];
  const messageId = first?.messageId;
  const from = first?.active?.from;
  const outcome = whole.length === 0 ? outcomeOfBroken([...refusals, ...broken]) : outcomeOf(recipients);
  return {
    // A client may send a mail without one: its log line then has `<>`.
    ...(messageId === undefined || messageId === "" ? {} : { messageId }),
    ...(from === undefined ? {} : { from }),
    outcome,
    recipients,
    hops: group.stays.map((stay) => ({
      host: stay.host,
      queueId: stay.queueId,
      isNotification: notifications.has(stay),
      startMs: stay.startMs,
      ...(stay.endMs === undefined ? {} : { endMs: stay.endMs }),
    })),
    events: inCausalOrder(group, [...events, ...visits]),
    notes: outcome === "on-its-way" ? [...notes, onItsWayNote] : notes,
  };
}

/** A mail whose client went away before it was whole; what was refused of it is told already. */
function unfinished(
  sources: SortedSources,
  stay: QueueStay,
  refusals: readonly TraceEvent[],
): readonly TraceEvent[] {
  const { host, queueId, startMs } = stay;
  const source = sourceOf(sources, stay);
  const session = sessionOf(sources, stay);
  if (refusals.some((event) => event.kind === "refused")) return [];
  if (session?.endMs === undefined || source.via !== "smtp") {
    return [{ kind: "queued", atMs: startMs, host, queueId, source }];
  }
  const said = "the client went away before the mail was whole";
  const reason = explainFailure({ host, said, stackWords: sources.stackWords });
  return [{ kind: "refused", atMs: session.endMs, host, queueId, by: source, at: "DATA", reason }];
}

function outcomeOfBroken(events: readonly TraceEvent[]): TraceOutcome {
  return events.some(({ kind }) => kind === "refused") ? "refused" : "on-its-way";
}

function outcomeOf(recipients: readonly TraceRecipient[]): TraceOutcome {
  const outcomes = new Set(recipients.map(({ outcome }) => outcome));
  const [only] = outcomes;
  return outcomes.size === 1 && only !== undefined ? only : outcomes.size === 0 ? "on-its-way" : "mixed";
}

function inOrder(events: readonly TraceEvent[]): readonly TraceEvent[] {
  return [...events].sort((left, right) => left.atMs - right.atMs);
}

/** In order of time; what a mail came from stands before what came of it, though its host's log was late. */
function inCausalOrder(
  { stays, links, begunMs }: StayGroup,
  events: readonly TraceEvent[],
): readonly TraceEvent[] {
  const [root] = stays;
  const earliestMs = Math.min(...events.map(({ atMs }) => atMs));
  const orderOf = (event: TraceEvent): number => {
    if (event.kind !== "queued" && event.kind !== "asked-dns") return event.atMs;
    const stay = stays.findLast(
      ({ host, queueId, startMs }) =>
        host === event.host && queueId === event.queueId && startMs <= event.atMs,
    );
    if (stay === undefined) return event.atMs;
    if (event.kind === "queued") {
      return stay === root ? Math.min(earliestMs, event.atMs) : (begunMs.get(stay) ?? event.atMs);
    }
    // The question of an attempt comes before what the attempt led to.
    const next = links.filter(({ from }) => from === stay).map(({ to }) => begunMs.get(to) ?? to.startMs);
    return next.length === 1 ? Math.min(event.atMs, ...next) : event.atMs;
  };
  const order = new Map(events.map((event) => [event, orderOf(event)]));
  return [...events].sort((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0));
}
