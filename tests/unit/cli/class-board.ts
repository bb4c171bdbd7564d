import type { CheckResult, CheckStatus } from "../../../src/checks/check.ts";
import { stepResults } from "../../../src/checks/judge-lab.ts";
import { steps } from "../../../src/course/steps.ts";
import { seenSeat, unseenSeat, type BoardSeat, type PlacedSeat } from "../../../src/seats/board-seat.ts";
import type { Board } from "../../../src/seats/board.ts";
import { seatAfter, type HostLook, type SeatProgress } from "../../../src/seats/progress.ts";
import { judged, withMainCf, type LabChange } from "../checks/healthy-lab.ts";

/** The lesson's first look, and the board's. */
export const beganAt = "2026-11-24T09:00:00.000Z";
export const lookedAt = "2026-11-24T09:42:30.000Z";

/** Results of a lab in which the steps from `from` on are not done yet. */
function resultsUpTo(from: string | undefined, change: LabChange): readonly CheckResult[] {
  return [...judged(change).values()].map((result) =>
    from !== undefined && result.step !== "foundation" && result.step >= from
      ? { ...result, status: "not-yet", cause: "step-before", blockedBy: `${result.host} ${result.id}` }
      : result,
  );
}

function looksOf(results: readonly CheckResult[], container: string): readonly HostLook[] {
  const bySteps = stepResults(results);
  return [...new Set(bySteps.map(({ host }) => host))].map((host) => ({
    host,
    container: `${host}-${container}`,
    steps: Object.fromEntries(
      bySteps
        .filter((step) => step.host === host)
        .map(({ step, status }): [string, CheckStatus] => [step, status]),
    ),
  }));
}

/** One look at a seat: when, how far it had got, in which containers, and what else was so. */
export interface SeatLook {
  readonly at: string;
  /** The first step that is not done yet; absent where all are. */
  readonly from?: string;
  readonly container?: string;
  readonly change?: LabChange;
}

/** A seat after some looks at it; the last one is the board's. */
export function seatOf(place: PlacedSeat, looks: readonly SeatLook[]): BoardSeat {
  let before: SeatProgress | undefined;
  let after: SeatProgress | undefined;
  let row: BoardSeat | undefined;
  for (const { at, from, container = "1", change = {} } of looks) {
    const results = resultsUpTo(from, change);
    const hosts = looksOf(results, container);
    before = after;
    after = seatAfter(before, hosts, at);
    const report = {
      stack: place.stack,
      stage: "exercise",
      startedAt: at,
      durationMs: 1500,
      status: "wrong" as const,
      steps: stepResults(results),
      results,
    };
    row = seenSeat(place, { report, hosts }, { before, after, lessonSince: beganAt, at });
  }
  if (row === undefined) throw new Error("no look at all");
  return row;
}

/** A seat of the tests' class. */
export function placeOf(id: string, name: string): PlacedSeat {
  return { id, name, engine: undefined, stack: `1a-${id}` };
}

const misspelt = withMainCf({ inet_interfaces: "192.168.1.12" });

/** A class with a seat of each kind. */
export const classBoard: Board = {
  className: "1a",
  lookedAt,
  durationMs: 12_345,
  lessonSince: beganAt,
  steps: steps.map(({ id, title }) => ({ id, title })),
  seats: [
    seatOf(placeOf("s01", "山田 太郎"), [{ at: beganAt, from: "6.01" }, { at: lookedAt }]),
    seatOf(placeOf("s02", "<img src=x onerror=alert(1)> & \"Bobby\" 'tables'"), [
      { at: beganAt, from: "6.02" },
      { at: lookedAt, from: "6.05", change: misspelt },
    ]),
    seatOf(placeOf("s03", '=HYPERLINK("http://x")'), [
      { at: "2026-11-24T09:20:00.000Z", from: "6.04" },
      { at: lookedAt, from: "6.01", container: "2" },
    ]),
    seatOf(placeOf("s04", "@sum"), [
      { at: beganAt, from: "6.03" },
      { at: "2026-11-24T09:40:00.000Z", from: "6.08" },
      { at: lookedAt, from: "6.07" },
    ]),
    unseenSeat(
      placeOf("s05", "-2+3"),
      {
        code: "LAB_STOPPED",
        text: { en: "The lab 1a-s05 is stopped.", ja: "ラボ1a-s05は停止しています。" },
        details: [],
        hint: { en: "./lab start --stack 1a-s05", ja: "./lab start --stack 1a-s05" },
      },
      { before: undefined, after: undefined, lessonSince: beganAt, at: lookedAt },
    ),
  ],
};
