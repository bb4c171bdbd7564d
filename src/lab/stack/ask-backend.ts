import { CommandError, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { knownFailure, pulumiWords, statePlace } from "./backend-errors.ts";

/**
 * Asks Pulumi's state backend; a backend that can't be reached or read is the user's to mend and no bug.
 *
 * @param stack - the stack that is asked about.
 * @throws LabError `LAB_BACKEND` with Pulumi's own words, or what `knownFailure` makes of them; StackNotFoundError
 *   passes.
 */
export async function askBackend<Answer>(stack: string, question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (cause) {
    if (!(cause instanceof CommandError) || cause instanceof StackNotFoundError) throw cause;
    throw (
      knownFailure(stack, cause) ??
      new LabError(
        "LAB_BACKEND",
        {
          en: `Pulumi could not read the state of the lab ${stack} (${statePlace()}).`,
          ja: `Pulumiがラボ${stack}の状態（${statePlace()}）を読めませんでした。`,
        },
        {
          details: pulumiWords(cause),
          hint: {
            en: "PULUMI_BACKEND_URL must name a backend that is there, such as file:///folder; unset it to use this checkout's own state",
            ja: "PULUMI_BACKEND_URLには file:///フォルダー のように実在するバックエンドを指定するか、外してこのチェックアウトの状態を使ってください",
          },
          exit: exitCode.unreachable,
          cause,
        },
      )
    );
  }
}
