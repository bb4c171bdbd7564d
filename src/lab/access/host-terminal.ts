import { LabError, exitCode } from "../../model/lab-error.ts";
import { administrator } from "../../model/lab-secrets.ts";
import { sameText } from "../../model/text.ts";
import { onHost } from "./connect.ts";
import { hostNamed, type LabOutputs } from "../stack/lab-outputs.ts";

/** Whose terminal, where, and how large. */
export interface TerminalPlace {
  readonly host: string;
  readonly user: string;
  readonly cols: number;
  readonly rows: number;
}

/** Who sees what a terminal shows. */
export interface TerminalScreen {
  readonly onOpen: (terminal: HostTerminal) => void;
  /** @returns false where no more is to come until `resume`. */
  readonly onOutput: (bytes: Buffer) => boolean;
}

/** A terminal on a host while it is open. */
export interface HostTerminal {
  /** @returns false where no more is to be typed until `onDrain` tells. */
  readonly type: (bytes: Buffer) => boolean;
  readonly onDrain: (told: () => void) => void;
  readonly resize: (cols: number, rows: number) => void;
  /** Lets output come again. */
  readonly resume: () => void;
}

/** A terminal's columns and rows: what a screen can have. */
const mostCells = 1000;

/** A size that a terminal can have. */
export function cellsOf(size: number, otherwise: number): number {
  return Number.isInteger(size) && size > 0 ? Math.min(size, mostCells) : otherwise;
}

/**
 * Opens the login shell of one of the lab's accounts on a host, with a terminal, by ssh.
 *
 * @param signal - ends it.
 * @returns the shell's exit code; `undefined` where a signal ended it.
 * @throws LabError `LAB_NO_HOST`, `LAB_NO_ACCOUNT`, and what a login fails with
 */
export async function openHostTerminal(
  outputs: LabOutputs,
  { host: name, user, cols, rows }: TerminalPlace,
  { onOpen, onOutput }: TerminalScreen,
  signal: AbortSignal,
): Promise<number | undefined> {
  const host = hostNamed(outputs, name);
  if (!host.users.includes(user) && user !== administrator) throw noAccount(name, user, host.users);
  return await onHost(outputs, host, { user, signal }, async (connection) => {
    const { channel, ended } = await connection.openTerminal({ cols, rows, term: "xterm-256color" });
    const onAbort = (): void => {
      channel.close();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    // It may have been aborted while the terminal was being opened.
    if (signal.aborted) onAbort();
    try {
      channel.stderr.resume();
      channel.on("data", (bytes: Buffer) => {
        if (!onOutput(bytes)) channel.pause();
      });
      onOpen({
        type: (bytes) => channel.write(bytes),
        onDrain: (told) => {
          channel.once("drain", told);
        },
        resize: (width, height) => {
          // The remote side counts pixels too; 0 says unknown.
          channel.setWindow(height, width, 0, 0);
        },
        resume: () => {
          channel.resume();
        },
      });
      return (await ended).exitCode;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  });
}

function noAccount(host: string, user: string, users: readonly string[]): LabError {
  const names = [...users, administrator];
  return new LabError(
    "LAB_NO_ACCOUNT",
    {
      en: `There is no account “${user}” of the lab on ${host}; there are ${names.join(", ")}.`,
      ja: `${host} にラボのアカウント「${user}」はありません。あるのは ${names.join("、")} です。`,
    },
    { hint: sameText("./lab status"), exit: exitCode.usage },
  );
}
