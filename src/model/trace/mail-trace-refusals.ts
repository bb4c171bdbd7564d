import { deliveryIn, hostOfRelay } from "../mail/mail-log.ts";
import { explainFailure } from "./mail-trace-reasons.ts";
import type { LocalRefusal, SmtpSession } from "./mail-trace-sessions.ts";
import { clientAt, type SortedSources } from "./mail-trace-sources.ts";
import type { StayGroup } from "./mail-trace-stays.ts";
import type { TraceEvent } from "./mail-trace.ts";

/** A host may write its line a moment after the other has closed the connection. */
const claimSlackMs = 1000;

/** The connections at which something was refused, by the mail that they belong to. */
export interface Claims {
  readonly byGroup: ReadonlyMap<StayGroup, readonly SmtpSession[]>;
  /** Those of no mail that came into a queue. */
  readonly free: readonly SmtpSession[];
}

/** Finds for each connection with a refusal or a failed login the mail that it belongs to. */
export function claimSessions(sources: SortedSources): Claims {
  const { groups, sessions, hosts } = sources;
  const byQueueId = new Map(
    groups.flatMap((group) => group.stays.map((stay) => [`${stay.host}/${stay.queueId}`, group] as const)),
  );
  const attempts = groups.flatMap((group) =>
    group.stays.flatMap((stay) =>
      stay.lines.flatMap((line) => {
        const attempt = deliveryIn(line);
        const relayHost = attempt && hostOfRelay(hosts, stay.host, attempt.relay);
        return relayHost === undefined ? [] : [{ group, from: stay.host, relayHost, atMs: line.atMs }];
      }),
    ),
  );
  const byGroup = new Map<StayGroup, SmtpSession[]>();
  const free: SmtpSession[] = [];
  for (const session of sessions) {
    if (session.refusals.length + session.loginFailures.length === 0) continue;
    const { host, client, startMs, endMs = Infinity } = session;
    const from = hosts.find(({ address }) => address === client.address)?.name;
    const [queueId] = session.queueIds;
    const group =
      queueId === undefined
        ? attempts.find(
            (attempt) =>
              attempt.from === from &&
              attempt.relayHost === host &&
              attempt.atMs >= startMs &&
              attempt.atMs <= endMs + claimSlackMs,
          )?.group
        : byQueueId.get(`${host}/${queueId}`);
    if (group === undefined) free.push(session);
    else byGroup.set(group, [...(byGroup.get(group) ?? []), session]);
  }
  return { byGroup, free };
}

/** What was refused in a connection, and which logins failed. */
export function eventsOfSession(sources: SortedSources, session: SmtpSession): readonly TraceEvent[] {
  const { host, tls } = session;
  const client = clientAt(sources, host, session.client.address, session.client.name);
  const { stackWords } = sources;
  const reason = (said: string, dsn?: string) =>
    explainFailure({ host, said, stackWords, ...(dsn === undefined ? {} : { dsn }) });
  return [
    ...session.loginFailures.map(({ said, ...failure }): TraceEvent => ({
      kind: "login-failed",
      host,
      client,
      ...failure,
      reason: reason(/mechanism/.test(said) ? said : `authentication failed: ${said}`, "5.7.8"),
    })),
    ...session.refusals.map(({ said, dsn, ...refusal }): TraceEvent => ({
      kind: "refused",
      host,
      by: { via: "smtp", client, tls },
      ...refusal,
      reason: reason(said, dsn),
    })),
  ];
}

/** A mail that the host's own `sendmail` did not take. */
export function eventOfLocalRefusal(
  { stackWords }: SortedSources,
  { host, atMs, user, uid, said }: LocalRefusal,
): TraceEvent {
  return {
    kind: "refused",
    host,
    atMs,
    by: { via: "local", uid, user },
    at: "sendmail",
    reason: explainFailure({ host, said, stackWords }),
  };
}
