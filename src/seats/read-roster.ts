import { constants, open } from "node:fs/promises";
import { stageNames } from "../course/stage.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import { parseRoster, type Roster } from "../model/roster/roster.ts";
import type { Text } from "../model/text.ts";

/** Ten times what the largest roster takes; what is larger is another file. */
const largestRosterBytes = 1024 * 1024;

const notOrdinary: Text = { en: "it is no ordinary file", ja: "通常のファイルではありません" };

/** What the kernel says of a file that can't be read, and how the lab says it. */
const refusals: Readonly<Record<string, Text>> = {
  ENOENT: { en: "there is no such file", ja: "ファイルがありません" },
  ENOTDIR: { en: "a part of the path is no folder", ja: "パスの途中がフォルダーではありません" },
  EISDIR: { en: "it is a folder", ja: "フォルダーです" },
  ENXIO: notOrdinary,
  EACCES: { en: "you may not read it", ja: "読む権限がありません" },
  EPERM: { en: "you may not read it", ja: "読む権限がありません" },
  ELOOP: { en: "its links lead in a circle", ja: "リンクが循環しています" },
  ENAMETOOLONG: { en: "the path is too long", ja: "パスが長すぎます" },
};

/**
 * Reads a roster file.
 *
 * @param file - path from the current folder.
 * @throws LabError `LAB_ROSTER_FILE` where it can't be read, `LAB_ROSTER` with every problem's line and column.
 */
export async function readRoster(file: string): Promise<Roster> {
  return parseRoster(file, await readBytes(file), stageNames);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    // Without waiting: a pipe that nobody writes to would hold its opening for ever.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (stat.isDirectory()) throw unreadable(file, refusals["EISDIR"]);
      if (!stat.isFile()) throw unreadable(file, notOrdinary);
      if (stat.size > largestRosterBytes) throw unreadable(file, tooLarge(stat.size));
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const text = refusals[code];
    if (text === undefined) throw error;
    throw unreadable(file, text, error);
  }
}

function tooLarge(sizeBytes: number): Text {
  const size = `${(sizeBytes / 1024 / 1024).toFixed(1)} MiB`;
  return {
    en: `it has ${size}; a roster has 1 MiB at the most`,
    ja: `大きさが${size}あります。名簿は1 MiBまでです`,
  };
}

function unreadable(file: string, reason: Text | undefined, cause?: unknown): LabError {
  return new LabError(
    "LAB_ROSTER_FILE",
    {
      en: `The roster ${file} can't be read: ${reason?.en ?? ""}.`,
      ja: `名簿 ${file} を読めません（${reason?.ja ?? ""}）。`,
    },
    {
      hint: {
        en: "give the path of a CSV file whose first line is seat,name; docs/classroom.md has an example",
        ja: "1行目が seat,name のCSVファイルのパスを指定してください。例は docs/classroom.ja.md にあります",
      },
      exit: exitCode.usage,
      cause,
    },
  );
}
