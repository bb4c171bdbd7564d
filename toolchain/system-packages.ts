import path from "node:path";

import { cacheFolder } from "./cache-folder.ts";
import { withLock } from "./exclusive-lock.ts";
import { findOnPath } from "./on-path.ts";
import type { StepVoice } from "./progress.ts";
import { runTool } from "./tool-command.ts";
import { ToolchainError } from "./toolchain-error.ts";

const installTimeoutMs = 15 * 60_000;
const sudoTimeoutMs = 2 * 60_000;
const lockWait = "DPkg::Lock::Timeout=300";

/** How this process can act as an administrator: as it is, by sudo, or not at all. */
export type AdminRight = "root" | "sudo" | "none";

/** What a caller needs to install packages or to start a service. */
export interface AdminOptions {
  readonly voice: StepVoice;
  readonly signal: AbortSignal;
}

/** Finds how to act as an administrator; sudo may ask for the password, once, on the terminal. */
export async function adminRight(signal: AbortSignal): Promise<AdminRight> {
  if (process.getuid?.() === 0) return "root";
  if (findOnPath("sudo", searchPath()).length === 0) return "none";
  const isInteractive = process.stdin.isTTY;
  try {
    // sudo asks on the terminal itself, whatever its standard input is.
    await runTool("sudo", isInteractive ? ["-v"] : ["-n", "true"], { signal, timeoutMs: sudoTimeoutMs });
    return "sudo";
  } catch (error) {
    if (error instanceof ToolchainError) return "none";
    throw error;
  }
}

/** `command` as an administrator runs it. */
export function asAdmin(right: Exclude<AdminRight, "none">, command: readonly string[]): [string, string[]] {
  const [file = "true", ...args] = right === "root" ? command : ["sudo", "-n", ...command];
  return [file, args];
}

/** Whether packages can be installed here by Debian's or Ubuntu's apt-get. */
export function hasApt(): boolean {
  return findOnPath("apt-get", searchPath()).length > 0;
}

/**
 * Installs Debian packages without what they only recommend. The package lists are fetched only where the ones
 * at hand don't do, which is also the case on a machine that has none.
 * @throws ToolchainError LAB_APT_FAILED, or LAB_NOT_ADMIN where that takes an administrator.
 */
export async function installPackages(
  packages: readonly string[],
  { voice, signal }: AdminOptions,
): Promise<void> {
  const manual = `apt-get install --no-install-recommends ${packages.join(" ")}`;
  const names = packages.join(", ");
  const right = hasApt() ? await adminRight(signal) : "none";
  if (right === "none") {
    throw new ToolchainError(
      "LAB_NOT_ADMIN",
      hasApt()
        ? {
            en: `${names}: not installed, and this user is neither root nor allowed to use sudo.`,
            ja: `${names} が入っておらず、このユーザーはrootではなく、sudoも使えません。`,
          }
        : {
            en: `${names}: not installed, and this machine has no apt-get to install it with.`,
            ja: `${names} が入っておらず、このマシンにはそれを入れるapt-getがありません。`,
          },
      {
        hint: hasApt()
          ? { en: `As an administrator: ${manual}`, ja: `管理者として: ${manual}` }
          : {
              en: `Install it with this system's package manager (Debian: ${manual}).`,
              ja: `このシステムのパッケージ管理ツールで入れてください（Debianなら ${manual}）。`,
            },
      },
    );
  }
  const run = (args: readonly string[]): Promise<string> => {
    const [file, rest] = asAdmin(right, [
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "apt-get",
      "-y",
      "-o",
      lockWait,
      ...args,
    ]);
    return runTool(file, rest, {
      signal,
      timeoutMs: installTimeoutMs,
      code: "LAB_APT_FAILED",
      hint: {
        en: `Repeat it by hand to see the whole output: ${manual}`,
        ja: `出力の全体は、手で実行すると見られます: ${manual}`,
      },
      onLine: (line) => {
        voice.line(line);
      },
    });
  };
  // apt waits for its package lock by itself, and not for the one on its lists.
  await withLock(path.join(cacheFolder(), "apt.lock"), { signal }, async () => {
    const install = ["install", "--no-install-recommends", ...packages];
    try {
      await run(install);
    } catch (error) {
      if (!(error instanceof ToolchainError)) throw error;
      await run(["update"]);
      await run(install);
    }
  });
}

function searchPath(): string {
  return process.env["PATH"] ?? "";
}
