import { Option } from "@commander-js/extra-typings";
import type { TestResult } from "../../lab/run-tests.ts";
import { testProjects } from "../../lab/test-projects.ts";
import { exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import { openBuildContext } from "../session.ts";

/** `./lab test`: the product's own tests, on a lab of their own; the last line counts them. */
export function addTest(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("test", { en: "run the product's tests, on a lab of their own", ja: "専用のラボでテストを実行" })
    .addOption(
      new Option(
        "--project <name...>",
        speak({ en: "only these kinds of tests", ja: "この種類のテストだけ" }),
      ).choices(testProjects),
    )
    .option("--full", speak({ en: "the long proofs too", ja: "長いテストも実行" }))
    .action(async ({ project, full = false }) => {
      const { runTests } = await import("../../lab/run-tests.ts");
      const context = await openBuildContext(session, "test");
      const result = await runTests(context, { projects: project ?? [], full });
      line.print(closingLines(result).join("\n"));
      if (result.failed > 0) process.exitCode = exitCode.checkFailed;
    });
}

/** The counts as the command ends with them: the last line has one form, whatever was skipped. */
export function closingLines({ passed, failed, skipped }: TestResult): readonly string[] {
  return [...(skipped > 0 ? [`${skipped} skipped`] : []), `${passed} passed, ${failed} failed`];
}
