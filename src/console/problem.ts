import { LabError, exitCode } from "../model/lab-error.ts";
import type { Problem } from "./api.ts";

/** An error as the page is told it. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof LabError)) {
    return {
      code: "LAB_CONSOLE",
      text: {
        en: "The console has a fault of its own; the terminal where it runs says more.",
        ja: "コンソール内部のエラーです。コンソールを動かしている端末に詳細があります。",
      },
    };
  }
  const { code, text, hint } = error;
  return { code, text, ...(hint !== undefined && { hint }) };
}

/** The HTTP status of an error: the asker's, the lab's, or ours. */
export function statusOf(error: unknown): 400 | 404 | 500 | 503 {
  if (!(error instanceof LabError)) return 500;
  // A lab, a host, a mailbox, a mail that there is not.
  if (/^LAB_NO_/.test(error.code)) return 404;
  if (error.exit === exitCode.usage) return 400;
  return error.exit === exitCode.unreachable ? 503 : 500;
}
