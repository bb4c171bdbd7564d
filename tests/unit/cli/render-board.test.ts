import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { csvOfBoard } from "../../../src/cli/board-csv.ts";
import { boardAsJson, exitOfBoard } from "../../../src/cli/board-json.ts";
import { pageOfBoard } from "../../../src/cli/board-page.ts";
import { stuckFor } from "../../../src/cli/board-words.ts";
import { speakerOf } from "../../../src/cli/language.ts";
import { renderBoard, renderBoardChanges, renderBoardSeat } from "../../../src/cli/render-board.ts";
import { columnsOf } from "../../../src/cli/text-width.ts";
import { exitCode } from "../../../src/model/lab-error.ts";
import type { Board } from "../../../src/seats/board.ts";
import { beganAt, classBoard, lookedAt, placeOf, seatOf } from "./class-board.ts";

const english = { speak: speakerOf("en"), timeZone: "Asia/Tokyo", isColoured: false };
const japanese = { ...english, speak: speakerOf("ja") };

function widest(text: string): number {
  return Math.max(...(text.split("\n\n")[0] ?? "").split("\n").map(columnsOf));
}

describe("a board on a terminal", () => {
  it("shows a seat a row, its steps, where it is and for how long it has not got on", () => {
    expect(renderBoard(classBoard, english)).toMatchInlineSnapshot(`
      "seat  name              01 02 03 04 05 06 07 08 09 10 11 12 13  now at    last step  no step for
      s01   山田 太郎         ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔   finished  18:42
      s02   <img src=x oner…  ✔  ✖  ✔  ✔  ·  ·  ·  ·  ·  ·  ·  ·  ·   6.02      18:42      0 min
      s03   =HYPERLINK("htt…  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·   6.01                 0 min
      s04   @sum              ✔  ✔  ✔  ✔  ✔  ✔  !  ·  ·  ·  ·  ·  ·   6.07      18:40      2 min
      s05   -2+3              [LAB_STOPPED]

      ! s03  made anew since the look before: host1, host2; what passed there counts no more
      ! s04  passed before and not now: 6.07
      ? s05  The lab 1a-s05 is stopped. [LAB_STOPPED]
          Next: ./lab start --stack 1a-s05

      ✔ passed   · not yet   ✖ wrong   ? unknown   ! lost
      1a  18:42: 1 finished, 3 at work, 1 not looked at (12.3 s). Times are those of the looks; this lesson's first was at 18:00."
    `);
  });

  it("says the same in Japanese, in columns", () => {
    const text = renderBoard(classBoard, japanese);
    expect(text).toMatchInlineSnapshot(`
      "席   名前              01 02 03 04 05 06 07 08 09 10 11 12 13  現在の手順  最後の合格  進みなし
      s01  山田 太郎         ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔  ✔   完了        18:42
      s02  <img src=x oner…  ✔  ✖  ✔  ✔  ·  ·  ·  ·  ·  ·  ·  ·  ·   6.02        18:42       0分
      s03  =HYPERLINK("htt…  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·   6.01                    0分
      s04  @sum              ✔  ✔  ✔  ✔  ✔  ✔  !  ·  ·  ·  ·  ·  ·   6.07        18:40       2分
      s05  -2+3              [LAB_STOPPED]

      ! s03  前回調べた後にhost1, host2が作り直されました。以前の合格は数えません
      ! s04  以前は合格し、今は合格でない手順: 6.07
      ? s05  ラボ1a-s05は停止しています。 [LAB_STOPPED]
          次の一手: ./lab start --stack 1a-s05

      ✔ 合格   · まだ   ✖ 誤り   ? 不明   ! 後戻り
      1a  18:42現在: 完了1、作業中3、調査不可1（12.3秒）。時刻は調べた時点のもので、この授業で最初に調べたのは18:00です。"
    `);
    const signs = text.split("\n").slice(1, 5);
    expect(new Set(signs.map((row) => columnsOf(row.slice(0, row.search(/[✔·✖!] /)))))).toHaveLength(1);
  });

  it.each([120, 90, 80, 70, 60, 45])("has no row that is wider than a terminal of %i columns", (columns) => {
    for (const look of [english, japanese]) {
      const text = renderBoard(classBoard, { ...look, columns });
      expect(widest(text)).toBeLessThanOrEqual(columns);
      expect(text).toContain(columns > 70 ? "01 02 03" : "/13");
    }
  });

  it("has colours only where it is told to", () => {
    const isColoured = (text: string): boolean => text.includes("\u001B[");
    expect(isColoured(renderBoard(classBoard, english))).toBe(false);
    const coloured = renderBoard(classBoard, { ...english, isColoured: true, columns: 100 });
    expect(isColoured(coloured)).toBe(true);
    expect(coloured).toContain("01 02 03");
  });

  it("leaves the names away where they are not wanted", () => {
    const text = renderBoard(classBoard, { ...english, isNameless: true });
    expect(text).toContain("s01");
    for (const { name } of classBoard.seats) expect(text).not.toContain(name.slice(0, 8));
  });

  it("shows of one seat what is wrong at its step, with a hint", () => {
    const one = { ...classBoard, seats: classBoard.seats.slice(1, 2) };
    const text = renderBoardSeat(one, english);
    expect(text).toContain("✖ host1 6.02/inet_interfaces");
    expect(text).toMatch(/hint {4}\S/);
  });

  it.each([
    [59_999, "0 min", "0分"],
    [60_000, "1 min", "1分"],
    [3_540_000, "59 min", "59分"],
    [3_900_000, "1 h 05 min", "1時間05分"],
  ])("says %i ms as %s", (stuckMs, en, ja) => {
    const [seat] = [seatOf(placeOf("s", "S"), [{ at: beganAt, from: "6.02" }])];
    const stuck = { ...seat, stuckMs } as typeof seat;
    expect([stuckFor(stuck, english.speak), stuckFor(stuck, japanese.speak)]).toEqual([en, ja]);
  });
});

describe("changes between two boards", () => {
  it("are where each seat is at first, then a line for each step that has changed", () => {
    expect(renderBoardChanges(classBoard, undefined, english)).toMatchInlineSnapshot(`
      [
        "18:42:30   s01 山田 太郎: 13/13, finished",
        "18:42:30   s02 <img src=x onerror=alert(1)> & "Bobby" 'tables': 3/13, 6.02",
        "18:42:30 ! s03 =HYPERLINK("http://x"): made anew since the look before: host1, host2; what passed there counts no more",
        "18:42:30   s03 =HYPERLINK("http://x"): 0/13, 6.01",
        "18:42:30   s04 @sum: 6/13, 6.07",
        "18:42:30 ? s05 -2+3: The lab 1a-s05 is stopped. [LAB_STOPPED]",
      ]
    `);
    expect(renderBoardChanges(withSeats(classBoard, [0, 1, 3, 4]), classBoard, english)).toEqual([]);
  });

  it("leave the names away where they are not wanted", () => {
    const lines = renderBoardChanges(classBoard, undefined, { ...english, isNameless: true }).join("\n");
    expect(lines).toContain("18:42:30   s01: 13/13, finished");
    for (const { name } of classBoard.seats) expect(lines).not.toContain(name.slice(0, 8));
  });

  it("name steps that passed, steps that were lost, hosts that were made anew, and seats that went away", () => {
    const place = placeOf("s02", "Hanako");
    const before = { ...classBoard, seats: [seatOf(place, [{ at: beganAt, from: "6.02" }])] };
    const passed = seatOf(place, [
      { at: beganAt, from: "6.02" },
      { at: lookedAt, from: "6.03" },
    ]);
    expect(renderBoardChanges({ ...before, lookedAt, seats: [passed] }, before, english)).toEqual([
      "18:42:30 ✔ s02 Hanako: 6.02 passed",
    ]);
    const lost = seatOf(place, [
      { at: beganAt, from: "6.03" },
      { at: lookedAt, from: "6.02" },
    ]);
    expect(
      renderBoardChanges({ ...before, lookedAt, seats: [lost] }, { ...before, seats: [passed] }, english),
    ).toEqual(["18:42:30 ! s02 Hanako: 6.02 lost"]);
    const gone = classBoard.seats.slice(4).map((seat) => ({ ...seat, seat: "s02", name: "Hanako" }));
    expect(renderBoardChanges({ ...before, lookedAt, seats: gone }, before, english)).toEqual([
      "18:42:30 ? s02 Hanako: The lab 1a-s05 is stopped. [LAB_STOPPED]",
    ]);
  });
});

function withSeats(board: Board, indexes: readonly number[]): Board {
  return { ...board, seats: board.seats.filter((_, index) => indexes.includes(index)) };
}

describe("a board as CSV", () => {
  it("is a row a seat that begins with a byte order mark", () => {
    const text = csvOfBoard(classBoard, english);
    expect(text.startsWith("\uFEFFseat,name,done,now at,last step,no step for (minutes),6.01,")).toBe(true);
    expect(text.slice(1).replaceAll("\r\n", "\n")).toMatchInlineSnapshot(`
      "seat,name,done,now at,last step,no step for (minutes),6.01,6.02,6.03,6.04,6.05,6.06,6.07,6.08,6.09,6.10,6.11,6.12,6.13,remark
      s01,山田 太郎,13,finished,2026-11-24 18:42:30,,passed,passed,passed,passed,passed,passed,passed,passed,passed,passed,passed,passed,passed,
      s02,"<img src=x onerror=alert(1)> & ""Bobby"" 'tables'",3,6.02,2026-11-24 18:42:30,0,passed,wrong,passed,passed,not yet,not yet,not yet,not yet,not yet,not yet,not yet,not yet,not yet,
      s03,"'=HYPERLINK(""http://x"")",0,6.01,,0,not yet,not yet,not yet,not yet,not yet,not yet,not yet,not yet,not yet,not yet,not yet,not yet,not yet,
      s04,'@sum,6,6.07,2026-11-24 18:40:00,2,passed,passed,passed,passed,passed,passed,lost,not yet,not yet,not yet,not yet,not yet,not yet,
      s05,'-2+3,,not looked at,,,,,,,,,,,,,,,,The lab 1a-s05 is stopped. [LAB_STOPPED]
      "
    `);
  });

  it("is no formula for a spreadsheet, and keeps each cell in its place", () => {
    const rows = parse(csvOfBoard(classBoard, japanese), { bom: true });
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    expect(rows[0]?.[1]).toBe("名前");
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(rows.slice(3).map(([, name]) => name)).toEqual(['\'=HYPERLINK("http://x")', "'@sum", "'-2+3"]);
  });

  it("leaves the names away where they are not wanted", () => {
    expect(csvOfBoard(classBoard, { ...english, isNameless: true })).not.toContain("山田");
  });
});

describe("a board for a program", () => {
  it("counts the seats, and has an error where one could not be looked at", () => {
    const board = boardAsJson(classBoard, {});
    expect(board).toMatchObject({ class: "1a", lookedAt, counts: { done: 1, working: 3, unseen: 1 } });
    expect(board.seats[4]).toMatchObject({
      seat: "s05",
      state: "unseen",
      error: { code: "LAB_STOPPED", hint: "./lab start --stack 1a-s05" },
    });
    expect(board.seats[4]).not.toHaveProperty("problem");
    expect(
      boardAsJson(classBoard, { isNameless: true })
        .seats.map(({ name }) => name)
        .join(""),
    ).toBe("");
  });

  it.each([
    ["a seat could not be looked at", [0, 1, 4], exitCode.unreachable],
    ["something is not yet done", [0, 1], exitCode.checkFailed],
    ["everything has passed", [0], exitCode.good],
  ])("ends the command as check does where %s", (_what, indexes, code) => {
    expect(exitOfBoard(withSeats(classBoard, indexes))).toBe(code);
  });
});

describe("a board as a page", () => {
  const page = pageOfBoard(classBoard, english);

  it("is one file that loads nothing from anywhere and runs nothing", () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<(script|link|img|iframe|object|form)\b|@import|url\(|https?:\/\/(?!x)/);
    expect(page.match(/<meta http-equiv="refresh"/)).toBeNull();
    expect(pageOfBoard(classBoard, { ...english, refreshSeconds: 20 })).toContain(
      '<meta http-equiv="refresh" content="20" />',
    );
  });

  it("offers to hide the names only where the page stays: one that is loaded again would show them again", () => {
    expect(page).toContain('href="#nameless"');
    expect(pageOfBoard(classBoard, { ...english, refreshSeconds: 20 })).not.toContain('href="#nameless"');
  });

  it("shows names as text, whatever is in them", () => {
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Bobby&quot; &#39;tables&#39;");
    expect(page).not.toContain("<img");
  });

  it("has a cell for each seat and step, told apart without its colour", () => {
    const cells = [...page.matchAll(/<td class="step ([a-z-]+)" title="[^"]*">([✔·✖?!])<\/td>/g)];
    expect(cells).toHaveLength(4 * classBoard.steps.length);
    expect(new Set(cells.map(([, status, sign]) => `${status} ${sign}`))).toEqual(
      new Set(["passed ✔", "not-yet ·", "wrong ✖", "lost !"]),
    );
  });

  it("says what is wrong at a seat's step, with a hint, and why a seat could not be looked at", () => {
    expect(page).toContain("host1 6.02/inet_interfaces");
    expect(page).toContain("hint: Without localhost");
    expect(page).toContain("The lab 1a-s05 is stopped. [LAB_STOPPED] → ./lab start --stack 1a-s05");
    expect(page).toContain("made anew since the look before: host1, host2");
  });

  it("speaks Japanese too", () => {
    const other = pageOfBoard(classBoard, japanese);
    expect(other).toContain('<html lang="ja">');
    expect(other).toContain("進みなし");
    expect(other).not.toContain("no step for");
  });

  it("leaves the names away where they are not wanted", () => {
    const nameless = pageOfBoard(classBoard, { ...english, isNameless: true });
    for (const name of ["山田", "Bobby", "HYPERLINK", "@sum", "-2+3"]) expect(nameless).not.toContain(name);
    expect(nameless).not.toContain('class="name"');
  });
});
