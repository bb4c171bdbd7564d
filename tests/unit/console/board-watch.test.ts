import { afterEach, describe, expect, it } from "vitest";
import type { BoardMessage } from "../../../src/console/api.ts";
import { BoardWatch } from "../../../src/console/board-watch.ts";
import { LabError } from "../../../src/model/lab-error.ts";
import type { Board } from "../../../src/seats/board.ts";
import { classBoard } from "../cli/class-board.ts";

let over = new AbortController();

afterEach(() => {
  over.abort();
  over = new AbortController();
});

/** What a page that begins to listen is told first. */
async function firstTold(
  look: () => Promise<Board>,
  { isNameless = false }: { readonly isNameless?: boolean } = {},
): Promise<BoardMessage> {
  const { promise, resolve } = Promise.withResolvers<BoardMessage>();
  new BoardWatch(look, isNameless, over.signal).listen(resolve);
  return await promise;
}

describe("the board of a class in a console", () => {
  it("has every seat with its name, its lab and how each step stands", async () => {
    const told = await firstTold(() => Promise.resolve(classBoard));
    if (told.kind !== "board") throw new Error("no board");
    expect(told.board.seats.map(({ seat, name, lab }) => [seat, name, lab])).toEqual(
      classBoard.seats.map(({ seat, name, stack }) => [seat, name, stack]),
    );
    expect(told.board.seats[0]).toMatchObject({ steps: { "6.01": "passed", "6.13": "passed" } });
    expect(told.board.seats[4]).toMatchObject({ state: "unseen", problem: { code: "LAB_STOPPED" } });
  });

  it("has no name in it where it is shown to all", async () => {
    const told = JSON.stringify(await firstTold(() => Promise.resolve(classBoard), { isNameless: true }));
    for (const { name } of classBoard.seats) expect(told).not.toContain(JSON.stringify(name).slice(1, -1));
  });

  it("says why it could not be looked at", async () => {
    const problem = new LabError("LAB_X", { en: "It is away.", ja: "ありません。" });
    expect(await firstTold(() => Promise.reject(problem))).toMatchObject({
      kind: "problem",
      problem: { code: "LAB_X" },
    });
  });

  it("is told at once to a page that comes later, and looked at by one for all", async () => {
    let looks = 0;
    const look = (): Promise<Board> => {
      looks += 1;
      return Promise.resolve(classBoard);
    };
    const watch = new BoardWatch(look, false, over.signal);
    const { promise, resolve } = Promise.withResolvers<BoardMessage>();
    watch.listen(resolve);
    await promise;
    const later: BoardMessage[] = [];
    watch.listen((message) => later.push(message));
    expect(later.map(({ kind }) => kind)).toEqual(["board"]);
    expect(looks).toBe(1);
  });
});
