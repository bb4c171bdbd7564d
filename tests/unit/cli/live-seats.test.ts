import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { speakerOf } from "../../../src/cli/language.ts";
import { rowsThatFit, showSeats, summaryOf, type SeatRow } from "../../../src/cli/live-seats.ts";
import { columnsOf } from "../../../src/cli/text-width.ts";

type Phase = SeatRow["progress"]["phase"];

const { signal } = new AbortController();

function row(id: string, phase: Phase): SeatRow {
  return {
    seat: { id, name: `学生 ${id}`, stack: `class-${id}` },
    progress: { id, phase },
    startedMs: undefined,
  };
}

/** An error stream that keeps what is written, as a terminal of that size or none. */
function stream(size?: { columns: number; rows: number }) {
  const written: string[] = [];
  const kept = {
    isTTY: size !== undefined,
    columns: size?.columns,
    rows: size?.rows,
    write: (text: string) => written.push(text),
  };
  return { written, stream: kept as unknown as NodeJS.WriteStream };
}

describe("the view of a class at work", () => {
  it("shows every seat where there is room", () => {
    const rows = [row("s1", "done"), row("s2", "waiting")];
    expect(rowsThatFit(rows, 2)).toEqual(rows);
  });

  it("shows first what failed and what is at work where there are more seats than rows, in their order", () => {
    const rows = [row("s1", "done"), row("s2", "working"), row("s3", "waiting"), row("s4", "failed")];
    expect(rowsThatFit(rows, 2).map(({ seat }) => seat.id)).toEqual(["s2", "s4"]);
    expect(rowsThatFit(rows, 3).map(({ seat }) => seat.id)).toEqual(["s1", "s2", "s4"]);
  });

  it("counts all of them in its first line", () => {
    const rows = [row("s1", "done"), row("s2", "done"), row("s3", "failed")];
    expect(summaryOf(rows, 61_000, speakerOf("en"))).toBe("3 seats  failed 1  done 2  61.0 s");
    expect(summaryOf(rows, 61_000, speakerOf("ja"))).toBe("3席  失敗 1  完了 2  61.0 s");
  });

  it("never has a line wrap on a small terminal, also with wide letters", () => {
    const { stream: terminal, written } = stream({ columns: 30, rows: 6 });
    const seats = ["s1", "s2"].map((id) => ({ id, name: "長曽我部 元親之助殿下様", stack: `class-${id}` }));
    const view = showSeats(seats, speakerOf("ja"), signal, terminal);
    view.watch({ id: "s1", phase: "working", line: "create host1 create host1 create host1" });
    view.close();
    const lines = stripVTControlCharacters(written.join("")).split("\n");
    expect(lines.some((line) => line.includes("長曽"))).toBe(true);
    const rows = lines.filter((line) => line.includes("s1"));
    expect(
      rows.every((line) => line.endsWith("…")),
      rows.join("\n"),
    ).toBe(true);
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(30);
  });

  it("writes a line when a seat begins and when it ends where there is no terminal", () => {
    const { stream: pipe, written } = stream();
    const view = showSeats([{ id: "s1", name: "Tanaka", stack: "class-s1" }], speakerOf("en"), signal, pipe);
    view.watch({ id: "s1", phase: "waiting" });
    view.watch({ id: "s1", phase: "working" });
    view.watch({ id: "s1", phase: "working", line: "create host1" });
    view.watch({
      id: "s1",
      phase: "failed",
      tookMs: 1234,
      fault: { code: "LAB_X", text: { en: "It is broken.", ja: "" }, details: [] },
    });
    view.close();
    expect(written).toEqual(["…  s1  Tanaka  working\n", "✖  s1  Tanaka  It is broken.  1.2 s\n"]);
  });
});
