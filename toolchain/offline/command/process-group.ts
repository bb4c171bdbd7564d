import { type ChildProcess, spawn } from "node:child_process";
import { PluginError } from "../rpc/plugin-error.ts";
import type { CommandOutput } from "./command-output.ts";

/** How long a command has to end by itself after SIGINT. */
const INTERRUPT_GRACE_MS = 1000;

/** A process to run. */
export interface ProcessStart {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What it reads from stdin; nothing by default. */
  readonly input: string | undefined;
}

/** Groups that still run, to be ended with this process itself. */
const liveGroups = new Set<number>();

process.on("exit", () => {
  liveGroups.forEach((group) => {
    signalGroup(group, "SIGKILL");
  });
});

/**
 * Runs a process to its end, as the leader of a process group so that what it started ends with it. An abort sends
 * SIGINT to the group and, when that isn't heeded, SIGKILL.
 */
export async function runProcessGroup(
  start: ProcessStart,
  output: CommandOutput,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(start.file, start.arguments, {
    cwd: start.folder,
    env: start.environment,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdout.on("data", (piece: Buffer) => {
    output.add("stdout", piece);
  });
  child.stderr.on("data", (piece: Buffer) => {
    output.add("stderr", piece);
  });
  // A command need not read its stdin.
  child.stdin.on("error", () => undefined).end(start.input);
  const { code, endSignal } = await ended(child, start.file, signal);
  if (code !== 0) {
    signal.throwIfAborted();
    throw output.failure(code, endSignal);
  }
}

interface ProcessEnd {
  readonly code: number | null;
  readonly endSignal: NodeJS.Signals | null;
}

function ended(child: ChildProcess, file: string, signal: AbortSignal): Promise<ProcessEnd> {
  const group = child.pid;
  if (group !== undefined) {
    liveGroups.add(group);
  }
  let killTimer: NodeJS.Timeout | undefined;
  return new Promise<ProcessEnd>((resolve, reject) => {
    child.on("error", (cause) => {
      reject(
        new PluginError("PLUGIN_COMMAND_NOT_STARTED", `${file} can't be started: ${cause.message}`, {
          cause,
        }),
      );
    });
    // Not "exit": what is still in the pipes belongs to the result.
    child.on("close", (code, endSignal) => {
      resolve({ code, endSignal });
    });
    const abort = (): void => {
      signalGroup(group, "SIGINT");
      killTimer = setTimeout(() => {
        signalGroup(group, "SIGKILL");
        reject(asError(signal.reason));
      }, INTERRUPT_GRACE_MS);
      child.on("close", () => {
        signalGroup(group, "SIGKILL");
      });
    };
    signal.addEventListener("abort", abort, { once: true });
    child.on("close", () => {
      signal.removeEventListener("abort", abort);
    });
  }).finally(() => {
    clearTimeout(killTimer);
    if (group !== undefined) {
      liveGroups.delete(group);
    }
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error("cancelled");
}

function signalGroup(group: number | undefined, name: NodeJS.Signals): void {
  try {
    if (group !== undefined) {
      process.kill(-group, name);
    }
  } catch {
    // The group has ended by itself.
  }
}
