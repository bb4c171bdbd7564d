import { beforeEach } from "vitest";
import { labUnderTest, logInAsStep, runAsRoot } from "./lab-under-test.ts";

const LOG_LINES = 50;

/** Has each failed test of a file followed by both hosts' last log lines and queues. Called once, at its top. */
export function showLabOnFailure(): void {
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      for (const host of labUnderTest().hosts) {
        console.error(`--- ${host.name}: the last ${LOG_LINES} lines of mail.log, and the queue`);
        try {
          await using ssh = await logInAsStep(host);
          const { stdout, stderr } = await runAsRoot(
            ssh,
            `sh -c 'tail -n ${LOG_LINES} /var/log/mail.log; postqueue -p'`,
          );
          console.error(stdout + stderr);
        } catch (error) {
          // the test's own failure is what counts; this only adds to it
          console.error(String(error));
        }
      }
    });
  });
}
