import type { CheckResult } from "../../src/checks/check.ts";
import { speakerOf } from "../../src/cli/language.ts";
import { openContext } from "../../src/cli/session.ts";
import { LabCheck } from "../../src/lab/chapter/check.ts";
import type { LabContext } from "../../src/lab/lab-context.ts";
import { requireOutputs, type LabOutputs } from "../../src/lab/stack/lab-outputs.ts";
import { labUnderTest } from "../support/lab-under-test.ts";

/** Nobody listens: what goes wrong is thrown. */
const silent = {
  begin: () => ({ line: () => undefined, end: () => undefined }),
  say: () => undefined,
};

let opened: Promise<readonly [LabContext, LabOutputs]> | undefined;

async function openLab(): Promise<readonly [LabContext, LabOutputs]> {
  const { signal } = new AbortController();
  const session = {
    report: silent,
    signal,
    engineSignal: signal,
    speak: speakerOf("en"),
    stdout: process.stdout,
  };
  const context = await openContext(session, labUnderTest().stack);
  return [context, await requireOutputs(context)];
}

/**
 * What `./lab check` says of the lab under test, by the same use case and without a process of its own; the stack's
 * state, which nothing here changes, is read once.
 */
export async function checkLab(): Promise<readonly CheckResult[]> {
  opened ??= openLab();
  const [context, outputs] = await opened;
  return (await LabCheck.of(context, { wanted: [], host: undefined }, outputs).run()).results;
}
