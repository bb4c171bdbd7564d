import { exitCode } from "../../../model/lab-error.ts";
import type { Text } from "../../../model/text.ts";
import type { SeatReport } from "../../../seats/work-on-seats.ts";
import { renderFaults } from "../../render-seats.ts";
import type { Session } from "../../session.ts";

/**
 * Ends a command on a class: names what failed, and after Ctrl-C what is left and how to go on; exit code 1 where a
 * seat failed, 5 where the work was interrupted.
 */
export function endAs(
  { speak, report }: Pick<Session, "speak" | "report">,
  seats: readonly SeatReport<unknown>[],
  goOn: Text,
  stream: NodeJS.WriteStream = process.stderr,
): void {
  const failed = seats.filter(({ outcome }) => outcome === "failed");
  const open = seats.filter(({ outcome }) => outcome === "interrupted" || outcome === "not-begun");
  if (failed.length > 0) {
    stream.write(`${renderFaults(failed, speak, stream.isTTY)}\n`);
    process.exitCode = exitCode.checkFailed;
  }
  if (open.length === 0) return;
  report.say({
    en: `Interrupted: ${open.length} of ${seats.length} seats are still to be done; ${goOn.en}.`,
    ja: `中断しました。${seats.length}席のうち${open.length}席が残っています。${goOn.ja}。`,
  });
  process.exitCode = exitCode.failed;
}
