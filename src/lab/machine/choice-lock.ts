import { join } from "node:path";
import { cacheFolder } from "../../../toolchain/cache-folder.ts";
import { takeLock } from "../../../toolchain/exclusive-lock.ts";
import type { LabContext } from "../lab-context.ts";
import { interrupted } from "../stack/run-engine.ts";

/** The right to choose an address range and ports on this machine. */
export interface ChoiceLock {
  /** Lets the next lab choose: what this one chose is in Docker's hands. A second time does nothing. */
  release(): Promise<void>;
}

/**
 * Lets one lab at a time choose its address range and ports. Docker takes them seconds after they were found free,
 * so the lock is held until the network and all containers exist; else two labs that are built at the same time
 * would choose the same ones.
 */
export async function takeChoiceLock(context: LabContext): Promise<ChoiceLock> {
  const { signal, report } = context;
  const onWait = (pid: number): void => {
    report.say({
      en: `Another lab is choosing its addresses and ports (process ${pid}); this one waits until it has them.`,
      ja: `別のラボがアドレスとポートを決めています（プロセス ${pid}）。終わるまで待ちます。`,
    });
  };
  let held: AsyncDisposable | undefined;
  try {
    held = await takeLock(join(cacheFolder(), "choice.lock"), { signal, onWait });
  } catch (cause) {
    throw signal.aborted ? interrupted(context, cause) : cause;
  }
  const release = async (): Promise<void> => {
    const lock = held;
    held = undefined;
    await lock?.[Symbol.asyncDispose]();
  };
  return { release };
}
