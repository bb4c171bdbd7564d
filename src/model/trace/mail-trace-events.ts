import {
  deliveryIn,
  hostOfRelay,
  isForwarded,
  isRemoval,
  notificationIn,
  type DeliveryAttempt,
  type MailLogLine,
} from "../mail/mail-log.ts";
import { explainFailure } from "./mail-trace-reasons.ts";
import type { SmtpSession } from "./mail-trace-sessions.ts";
import { clientAt, type SortedSources } from "./mail-trace-sources.ts";
import type { TraceDelays, TraceEvent, TraceReason, TraceSource, TraceTls } from "./mail-trace.ts";
import { activeIn, type QueueStay } from "../mail/queue-stays.ts";

/** A host's line may be stamped after the question that it led to, where the host is busy. */
const lateLineMs = 500;

/** The session by which a mail came to a host; absent where it came otherwise, or before the log begins. */
export function sessionOf(sources: SortedSources, stay: QueueStay): SmtpSession | undefined {
  return sources.sessions.findLast(
    ({ host, queueIds, startMs }) =>
      host === stay.host && startMs <= stay.startMs && queueIds.includes(stay.queueId),
  );
}

/** How a mail came into a queue. */
export function sourceOf(sources: SortedSources, stay: QueueStay): TraceSource {
  const message = stay.lines[0]?.message ?? "";
  const [, uid] = /^uid=(\d+) /.exec(message) ?? [];
  if (uid !== undefined) {
    const user = sources.accounts.get(stay.host)?.get(Number(uid));
    return { via: "local", uid: Number(uid), ...(user === undefined ? {} : { user }) };
  }
  const [, name, address, rest = ""] = /^client=(\S+?)\[([^\]]+)\](?::\d+)?(.*)$/.exec(message) ?? [];
  if (name === undefined || address === undefined) return { via: "postfix" };
  const [, method, username] =
    /, sasl_method=([^,]+), sasl_username=(.*?)(?:, sasl_sender=.*)?$/.exec(rest) ?? [];
  return {
    via: "smtp",
    client: clientAt(sources, stay.host, address, name),
    tls: sessionOf(sources, stay)?.tls ?? "unknown",
    ...(method === undefined || username === undefined ? {} : { login: { method, username } }),
  };
}

/** What is known of a stay beside its lines. */
export interface StayContext {
  readonly isNotification: boolean;
  /** Queue id to whether the connection that took the mail there was encrypted. */
  readonly tlsOfNext: (queueId: string) => TraceTls;
}

/** What the lines of a stay tell, in their order. */
export function eventsOfStay(
  sources: SortedSources,
  stay: QueueStay,
  { isNotification, tlsOfNext }: StayContext,
): readonly TraceEvent[] {
  const { host, queueId } = stay;
  const place = (line: MailLogLine) => ({
    atMs: line.atMs,
    host,
    queueId,
    ...(isNotification ? { isNotification } : {}),
  });
  const first = stay.lines[0];
  if (first === undefined) return [];
  const events: TraceEvent[] = [
    { kind: "queued", ...place(first), source: sourceOf(sources, stay), ...stay.active },
  ];
  let activeMs = stay.startMs;
  /** Several recipients of one domain are delivered for by one question. */
  let asked = new Set<string>();
  for (const line of stay.lines) {
    if (activeIn(line) !== undefined) {
      activeMs = line.atMs;
      asked = new Set();
    }
    const notification = notificationIn(line);
    if (notification !== undefined) {
      const about = /delay/.test(line.message)
        ? "delay"
        : /status/.test(line.message)
          ? "delivery"
          : "non-delivery";
      events.push({ kind: "notified", ...place(line), about, nextQueueId: notification });
    }
    if (isRemoval(line) && line.program === "postfix/postsuper")
      events.push({ kind: "deleted", ...place(line) });
    const attempt = deliveryIn(line);
    if (attempt === undefined) continue;
    if (attempt.status === "expired") {
      events.push({ kind: "expired", ...place(line), reason: reasonOf(sources, host, attempt) });
      continue;
    }
    if (/^postfix\/(?:.*\/)?smtp$/.test(line.program ?? "") && !asked.has(domainOf(attempt.to))) {
      asked.add(domainOf(attempt.to));
      events.push(askedDns(sources, { ...place(line), fromMs: activeMs }, attempt));
    }
    events.push(attemptEvent(sources, place(line), { line, attempt, tlsOfNext }));
  }
  return events;
}

interface Place {
  readonly atMs: number;
  readonly host: string;
  readonly queueId: string;
  readonly isNotification?: boolean;
}

function attemptEvent(
  sources: SortedSources,
  place: Place,
  {
    line,
    attempt,
    tlsOfNext,
  }: { line: MailLogLine; attempt: DeliveryAttempt } & Pick<StayContext, "tlsOfNext">,
): TraceEvent {
  const { to, relay, reason, status, nextQueueId } = attempt;
  const [, originalTo] = /, orig_to=<([^>]*)>, /.exec(line.message) ?? [];
  const delays = delaysIn(line);
  const common = {
    ...place,
    to,
    ...(originalTo === undefined ? {} : { originalTo }),
    ...(delays === undefined ? {} : { delays }),
  };
  const relayHost = hostOfRelay(sources.hosts, place.host, relay);
  const server = { said: relay, ...(relayHost === undefined ? {} : { host: relayHost }) };
  if (status !== "sent") {
    const kind = status === "deferred" ? "deferred" : "bounced";
    return { kind, ...common, relay: server, reason: reasonOf(sources, place.host, attempt) };
  }
  if (nextQueueId !== undefined && isForwarded(attempt)) {
    return { kind: "forwarded", ...common, nextQueueId };
  }
  if (relay.includes("[")) {
    const tls = nextQueueId === undefined ? "unknown" : tlsOfNext(nextQueueId);
    return {
      kind: "passed",
      ...common,
      relay: server,
      tls,
      ...(nextQueueId === undefined ? {} : { nextQueueId }),
    };
  }
  const [, into = "mailbox", where] =
    /^delivered to (mailbox|maildir|command|file)(?:: (.*))?$/.exec(reason) ?? [];
  return {
    kind: "delivered",
    ...common,
    into: into as "mailbox" | "maildir" | "command" | "file",
    ...(where === undefined ? {} : { where }),
  };
}

/** `delay=0.13, delays=0.02/0/0.1/0.01`. */
function delaysIn({ message }: MailLogLine): TraceDelays | undefined {
  const [, total, a, b, c, d] =
    /, delay=([\d.]+), delays=([\d.]+)\/([\d.]+)\/([\d.]+)\/([\d.]+), /.exec(message) ?? [];
  if (total === undefined) return undefined;
  return {
    totalSeconds: Number(total),
    beforeQueueManager: Number(a),
    inQueueManager: Number(b),
    connecting: Number(c),
    transmitting: Number(d),
  };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

function reasonOf(sources: SortedSources, host: string, attempt: DeliveryAttempt): TraceReason {
  const { dsn, reason, relay, to } = attempt;
  // Where nobody was reached the words alone say who it was to be.
  const [where = relay] = /\S+\[[^\]]+\](?=:\d+: )/.exec(reason) ?? [];
  const relayHost = hostOfRelay(sources.hosts, host, where);
  return explainFailure({
    host,
    said: reason,
    stackWords: sources.stackWords,
    ...(dsn === "" ? {} : { dsn }),
    ...(to === "" ? {} : { domain: domainOf(to) }),
    ...(relayHost === undefined ? {} : { relayHost }),
  });
}

/** What the host asked for the attempt: about the recipient's domain and about the server that it went to. */
function askedDns(
  { hosts, questions }: SortedSources,
  { fromMs, ...place }: Place & { readonly fromMs: number },
  { to, relay, reason }: DeliveryAttempt,
): TraceEvent {
  const { host, atMs } = place;
  const address = hosts.find(({ name }) => name === host)?.address;
  const domain = domainOf(to);
  const server = /([^\s[]+)\[[^\]]+\]/.exec(relay === "none" ? reason : relay)?.[1]?.toLowerCase();
  const asked = (questions ?? []).filter(
    (question) =>
      question.client === address &&
      (question.name === domain || question.name === server) &&
      question.atMs >= fromMs - lateLineMs &&
      question.atMs <= atMs,
  );
  return {
    kind: "asked-dns",
    ...place,
    atMs: Math.max(fromMs, Math.min(...(asked.length === 0 ? [fromMs] : asked.map((one) => one.atMs)))),
    domain,
    questions: asked.map(({ atMs: askedMs, name, type }) => ({ atMs: askedMs, name, type })),
    isLogged: questions !== undefined,
    answersNow: [],
    ...(relay === "none" ? {} : { used: relay }),
  };
}
