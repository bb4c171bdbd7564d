import { clientAt, type SortedSources } from "./mail-trace-sources.ts";
import type { TraceEvent } from "./mail-trace.ts";

/** As many visits as are told; a mail program that looks every minute would fill the page. */
const mostVisits = 10;

/** The account whose mailbox an address of a host is. */
export function accountOf(address: string): string {
  return (address.split("@")[0] ?? "").replace(/\+.*$/, "");
}

/** The visits by IMAP and POP3 to the mailboxes that the mail went to, from when it lay there; the first ones. */
export function visitsAfter(sources: SortedSources, events: readonly TraceEvent[]): readonly TraceEvent[] {
  const deliveries = new Map(
    events.flatMap((event) =>
      event.kind === "delivered" && event.isNotification !== true
        ? [[`${event.host}/${accountOf(event.to)}`, event] as const]
        : [],
    ),
  );
  return [...deliveries.values()].flatMap((delivery) =>
    sources.visits
      .filter(
        ({ host, user, endMs = Infinity }) =>
          host === delivery.host && user === accountOf(delivery.to) && endMs >= delivery.atMs,
      )
      .slice(0, mostVisits)
      .map(({ host, user, protocol, address, method, tls, startMs, endMs, counts }): TraceEvent => ({
        kind: "mailbox-visited",
        atMs: Math.max(startMs, delivery.atMs),
        host,
        user,
        protocol,
        method,
        tls,
        client: clientAt(sources, host, address),
        loginMs: startMs,
        counts,
        ...(endMs === undefined ? {} : { endMs }),
      })),
  );
}
