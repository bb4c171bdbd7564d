import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { ProcessStart } from "./program-command.ts";

/** How the SDK's runner ends when it has reported the failure to the engine itself. */
const EXIT_REPORTED = 32;

/** How a program ended, in the engine's terms. */
export interface ProgramEnd {
  /** The program failed and the engine knows why. */
  readonly bail: boolean;
  /** The program failed and the engine has heard nothing; empty when it hasn't failed. */
  readonly error: string;
}

/** The programs that this host runs: one at a time in practice. */
export class ProgramRunner {
  readonly #running = new Set<ChildProcess>();

  /** Runs a program to its end. Its output is the host's own, which the engine shows to the user. */
  async run(start: ProcessStart, folder: string, abandoned: AbortSignal): Promise<ProgramEnd> {
    const child = spawn(start.file, start.arguments, {
      cwd: folder,
      env: start.environment,
      stdio: ["ignore", "inherit", "inherit"],
    });
    this.#running.add(child);
    // A resource that failed makes the engine give up the program, which would otherwise go on declaring.
    const interrupt = (): void => {
      child.kill("SIGINT");
    };
    abandoned.addEventListener("abort", interrupt);
    try {
      const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
      return programEnd(code, signal);
    } finally {
      abandoned.removeEventListener("abort", interrupt);
      this.#running.delete(child);
    }
  }

  /** Ends what runs: the program gets SIGINT, as from the keyboard. */
  interrupt(): void {
    this.#signal("SIGINT");
  }

  /** Ends what runs without asking it; for the end of the host itself. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  #signal(signal: NodeJS.Signals): void {
    for (const child of this.#running) {
      child.kill(signal);
    }
  }
}

/** What an exit code or a signal says to the engine. */
export function programEnd(code: number | null, signal: NodeJS.Signals | null): ProgramEnd {
  if (code === 0) {
    return { bail: false, error: "" };
  }
  if (code === EXIT_REPORTED) {
    return { bail: true, error: "" };
  }
  return {
    bail: false,
    error:
      signal === null
        ? `Program exited with non-zero exit code: ${String(code)}`
        : `Program was ended by ${signal} (${String(constants.signals[signal])})`,
  };
}
