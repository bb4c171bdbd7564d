import { Readable, type Writable } from "node:stream";
import type { ClientChannel } from "ssh2";
import type { Text } from "../model/text.ts";
import { Deadline } from "./deadline.ts";
import { protocolError } from "./protocol-error.ts";

/** How a remote command ended. */
export interface CommandExit {
  /** 0 to 255, or `undefined` when a signal ended it. */
  exitCode: number | undefined;
  /** The signal's name without SIG, such as `TERM`. */
  signal: string | undefined;
}

/** How a remote command ended and what it said. */
export interface CommandResult extends CommandExit {
  stdout: string;
  stderr: string;
  /** `stdout` as it came, for what may not be UTF-8. */
  stdoutBytes: Buffer;
}

/** What a collected command is given. */
export interface RunOptions {
  /** Written to the command's standard input, which is then closed; empty unless given. */
  stdin?: string | Buffer;
  /** Environment, as far as the server's AcceptEnv lets it in (on Debian and Ubuntu LANG and LC_*). */
  env?: Record<string, string>;
  /** Gives the command a terminal; stderr then comes within stdout. */
  pty?: boolean;
  /** Time until the command must have ended; 30 s unless given. */
  deadlineMs?: number;
  signal?: AbortSignal;
}

/** The streams that a command is joined to. */
export interface StreamOptions {
  stdin: Readable & { isTTY?: boolean; setRawMode?: (isRaw: boolean) => unknown };
  stdout: Writable & { columns?: number; rows?: number };
  stderr: Writable;
  env?: Record<string, string>;
  pty?: boolean;
  signal?: AbortSignal;
}

/** A command that was started and has perhaps not ended. */
export interface RunningCommand {
  channel: ClientChannel;
  command: string;
  where: string;
  ended: Promise<CommandExit>;
}

const COMMAND_BUDGET_MS = 30_000;
const SHOWN_OUTPUT_CHARACTERS = 2_000;

/**
 * The input of a command that reads none and is to be ended at once when the caller gives up: nothing comes, and it
 * stays open. ssh2 sends no signal to a command whose input has ended, and `tail -f` takes a second to notice by
 * itself that nobody listens.
 */
export function silentInput(): Readable {
  return new Readable({ read: () => undefined });
}

/** The command as messages name it. */
function runningWords(command: string): Text {
  return { en: `running \`${command}\``, ja: `\`${command}\` の実行` };
}

/** Collects a command's output until it ends. */
export async function collectOutput(
  { channel, command, where, ended }: RunningCommand,
  options: RunOptions,
): Promise<CommandResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  channel.on("data", (chunk: Buffer) => stdout.push(chunk));
  channel.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  channel.end(options.stdin ?? "");

  const deadline = new Deadline(options.deadlineMs ?? COMMAND_BUDGET_MS, options.signal);
  try {
    const exit = await deadline.race(ended, (observed) => {
      const output = Buffer.concat([...stdout, ...stderr]).toString("utf8");
      return protocolError({
        code: "LAB_SSH_COMMAND_TIMEOUT",
        what: runningWords(command),
        where,
        observed,
        budgetMs: deadline.budgetMs,
        details: output.slice(-SHOWN_OUTPUT_CHARACTERS),
      });
    });
    const stdoutBytes = Buffer.concat(stdout);
    return {
      ...exit,
      stdoutBytes,
      stdout: stdoutBytes.toString("utf8"),
      stderr: Buffer.concat(stderr).toString("utf8"),
    };
  } finally {
    stopCommand(channel);
  }
}

/** Joins a command's streams to the given ones until it ends. */
export async function streamCommand(
  { channel, ended }: RunningCommand,
  { stdin, stdout, stderr, signal }: Omit<StreamOptions, "env" | "pty">,
): Promise<CommandExit> {
  const onAbort = () => {
    stopCommand(channel);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  // It may have been aborted while the channel was being opened: nobody tells of that any more.
  if (signal?.aborted === true) onAbort();
  try {
    channel.pipe(stdout, { end: false });
    channel.stderr.pipe(stderr, { end: false });
    if (stdin.readableEnded) channel.end();
    else stdin.pipe(channel);
    return await ended;
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    stdin.unpipe(channel);
    stdin.pause(); // a flowing stdin would keep the process alive
  }
}

/**
 * Watches a channel from its first moment: a quick command's end can come in the same packet as the channel
 * itself, so this has to be called where the channel is handed over, before anything is awaited.
 */
export function watchCommand(channel: ClientChannel, command: string, where: string): RunningCommand {
  const { promise: ended, resolve, reject } = Promise.withResolvers<CommandExit>();
  ended.catch(() => undefined); // whoever waits for it is told; nobody may, after a deadline
  let exit: CommandExit | undefined;
  channel.on("exit", (exitCode: number | null, signal?: string) => {
    exit = { exitCode: exitCode ?? undefined, signal: signal?.replace(/^SIG/, "") };
  });
  channel.once("error", reject);
  // the last output comes between exit and close, and the two outputs end on their own
  channel.once("close", () => {
    if (exit === undefined) {
      const observed = {
        en: "the connection ended before the command did",
        ja: "コマンドが終わる前に接続が切れました",
      };
      const what = runningWords(command);
      reject(protocolError({ code: "LAB_SSH_CONNECTION_LOST", what, where, observed }));
    } else if (channel.stderr.readableEnded) {
      resolve(exit);
    } else {
      channel.stderr.once("end", resolve.bind(undefined, exit));
    }
  });
  return { channel, command, where, ended };
}

/** Ends a command that may still run: asks it by signal, then closes its streams. */
function stopCommand(channel: ClientChannel): void {
  if (channel.destroyed) return;
  channel.signal("TERM");
  channel.close();
}
