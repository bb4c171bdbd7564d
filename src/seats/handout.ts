import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Eta } from "eta";
import type { LabPaths } from "../lab/lab-paths.ts";
import type { Language, Text } from "../model/text.ts";
import { classFolder } from "./class-record.ts";
import { sheetOf, type HandoutSeat } from "./handout-sheet.ts";

/** The sheets of a class: a page for each seat. */
export interface Handout {
  readonly className: string;
  /** Of the page itself, and of each seat that has none of its own. */
  readonly language: Language;
  /** Stands on each sheet: a lab that is made anew has new passwords, and old sheets are none any more. */
  readonly madeAt: Date;
  readonly seats: readonly HandoutSeat[];
}

const templates = join(import.meta.dirname, "templates");
const title: Text = { en: "Sheets of the class", ja: "配布プリント" };

/** The class's sheets as one HTML page that needs nothing from elsewhere and runs nothing. */
export async function renderHandout(handout: Handout): Promise<string> {
  const { className, language, madeAt, seats } = handout;
  const eta = new Eta({ views: templates, autoEscape: true });
  const css = await readFile(join(templates, "handout.css"), "utf8");
  return eta.render("./handout", {
    language,
    title: `${title[language]} ${className}`,
    className,
    css,
    sheets: seats.map((seat) => sheetOf(seat, seat.seat.language ?? language, minuteOf(madeAt))),
  });
}

/** Date and minute by the machine's clock, as both languages can read it: 2026-04-01 09:30. */
function minuteOf(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Where a class's sheets are kept. */
export function handoutFile(paths: Pick<LabPaths, "folder">, className: string): string {
  return join(classFolder(paths, className), "handout.html");
}

/**
 * Writes a class's sheets, readable by their owner alone: they have every password. A reader sees the old file or the
 * new one, never a part.
 *
 * @returns the file.
 */
export async function writeHandout(paths: Pick<LabPaths, "folder">, handout: Handout): Promise<string> {
  const file = handoutFile(paths, handout.className);
  const fresh = `${file}.${process.pid}`;
  await mkdir(classFolder(paths, handout.className), { recursive: true, mode: 0o700 });
  try {
    await writeFile(fresh, await renderHandout(handout), { mode: 0o600 });
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
  return file;
}
