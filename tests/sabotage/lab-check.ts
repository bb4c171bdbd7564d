import type { CheckResult } from "../../src/checks/check.ts";
import { openContext } from "../../src/cli/session.ts";
import { LabCheck } from "../../src/lab/check.ts";
import type { LabContext } from "../../src/lab/lab-context.ts";
import { labUnderTest } from "../support/lab-under-test.ts";

/** Nobody listens: what goes wrong is thrown. */
const silent = {
  begin: () => ({ line: () => undefined, end: () => undefined }),
  say: () => undefined,
};

let opened: Promise<LabContext> | undefined;

/** What `./lab check` says of the lab under test, by the same use case and without a process of its own. */
export async function checkLab(): Promise<readonly CheckResult[]> {
  const { signal } = new AbortController();
  opened ??= openContext(
    { report: silent, signal, engineSignal: signal, speak: ({ en }) => en, stdout: process.stdout },
    labUnderTest().stack,
  );
  const check = await LabCheck.open(await opened, { wanted: [], host: undefined });
  return (await check.run()).results;
}
