import { Option } from "@commander-js/extra-typings";
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
      const { passed, failed, skipped } = await runTests(context, { projects: project ?? [], full });
      line.print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
      if (failed > 0) process.exitCode = exitCode.checkFailed;
    });
}
