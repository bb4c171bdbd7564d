import { LabError, exitCode } from "../model/lab-error.ts";

/**
 * Those seats that a command is meant for: all of them unless some are named.
 *
 * @param wanted - seats as `--seat` names them; capitals make no difference.
 * @param where - what has no such seat, for the sentence: a roster's file or a class.
 * @throws LabError `LAB_NO_SEAT` where one of the named ones is not there.
 */
export function chooseSeats<Seat extends { readonly id: string }>(
  seats: readonly Seat[],
  wanted: readonly string[] | undefined,
  where: string,
): readonly Seat[] {
  if (wanted === undefined || wanted.length === 0) return seats;
  const isNamed = (id: string) => (name: string) => name.toLowerCase() === id.toLowerCase();
  const missing = wanted.filter((name) => !seats.some(({ id }) => isNamed(id)(name)));
  if (missing.length === 0) return seats.filter(({ id }) => wanted.some(isNamed(id)));
  const known = seats.map(({ id }) => id).join(" ");
  throw new LabError(
    "LAB_NO_SEAT",
    {
      en: `--seat: ${where} has no seat “${missing.join("”, “")}”.`,
      ja: `--seat: ${where} に席「${missing.join("」「")}」はありません。`,
    },
    { hint: { en: `its seats: ${known}`, ja: `席: ${known}` }, exit: exitCode.usage },
  );
}
