import type { CheckResult, CheckStatus } from "../checks/check.ts";
import { foundation } from "../checks/catalogue.ts";
import type { Seat } from "../model/roster/roster.ts";
import type { SeatFault } from "./class-record.ts";
import type { SeatView } from "./look-at-seat.ts";
import { hostsBegunAnew, lastProgressOf, stillSince, type HostLook, type SeatProgress } from "./progress.ts";

/** How a step stands at a seat: `lost` passed at an earlier look and does not now. */
export type BoardStatus = CheckStatus | "lost";

/** A step at a seat, over all of its hosts. */
export interface BoardCell {
  readonly status: BoardStatus;
  /** Host to how the step stands there. */
  readonly hosts: Readonly<Record<string, BoardStatus>>;
  /** The look that first saw it passed on every host, RFC 3339; absent where it does not pass. */
  readonly passedAt?: string;
}

/** A row of the board. */
export type BoardSeat = SeenSeat | UnseenSeat;

interface AnySeat {
  readonly seat: string;
  readonly name: string;
  readonly stack: string;
  readonly engine?: string;
  /** The last look that saw it get on, RFC 3339; absent where none has since its hosts were made. */
  readonly lastProgressAt?: string;
}

/** A seat that was looked at. */
export interface SeenSeat extends AnySeat {
  readonly state: "done" | "working";
  /** The stage that the lab itself was brought to. */
  readonly stage: string;
  /** Step, or `foundation`, to how it stands. */
  readonly steps: Readonly<Record<string, BoardCell>>;
  /** How many steps pass; the foundation is none. */
  readonly passedCount: number;
  /** The first step that has not passed, or `foundation`; absent where all have. */
  readonly current?: string;
  /** What keeps the current step from passing, with hints. */
  readonly findings: readonly CheckResult[];
  /** Since when it has not got on, as far as the looks tell; absent where nothing is left to do. */
  readonly stillSince?: string;
  readonly stuckMs?: number;
  /** Hosts that were made anew since the look before: what they had got to counts no more. */
  readonly begunAnew: readonly string[];
}

/** A seat that could not be looked at. */
export interface UnseenSeat extends AnySeat {
  readonly state: "unseen";
  readonly problem: SeatFault;
}

/** What the looks before have left, and this one has made of it. */
export interface SeatHistory {
  readonly before: SeatProgress | undefined;
  readonly after: SeatProgress | undefined;
  readonly lessonSince: string;
  /** When this look was. */
  readonly at: string;
}

/** A seat with where its lab is. */
export type PlacedSeat = Pick<Seat, "id" | "name" | "engine"> & { readonly stack: string };

/** The row of a seat that could not be looked at: what it had got to is not shown as if it were so now. */
export function unseenSeat(place: PlacedSeat, problem: SeatFault, { after }: SeatHistory): UnseenSeat {
  return { ...common(place, after), state: "unseen", problem };
}

/** The row of a seat that was looked at. */
export function seenSeat(place: PlacedSeat, { report, hosts }: SeatView, history: SeatHistory): SeenSeat {
  const progress = history.after ?? {};
  const order = [...new Set(report.steps.map(({ step }) => step))];
  const steps = Object.fromEntries(order.map((step) => [step, cellOf(step, hosts, progress)]));
  const current = order.find((step) => steps[step]?.status !== "passed");
  const since = stillSince(progress, history.lessonSince);
  const still = { stillSince: since, stuckMs: Math.max(0, Date.parse(history.at) - Date.parse(since)) };
  return {
    ...common(place, history.after),
    state: current === undefined ? "done" : "working",
    stage: report.stage,
    steps,
    passedCount: order.filter((step) => step !== foundation && steps[step]?.status === "passed").length,
    ...(current === undefined ? {} : { current, ...still }),
    findings: current === undefined ? [] : findingsOf(report.results, current),
    begunAnew: hostsBegunAnew(history.before, hosts),
  };
}

function common({ id, name, stack, engine }: PlacedSeat, progress: SeatProgress | undefined): AnySeat {
  const lastProgressAt = progress && lastProgressOf(progress);
  return {
    seat: id,
    name,
    stack,
    ...(engine === undefined ? {} : { engine }),
    ...(lastProgressAt === undefined ? {} : { lastProgressAt }),
  };
}

/** From good to bad; a seat's step is as bad as its worst host's. */
const order: readonly BoardStatus[] = ["passed", "not-yet", "unknown", "wrong", "lost"];

function cellOf(step: string, looks: readonly HostLook[], progress: SeatProgress): BoardCell {
  const hosts = Object.fromEntries(
    looks.map(({ host, steps }): [string, BoardStatus] => {
      const status = steps[step] ?? "unknown";
      const isLost = progress[host]?.steps[step]?.lostAt !== undefined && status !== "unknown";
      return [host, isLost ? "lost" : status];
    }),
  );
  const status = order.findLast((one) => Object.values(hosts).includes(one)) ?? "unknown";
  const times = looks.flatMap(({ host }) => progress[host]?.steps[step]?.passedAt ?? []);
  const passedAt = times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
  return { status, hosts, ...(status === "passed" && passedAt !== undefined ? { passedAt } : {}) };
}

/** What keeps a step from passing: its own failures, or the ones elsewhere that are their reason. */
function findingsOf(results: readonly CheckResult[], step: string): readonly CheckResult[] {
  const failing = results.filter((result) => result.step === step && result.status !== "passed");
  const reasons = failing.map(
    (result) => results.find(({ host, id }) => `${host} ${id}` === result.blockedBy) ?? result,
  );
  return [...new Set(reasons)];
}
