import { CommandError, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import { LabError, exitCode } from "../model/lab-error.ts";

/**
 * Asks Pulumi's state backend; a backend that can't be reached or read is the user's to mend and no bug.
 *
 * @throws LabError `LAB_BACKEND` with Pulumi's own words; StackNotFoundError passes.
 */
export async function askBackend<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (cause) {
    if (!(cause instanceof CommandError) || cause instanceof StackNotFoundError) throw cause;
    throw new LabError(
      "LAB_BACKEND",
      { en: "Pulumi could not read the lab's state.", ja: "Pulumiがラボの状態を読めませんでした。" },
      {
        // The automation quotes what was said on both streams.
        details: [...new Set(cause.message.split("\n").map((line) => line.trim()))].filter((line) =>
          line.startsWith("error:"),
        ),
        hint: {
          en: "check PULUMI_BACKEND_URL and PULUMI_CONFIG_PASSPHRASE, or unset them to use this checkout's own state",
          ja: "PULUMI_BACKEND_URLとPULUMI_CONFIG_PASSPHRASEを確認するか、外してこのチェックアウトの状態を使ってください",
        },
        exit: exitCode.unreachable,
        cause,
      },
    );
  }
}
