import { styleText } from "node:util";
import { createLogUpdate } from "log-update";
import type { NamedSeat, SeatProgress, SeatWatch } from "../seats/work-on-seats.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";
import { columnsOf, cutColumns, padColumns } from "./text-width.ts";

type Phase = SeatProgress["phase"];

const signs: Readonly<Record<Phase, string>> = {
  waiting: " ",
  working: "…",
  done: "✔",
  failed: "✖",
  interrupted: "■",
  "not-begun": " ",
};

const colours = {
  waiting: "dim",
  working: "cyan",
  done: "green",
  failed: "red",
  interrupted: "yellow",
  "not-begun": "dim",
} as const satisfies Record<Phase, string>;

const phaseWords: Readonly<Record<Phase, Text>> = {
  waiting: { en: "waiting", ja: "待機中" },
  working: { en: "working", ja: "処理中" },
  done: { en: "done", ja: "完了" },
  failed: { en: "failed", ja: "失敗" },
  interrupted: { en: "interrupted", ja: "中断" },
  "not-begun": { en: "not begun", ja: "未着手" },
};

/** The order in which rows get a place where there are more seats than rows: what somebody has to see goes first. */
const urgency: readonly Phase[] = ["failed", "working", "interrupted", "done", "waiting", "not-begun"];

/** Lines of a terminal that are not for rows: the summary, and the cursor's own. */
const otherLines = 2;
const defaultSize = { columns: 80, rows: 24 } as const;
/** Times move on without anything happening. */
const redrawMs = 500;
const mostNameColumns = 16;

/** A seat as it is shown, with when its work began. */
export interface SeatRow {
  readonly seat: NamedSeat;
  readonly progress: SeatProgress;
  readonly startedMs: number | undefined;
}

/** A view of a class that is worked on. */
export interface SeatsView {
  readonly watch: SeatWatch;
  /** Leaves what is shown and shows no more. */
  readonly close: () => void;
}

/**
 * Shows a class while it is worked on, on the error stream: a row a seat on a terminal, elsewhere a line when a seat
 * begins and when it ends.
 */
export function showSeats(
  seats: readonly NamedSeat[],
  speak: Speak,
  signal: AbortSignal,
  stream: NodeJS.WriteStream = process.stderr,
): SeatsView {
  return stream.isTTY ? liveView(seats, speak, signal, stream) : plainView(seats, speak, stream);
}

function plainView(seats: readonly NamedSeat[], speak: Speak, stream: NodeJS.WriteStream): SeatsView {
  const phases = new Map<string, Phase>();
  return {
    watch({ id, phase, tookMs, fault }) {
      const seat = seats.find((candidate) => candidate.id === id);
      if (seat === undefined || phase === "waiting" || phases.get(id) === phase) return;
      phases.set(id, phase);
      const what = fault === undefined || phase !== "failed" ? speak(phaseWords[phase]) : speak(fault.text);
      const time = tookMs === undefined ? [] : [seconds(tookMs)];
      stream.write(`${[signs[phase], seat.id, seat.name, what, ...time].join("  ")}\n`);
    },
    close: () => undefined,
  };
}

function liveView(
  seats: readonly NamedSeat[],
  speak: Speak,
  signal: AbortSignal,
  stream: NodeJS.WriteStream,
): SeatsView {
  const rows = new Map<string, SeatRow>(
    seats.map((seat) => [
      seat.id,
      { seat, progress: { id: seat.id, phase: "waiting" }, startedMs: undefined },
    ]),
  );
  const startedMs = performance.now();
  const log = createLogUpdate(stream);
  const draw = (): void => {
    const { columns, rows: lines } = { ...defaultSize, ...sizeOf(stream) };
    const nowMs = performance.now();
    const head = summaryOf([...rows.values()], nowMs - startedMs, speak);
    const body = rowsThatFit([...rows.values()], lines - otherLines).map((row) =>
      rowLine(row, { nowMs, columns, speak, names: nameColumns(seats), ids: idColumns(seats) }),
    );
    log([cutColumns(head, columns), ...body].join("\n"));
  };
  // What Ctrl-C says stands below what was shown until then.
  const keep = (): void => {
    log.done();
  };
  signal.addEventListener("abort", keep);
  const timer = setInterval(draw, redrawMs);
  return {
    watch(progress) {
      const row = rows.get(progress.id);
      if (row === undefined) return;
      const began = progress.phase === "working" ? (row.startedMs ?? performance.now()) : row.startedMs;
      rows.set(progress.id, { ...row, progress, startedMs: began });
    },
    close() {
      clearInterval(timer);
      signal.removeEventListener("abort", keep);
      draw();
      log.done();
    },
  };
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): { columns?: number; rows?: number } {
  // A terminal without a size says 0.
  return { ...(columns > 0 && { columns }), ...(rows > 0 && { rows }) };
}

function nameColumns(seats: readonly NamedSeat[]): number {
  return Math.min(mostNameColumns, Math.max(0, ...seats.map(({ name }) => columnsOf(name))));
}

function idColumns(seats: readonly NamedSeat[]): number {
  return Math.max(0, ...seats.map(({ id }) => id.length));
}

/** As many rows as there is room for, in the seats' order: where not all fit, those that somebody has to see. */
export function rowsThatFit(rows: readonly SeatRow[], lines: number): readonly SeatRow[] {
  if (rows.length <= lines) return rows;
  const byUrgency = [...rows].sort(
    (left, right) => urgency.indexOf(left.progress.phase) - urgency.indexOf(right.progress.phase),
  );
  const shown = new Set(byUrgency.slice(0, Math.max(0, lines)));
  return rows.filter((row) => shown.has(row));
}

/** How many seats are how far, and for how long it has gone on. */
export function summaryOf(rows: readonly SeatRow[], elapsedMs: number, speak: Speak): string {
  const counts = urgency.flatMap((phase) => {
    const count = rows.filter(({ progress }) => progress.phase === phase).length;
    return count === 0 ? [] : [`${speak(phaseWords[phase])} ${count}`];
  });
  const total = speak({ en: `${rows.length} seats`, ja: `${rows.length}席` });
  return [total, ...counts, seconds(elapsedMs)].join("  ");
}

/** How a row is to look. */
interface RowLook {
  readonly nowMs: number;
  readonly columns: number;
  readonly speak: Speak;
  readonly names: number;
  readonly ids: number;
}

function rowLine({ seat, progress, startedMs }: SeatRow, look: RowLook): string {
  const { phase, line, fault, tookMs } = progress;
  const { speak, columns } = look;
  const elapsed = tookMs ?? (startedMs === undefined ? undefined : look.nowMs - startedMs);
  const what = fault === undefined ? speak(phaseWords[phase]) : speak(fault.text);
  const text = [
    padColumns(seat.id, look.ids),
    padColumns(cutColumns(seat.name, look.names), look.names),
    (elapsed === undefined ? "" : seconds(elapsed)).padStart(7),
    line ?? what,
  ].join("  ");
  // Cut before it is coloured: a line that wraps can't be redrawn in place.
  return `${styleText(colours[phase], signs[phase])} ${cutColumns(text, columns - 3)}`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
