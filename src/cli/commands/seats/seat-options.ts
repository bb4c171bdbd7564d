import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { Speak } from "../../language.ts";

const mostJobs = 100;

/** The argument of every command of the group. */
export const rosterArgument = "<roster>";

/** What that argument is. */
export function rosterWords(speak: Speak): string {
  return speak({
    en: "CSV with the columns seat and name, and stage, engine, language where wanted",
    ja: "seatとname（必要ならstage、engine、languageも）の列があるCSV",
  });
}

/** `--seat SEAT`, as often as wanted. */
export function seatOption(speak: Speak) {
  return new Option(
    "--seat <seat>",
    speak({ en: "only this seat; may be given again", ja: "この席だけ（複数回指定できます）" }),
  ).argParser((seat: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    seat,
  ]);
}

/** `--jobs N`. */
export function jobsOption(speak: Speak) {
  return new Option(
    "--jobs <number>",
    speak({
      en: "how many seats at once; as many as fit unless given",
      ja: "同時に処理する席の数（省略時は余裕のあるだけ）",
    }),
  ).argParser((text: string): number => {
    const jobs = Number(text);
    if (Number.isInteger(jobs) && jobs >= 1 && jobs <= mostJobs) return jobs;
    throw new InvalidArgumentError(`1 … ${mostJobs}`);
  });
}
