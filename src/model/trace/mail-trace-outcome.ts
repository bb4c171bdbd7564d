import type { StayGroup } from "./mail-trace-stays.ts";
import type { TraceEvent, TraceRecipient } from "./mail-trace.ts";
import type { QueueStay } from "../mail/queue-stays.ts";

/** Events of a stay that end it, or put it off, for one recipient. */
type Attempt = Extract<
  TraceEvent,
  { readonly to: string; readonly queueId: string; readonly delays?: unknown }
>;

function isAttempt(event: TraceEvent): event is Attempt {
  return ["passed", "forwarded", "delivered", "deferred", "bounced"].includes(event.kind);
}

/**
 * What became of a mail for each of its recipients: by the last attempt in the last queue that had it for them.
 *
 * @param events - of all stays, in their order of time in each.
 */
export function recipientsOf(
  { stays, links }: StayGroup,
  notifications: ReadonlySet<QueueStay>,
  events: readonly TraceEvent[],
): readonly TraceRecipient[] {
  const isOfMail = stays.some((stay) => !notifications.has(stay));
  return stays
    .filter((stay) => stay.isWhole && (!isOfMail || !notifications.has(stay)))
    .flatMap((stay) => {
      const { host, queueId } = stay;
      const own = events.filter(
        (event) =>
          event.host === host &&
          event.queueId === queueId &&
          event.atMs >= stay.startMs &&
          event.atMs <= (stay.endMs ?? Infinity),
      );
      const last = new Map(own.filter(isAttempt).map((attempt) => [attempt.to, attempt]));
      const expired = own.find((event) => event.kind === "expired");
      const isDeleted = own.some(({ kind }) => kind === "deleted");
      if (last.size === 0) {
        return [{ address: "", outcome: isDeleted ? "deleted" : "on-its-way", host, queueId }] as const;
      }
      return [...last.values()].flatMap((attempt): readonly TraceRecipient[] => {
        const at = { address: attempt.to, host, queueId };
        if (attempt.kind === "delivered") return [{ ...at, outcome: "delivered" }];
        if ("reason" in attempt) {
          if (attempt.kind === "bounced") return [{ ...at, outcome: "bounced", reason: attempt.reason }];
          if (isDeleted) return [{ ...at, outcome: "deleted" }];
          if (expired === undefined) return [{ ...at, outcome: "deferred", reason: attempt.reason }];
          return [{ ...at, outcome: "expired", reason: expired.reason }];
        }
        const { nextQueueId } = attempt;
        const isSeenOn = links.some(({ from, to }) => from === stay && to.queueId === nextQueueId);
        if (isSeenOn) return [];
        // A server outside of the lab has it; a host of the lab should know it, and its log doesn't.
        const isOutside = attempt.kind === "passed" && attempt.relay.host === undefined;
        return [{ ...at, outcome: isOutside ? "delivered" : "on-its-way" }];
      });
    });
}
