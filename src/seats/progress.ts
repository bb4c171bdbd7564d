import type { CheckStatus } from "../checks/check.ts";
import { foundation } from "../checks/catalogue.ts";

/** A step that has passed on a host at some look. Times are RFC 3339. */
interface StepProgress {
  /** The look that first saw it passed. */
  readonly passedAt: string;
  /** The look that found it undone again; absent while it passes. */
  readonly lostAt?: string | undefined;
}

/** What a host has got to, for as long as its container is the same one. */
export interface HostProgress {
  /** The engine's id of the container: a host that was reset is another one, and nothing of the old one counts. */
  readonly container: string;
  /** The first look at this container. */
  readonly since: string;
  /** The last look that saw a step pass that did not pass before. */
  readonly progressAt?: string | undefined;
  /** Step to when it passed; steps that never did are absent. */
  readonly steps: Readonly<Record<string, StepProgress>>;
}

/** What a seat has got to: host name to what that host has. */
export type SeatProgress = Readonly<Record<string, HostProgress>>;

/** What the looks at a class have seen up to now. */
export interface ClassProgress {
  /** The first look of the lesson that is on. */
  readonly lessonSince: string;
  readonly lastLookAt: string;
  /** Seat to what it has got to. */
  readonly seats: Readonly<Record<string, SeatProgress>>;
}

/** A host at one look. */
export interface HostLook {
  readonly host: string;
  readonly container: string;
  /** Step to how it stands there. */
  readonly steps: Readonly<Record<string, CheckStatus>>;
}

/** After so long without a look the next one begins another lesson: nobody was stuck in between. */
export const lessonPauseMs = 2 * 60 * 60 * 1000;

/** What is known of a host after a look at it. */
export function hostAfter(before: HostProgress | undefined, look: HostLook, at: string): HostProgress {
  const { container } = look;
  const own = before?.container === container ? before : { container, since: at, steps: {} };
  let progressAt = own.progressAt;
  const steps: Record<string, StepProgress> = { ...own.steps };
  for (const [step, status] of Object.entries(look.steps)) {
    // What the lab stands on is nobody's progress.
    if (step === foundation) continue;
    const known = steps[step];
    if (status === "passed" && (known === undefined || known.lostAt !== undefined)) {
      steps[step] = { passedAt: known?.passedAt ?? at };
      progressAt = at;
    }
    // What could not be looked at is neither passed nor lost.
    const isUndone = status === "wrong" || status === "not-yet";
    if (isUndone && known !== undefined && known.lostAt === undefined) steps[step] = { ...known, lostAt: at };
  }
  return { ...own, ...(progressAt === undefined ? {} : { progressAt }), steps };
}

/** What is known of a seat after a look at all of its hosts; a host that the lab has no longer is forgotten. */
export function seatAfter(
  before: SeatProgress | undefined,
  looks: readonly HostLook[],
  at: string,
): SeatProgress {
  return Object.fromEntries(looks.map((look) => [look.host, hostAfter(before?.[look.host], look, at)]));
}

/**
 * What is known of a class after a look.
 *
 * @param looks - seat to its hosts; a seat that could not be looked at is absent and keeps what it had.
 */
export function classAfter(
  before: ClassProgress | undefined,
  looks: ReadonlyMap<string, readonly HostLook[]>,
  at: string,
): ClassProgress {
  const pauseMs = before === undefined ? Infinity : Date.parse(at) - Date.parse(before.lastLookAt);
  const seats = { ...before?.seats };
  for (const [seat, hosts] of looks) seats[seat] = seatAfter(seats[seat], hosts, at);
  return {
    lessonSince: before === undefined || pauseMs > lessonPauseMs ? at : before.lessonSince,
    lastLookAt: at,
    seats,
  };
}

/** Names of the hosts that are not the containers which the look before saw: they were reset in between. */
export function hostsBegunAnew(
  before: SeatProgress | undefined,
  looks: readonly HostLook[],
): readonly string[] {
  return looks.flatMap(({ host, container }) => {
    const known = before?.[host];
    return known === undefined || known.container === container ? [] : [host];
  });
}

/** The last look that saw a seat get on; absent where it has not since its hosts were made. */
export function lastProgressOf(seat: SeatProgress): string | undefined {
  return latest(Object.values(seat).flatMap(({ progressAt }) => progressAt ?? []));
}

/**
 * Since when a seat has not got on, as far as the looks tell: its last progress, but neither before this lesson nor
 * before the youngest of its hosts.
 */
export function stillSince(seat: SeatProgress, lessonSince: string): string {
  const hosts = Object.values(seat);
  const times = [lessonSince, ...hosts.map(({ since }) => since), lastProgressOf(seat) ?? lessonSince];
  return latest(times) ?? lessonSince;
}

function latest(times: readonly string[]): string | undefined {
  return times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}
