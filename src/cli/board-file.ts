import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Board } from "../seats/board.ts";
import { writePrivately } from "../seats/write-privately.ts";
import type { PageLook } from "./board-page.ts";
import { unwritableFile } from "./unwritable-file.ts";

/** Writes a board's page. */
export type PageWriter = (board: Board, look: PageLook) => Promise<void>;

/**
 * Makes sure that a board's page can be written, before a class is looked at for it. It is written whole and readable
 * by its owner alone: it has names.
 *
 * @throws LabError `LAB_BOARD_FILE`
 */
export async function pageWriter(file: string): Promise<PageWriter> {
  const path = resolve(file);
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK);
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined && !there.isFile()) throw new Error("it is no ordinary file");
  } catch (error) {
    throw unwritableFile("LAB_BOARD_FILE", "--html", file, error);
  }
  const { pageOfBoard } = await import("./board-page.ts");
  return async (board, look) => {
    const page = pageOfBoard(board, look);
    try {
      await writePrivately(path, page);
    } catch (error) {
      throw unwritableFile("LAB_BOARD_FILE", "--html", file, error);
    }
  };
}
