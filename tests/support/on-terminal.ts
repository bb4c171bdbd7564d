import { execa } from "execa";

/** util-linux's program that runs a command on a terminal of its own; on every Debian. */
const terminalProgram = "script";

/** What Ctrl-C is on a terminal. */
export const CTRL_C = "\u0003";

/**
 * Starts a command of the shell on a new terminal, which is its controlling one: what is written to `stdin` is
 * typed, and a typed Ctrl-C interrupts every process there. It ends with the command's exit code.
 */
export function startOnTerminal(
  command: string,
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
) {
  // A shell in between would take the interrupt as its own.
  return execa(terminalProgram, ["-qec", `exec ${command}`, "/dev/null"], {
    ...options,
    env: { ...options.env, SHELL: "/bin/sh" },
    stdin: "pipe",
    all: true,
    reject: false,
  });
}
