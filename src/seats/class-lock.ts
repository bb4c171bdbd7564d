import { join } from "node:path";
import { takeLock } from "../../toolchain/exclusive-lock.ts";
import type { LabContext } from "../lab/lab-context.ts";

/**
 * Works on a class while no other command changes it; a second one waits and says for whom. The lock is beside the
 * class's folder, which the work may remove.
 */
export async function withClassLock<Result>(
  { paths, report, signal }: Pick<LabContext, "paths" | "report" | "signal">,
  className: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const onWait = (pid: number): void => {
    report.say({
      en: `Another command works on the class ${className} (process ${pid}); this one waits for its end.`,
      ja: `別のコマンドがクラス${className}を処理中です（プロセス ${pid}）。終わるまで待ちます。`,
    });
  };
  const lock = await takeLock(join(paths.folder, "classes", `${className}.lock`), { signal, onWait });
  try {
    return await work();
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}
