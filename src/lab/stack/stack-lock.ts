import { readdir, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { isProcessAlive } from "../../../toolchain/exclusive-lock.ts";
import { LabError } from "../../model/lab-error.ts";
import type { LabContext } from "../lab-context.ts";

/** A lock of Pulumi's file backend, as it stands in its file. */
interface StackLock {
  readonly pid: number;
  readonly hostname: string;
}

/** A lock file without a holder's name is a half-written one; after this long nobody is writing it any more. */
const abandonedAfterMs = 10_000;

/** The name that the engine's process has for the kernel. */
const engineProgram = "pulumi";

/**
 * Clears what a killed engine left locked, and refuses where a living one works on the stack. A backend that the
 * user has set is the user's: there Pulumi's own word stands.
 *
 * @throws LabError `LAB_STACK_LOCKED` naming the process.
 */
export async function clearDeadLocks(context: LabContext): Promise<void> {
  await removeHalfWrittenConfig(context);
  if (process.env["PULUMI_BACKEND_URL"] !== undefined) return;
  for (const file of await lockFiles(context)) {
    const text = await readFile(file, "utf8").catch(() => undefined);
    // Whoever held it has just ended.
    if (text === undefined) continue;
    const lock = parseLock(text);
    if (lock === undefined ? await isFresh(file) : await isHeld(lock)) throw stackLocked(context, lock);
    await rm(file, { force: true });
    await rm(`${file}.attrs`, { force: true });
    context.report.say({
      en: `The last command on ${context.stack} was killed${lock === undefined ? "" : ` (process ${lock.pid})`}: its lock is cleared.`,
      ja: `${context.stack}での前回のコマンドは強制終了されていました${lock === undefined ? "" : `（プロセス ${lock.pid}）`}。残っていたロックを外しました。`,
    });
  }
  await removeHalfWritten(context);
}

/**
 * Removes what a killed engine was writing beside the state. The state itself is replaced as a whole; its `.attrs`
 * are not, the backend does well without them, and half of one keeps it from reading the state at all.
 */
async function removeHalfWritten({ paths, stack }: LabContext): Promise<void> {
  const projects = join(paths.state, ".pulumi", "stacks");
  for (const project of await readdir(projects).catch((): string[] => [])) {
    const folder = join(projects, project);
    for (const name of await readdir(folder).catch((): string[] => [])) {
      if (!name.startsWith(`${stack}.json`)) continue;
      const file = join(folder, name);
      const isHalf = name.endsWith(".attrs") && !isJson(await readFile(file, "utf8").catch(() => "{}"));
      if (isHalf || name.endsWith(".tmp")) await rm(file, { force: true });
    }
  }
}

/** Removes what a killed command was writing beside the stack's configuration, under its own number. */
async function removeHalfWrittenConfig({ paths, stack }: LabContext): Promise<void> {
  const folder = dirname(paths.stackConfig);
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const [, writer] = /^\.(?:yaml|chosen\.json)\.(\d+)$/.exec(name.replace(`Pulumi.${stack}`, "")) ?? [];
    if (writer !== undefined && !isProcessAlive(Number(writer)))
      await rm(join(folder, name), { force: true });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function lockFiles(context: LabContext): Promise<readonly string[]> {
  const projects = join(context.paths.state, ".pulumi", "locks", "organization");
  const folders = (await readdir(projects).catch((): string[] => [])).map((project) =>
    join(projects, project, context.stack),
  );
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder).catch((): string[] => [])).map((name) => join(folder, name)),
    ),
  );
  return files.flat().filter((file) => !file.endsWith(".attrs"));
}

function parseLock(text: string): StackLock | undefined {
  try {
    const lock = JSON.parse(text) as Partial<StackLock> | null;
    return typeof lock?.pid === "number" && typeof lock.hostname === "string"
      ? { pid: lock.pid, hostname: lock.hostname }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Another machine's process can't be looked at, so its lock stands. */
async function isHeld({ pid, hostname: holder }: StackLock): Promise<boolean> {
  if (holder !== hostname()) return true;
  if (!isProcessAlive(pid)) return false;
  // The number may be another program's by now, as after a restart of the machine; where the kernel does not tell, it stands.
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => `Name:\t${engineProgram}`);
  // One that ended and that nobody has asked for its exit code yet keeps its number.
  const isZombie = /^State:\s+[ZX]/m.test(status);
  return status.startsWith(`Name:\t${engineProgram}`) && !isZombie;
}

async function isFresh(file: string): Promise<boolean> {
  const made = await stat(file).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs < abandonedAfterMs;
}

function stackLocked(context: LabContext, lock: StackLock | undefined): LabError {
  const holder = lock === undefined ? "" : ` ${lock.pid} (${lock.hostname})`;
  return new LabError(
    "LAB_STACK_LOCKED",
    {
      en: `The process${holder} is working on the lab ${context.stack}.`,
      ja: `プロセス${holder}がラボ${context.stack}を処理中です。`,
    },
    {
      hint: {
        en: "when it has ended, the same command again",
        ja: "終わったら、同じコマンドをもう一度実行してください",
      },
    },
  );
}
