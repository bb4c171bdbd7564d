import { LabError, exitCode } from "../model/lab-error.ts";

/** A file that an option names and that can't be written: the user's to mend, and said before or instead of a result. */
export function unwritableFile(
  code: "LAB_JUNIT_FILE" | "LAB_BOARD_FILE" | "LAB_AUTOCONFIG_FILE",
  option: "--junit" | "--html" | "--folder",
  file: string,
  cause: unknown,
): LabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LabError(
    code,
    {
      en: `${option}: ${file} can't be written: ${reason}`,
      ja: `${option}: ${file} に書き込めません: ${reason}`,
    },
    {
      hint: {
        en: "name a file in a folder that is there",
        ja: "実在するフォルダーの中のファイルを指定してください",
      },
      exit: exitCode.usage,
      cause,
    },
  );
}
