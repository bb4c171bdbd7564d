import type { Readable, Writable } from "node:stream";
import type { ClientChannel } from "ssh2";

/** The local terminal of an interactive session; `process.stdin` and `process.stdout` fit. */
export interface SshTerminal {
  stdin: Readable & { isTTY?: boolean; setRawMode?: (isRaw: boolean) => unknown };
  stdout: Writable & { columns?: number; rows?: number };
}

/** What a server needs to know of a terminal (RFC 4254, 6.2). */
export interface TerminalSize {
  rows: number;
  cols: number;
  term: string;
}

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** The size and kind of a terminal; 80 by 24 where there is none, or one that does not know its size and says 0. */
export function windowOf(stdout: { columns?: number; rows?: number } = {}): TerminalSize {
  return {
    rows: knownSize(stdout.rows) ?? DEFAULT_ROWS,
    cols: knownSize(stdout.columns) ?? DEFAULT_COLUMNS,
    term: process.env["TERM"] ?? "xterm-256color",
  };
}

function knownSize(size: number | undefined): number | undefined {
  return size === 0 ? undefined : size;
}

/**
 * Hands the local terminal to a remote one while the session runs: every key goes there, and so do changes
 * of the window's size. The local terminal is as it was afterwards, however the session ends.
 */
export async function withRemoteTerminal<T>(
  channel: ClientChannel,
  { stdin, stdout }: SshTerminal,
  session: () => Promise<T>,
): Promise<T> {
  const onResize = () => {
    const { rows, cols } = windowOf(stdout);
    // the remote side counts pixels too; 0 says unknown
    channel.setWindow(rows, cols, 0, 0);
  };
  stdout.on("resize", onResize);
  stdin.setRawMode?.(true);
  try {
    return await session();
  } finally {
    stdin.setRawMode?.(false);
    stdout.off("resize", onResize);
  }
}
