import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { SshConnection } from "../../src/protocols/ssh.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";

/** One turn at a terminal: what the program must have printed since the last turn, and what is then typed. */
export type Turn = readonly [prompt: string, typed: string];

/** A program may start slowly on a machine that is busy. */
const promptDeadlineMs = 120_000;

/** The key that ends input. */
export const CTRL_D = "\u0004";

/**
 * Runs a command at a terminal and types to it as a person would, waiting for each prompt.
 *
 * @returns its exit code, and everything that the terminal showed, as plain text with LF
 */
export async function typeInto(
  ssh: SshConnection,
  command: string,
  turns: readonly Turn[],
): Promise<{ exitCode: number | undefined; screen: string }> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let shown = "";
  stdout.setEncoding("utf8");
  stdout.on("data", (text: string) => {
    shown += text;
  });
  const screen = () => stripVTControlCharacters(shown).replaceAll("\r", "");
  const abort = new AbortController();
  const running = ssh.exec(command, { stdin, stdout, stderr: stdout, pty: true, signal: abort.signal });
  running.catch(() => undefined); // awaited below; a failed turn ends it first
  try {
    let seen = 0;
    for (const [prompt, typed] of turns) {
      const awaited = `"${prompt}" at the terminal of \`${command}\` on ${ssh.where}`;
      seen = await waitUntil({ awaited, deadlineMs: promptDeadlineMs, intervalMs: 20 }, () => {
        const at = screen().indexOf(prompt, seen);
        return Promise.resolve(at < 0 ? undefined : at + prompt.length);
      });
      stdin.write(typed);
    }
    const { exitCode } = await running;
    return { exitCode, screen: screen() };
  } catch (cause) {
    abort.abort();
    throw new Error(`the terminal of \`${command}\` shows:\n${screen()}`, { cause });
  }
}
