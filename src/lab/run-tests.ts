import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { LabError, exitCode } from "../model/lab-error.ts";
import type { BuildContext } from "./lab-context.ts";
import { testProjects, type TestProject } from "./test-projects.ts";

/** Which tests to run. */
export interface TestOptions {
  /** None given: all. */
  readonly projects: readonly TestProject[];
  /** The long proofs too. */
  readonly full: boolean;
}

/** How vitest ends when it was interrupted; see tests/support/end-in-order.ts. */
const interruptedExit = 130;

/** What the tests came to. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The counts of vitest's JSON report that are needed here. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
}

/**
 * Runs the product's own tests with everything that they need in place, one kind after the other, so that a lab
 * stands only while its own tests run.
 *
 * @throws LabError `LAB_TESTS_NOT_RUN` where vitest ended without a report, `LAB_INTERRUPTED` after an interrupt.
 */
export async function runTests(context: BuildContext, options: TestOptions): Promise<TestResult> {
  const projects = testProjects.filter(
    (project) => options.projects.length === 0 || options.projects.includes(project),
  );
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const project of projects) {
    context.signal.throwIfAborted();
    const result = await runProject(context, project, options.full);
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
  }
  return total;
}

async function runProject(context: BuildContext, project: TestProject, full: boolean): Promise<TestResult> {
  const { paths, toolchain } = context;
  const report = join(paths.root, "test-results", `${project}.json`);
  await rm(report, { force: true });
  const vitest = join(paths.root, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { exitCode: ended } = await execa(
    toolchain.node,
    [vitest, "run", "--project", project, ...reporters],
    {
      cwd: paths.root,
      stdin: "ignore",
      // The standard output is for the result alone.
      stdout: process.stderr,
      stderr: "inherit",
      cancelSignal: context.signal,
      // Vitest has to take down what its tests built, however long that takes.
      killSignal: "SIGINT",
      forceKillAfterDelay: false,
      reject: false,
      env: {
        ...toolchain.environment,
        MAIL_LAB_PULUMI: join(toolchain.pulumiRoot, "bin", "pulumi"),
        MAIL_LAB_BASE_IMAGE: toolchain.baseImage,
        ...(process.stderr.isTTY ? {} : { NO_COLOR: "1" }),
        ...(full ? { MAIL_LAB_FULL_TESTS: "1" } : {}),
      },
    },
  );
  // Vitest may have been interrupted alone.
  if (context.signal.aborted || ended === interruptedExit) {
    throw new LabError("LAB_INTERRUPTED", {
      en: "Interrupted; the tests were ended in order.",
      ja: "中断しました。テストは順に止めました。",
    });
  }
  const text = await readFile(report, "utf8").catch(() => undefined);
  if (text === undefined) {
    throw new LabError(
      "LAB_TESTS_NOT_RUN",
      {
        en: `The ${project} tests ended without a report.`,
        ja: `${project}のテストが結果を残さずに終わりました。`,
      },
      { exit: exitCode.failed },
    );
  }
  const counts = JSON.parse(text) as VitestReport;
  // A file that could not even be loaded has no failed test in it and must not pass for a good run.
  const failed = counts.success ? 0 : Math.max(counts.numFailedTests, 1);
  return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests };
}
