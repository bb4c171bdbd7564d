import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { administrator } from "../../model/lab-secrets.ts";
import { parseMailLog, parseMailLogLine, type MailLogLine } from "../../model/mail/mail-log.ts";
import { quoteWord } from "../../model/quote-word.ts";
import type { SshConnection } from "../../protocols/ssh.ts";
import { silentInput } from "../../protocols/ssh-command.ts";
import { onHost } from "../access/connect.ts";
import type { LabHost, LabOutputs } from "../stack/lab-outputs.ts";
import { lineWriter } from "../mail/line-writer.ts";
import { mailLogPath } from "../mail/logs.ts";

/** As many lines as are told of what was logged before. */
export const firstLines = 200;
/** Between two tries to log in on a host that does not answer. */
const retryMs = 1000;

/** What on a host has changed. */
export type Touched = "services" | "mailbox" | "file";

/** Whoever is told what goes on at a host. */
export interface HostEars {
  readonly onLines: (lines: readonly MailLogLine[]) => void;
  /** Mailboxes by their user's name; all at the first time, and after a time without contact. */
  readonly onTouched: (touched: ReadonlySet<Touched>, users: ReadonlySet<string>) => void;
  /** Told at each login, and when one is lost. */
  readonly onFollowed: (isFollowed: boolean) => void;
}

/** Watches one host by one login, and logs in again when that is lost. */
export class HostWatch {
  readonly #outputs: LabOutputs;
  readonly #host: LabHost;
  readonly #ears: HostEars;
  readonly #signal: AbortSignal;
  #connection: SshConnection | undefined;
  /** The log's file and the byte up to which it was told. */
  #told: { readonly inode: string; readonly toByte: number } | undefined;
  #lastMs = 0;
  #files: ReadonlyMap<string, string> = new Map();

  /** @param signal - ends it. */
  constructor(outputs: LabOutputs, host: LabHost, ears: HostEars, signal: AbortSignal) {
    this.#outputs = outputs;
    this.#host = host;
    this.#ears = ears;
    this.#signal = signal;
  }

  /** Watches until the signal aborts. A host that does not answer is no error: it may restart. */
  async run(): Promise<void> {
    const signal = this.#signal;
    for (;;) {
      try {
        await onHost(this.#outputs, this.#host, { user: administrator, signal }, (connection) =>
          this.#watch(connection),
        );
      } catch (error) {
        if (!(error instanceof Error)) throw error;
      } finally {
        this.#connection = undefined;
      }
      if (this.#signal.aborted) return;
      this.#ears.onFollowed(false);
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What a command says there, by the login that stands; `undefined` where none does, or it fails. */
  async ask(command: string): Promise<string | undefined> {
    try {
      const answer = await this.#connection?.run(command, { signal: this.#signal });
      return answer?.exitCode === 0 ? answer.stdout : undefined;
    } catch {
      // The login was lost meanwhile: `run` notices it too.
      return undefined;
    }
  }

  async #watch(connection: SshConnection): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.#signal, over.signal]);
    const beginByte = await this.#tellWhatIsThere(connection);
    this.#connection = connection;
    this.#files = new Map();
    this.#ears.onFollowed(true);
    try {
      // The one that ends first takes the login with it.
      await Promise.race([
        this.#followLog(connection, beginByte, signal),
        this.#followFiles(connection, signal),
      ]);
    } finally {
      over.abort();
    }
  }

  /** @returns the byte from which the log is to be followed. */
  async #tellWhatIsThere(connection: SshConnection): Promise<number> {
    const signal = this.#signal;
    const { stdout } = await connection.run(`stat -c '%i %s' ${mailLogPath} 2>/dev/null || echo - 0`, {
      signal,
    });
    const [inode = "-", size = "0"] = stdout.trim().split(" ");
    const before = this.#told;
    if (before !== undefined) {
      // A host that was made anew, or a log that was rotated, begins at its beginning.
      const isSame = before.inode === inode && before.toByte <= Number(size);
      this.#told = { inode, toByte: isSame ? before.toByte : 0 };
      return this.#told.toByte;
    }
    const first = await connection.run(
      `head -c ${Number(size)} ${mailLogPath} 2>/dev/null | tail -n ${firstLines}`,
      { signal },
    );
    const end = first.stdoutBytes.lastIndexOf("\n") + 1;
    const lines = parseMailLog(this.#host.name, first.stdoutBytes.subarray(0, end).toString("utf8"));
    this.#lastMs = lines.at(-1)?.atMs ?? 0;
    this.#ears.onLines(lines);
    // What was half written is read again as a whole.
    this.#told = { inode, toByte: Number(size) - (first.stdoutBytes.length - end) };
    return this.#told.toByte;
  }

  async #followLog(connection: SshConnection, beginByte: number, signal: AbortSignal): Promise<void> {
    const inode = this.#told?.inode ?? "-";
    // Of a log that is read from its beginning again, what was told already is left out.
    const knownMs = beginByte === 0 ? this.#lastMs : 0;
    const lines = lineWriter((text, toldBytes) => {
      this.#told = { inode, toByte: beginByte + toldBytes };
      const line = parseMailLogLine(this.#host.name, text, this.#lastMs);
      if (line.atMs <= knownMs) return;
      this.#lastMs = line.atMs;
      this.#ears.onLines([line]);
    });
    // --retry: a host on which nothing has been logged yet has no such file.
    await this.#stream(
      connection,
      `exec tail --follow=name --retry --bytes=+${beginByte + 1} ${mailLogPath} 2>/dev/null`,
      lines,
      signal,
    );
  }

  async #followFiles(connection: SshConnection, signal: AbortSignal): Promise<void> {
    const script = await readFile(join(import.meta.dirname, "watch-files.sh"), "utf8");
    let files = new Map<string, string>();
    const lines = lineWriter((text) => {
      if (text !== ".") {
        const [path = "", stamp = ""] = text.split("\t");
        files.set(path, stamp);
        return;
      }
      const before = this.#files;
      this.#files = files;
      files = new Map();
      const changed = changedPaths(before, this.#files);
      this.#ears.onTouched(new Set(changed.map(kindOf)), new Set(changed.flatMap(userOf)));
    });
    await this.#stream(connection, `exec sh -c ${quoteWord(script)}`, lines, signal);
  }

  async #stream(
    connection: SshConnection,
    command: string,
    stdout: ReturnType<typeof lineWriter>,
    signal: AbortSignal,
  ): Promise<void> {
    await connection.exec(command, { stdin: silentInput(), stdout, stderr: stdout, signal });
  }
}

function changedPaths(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = new Set([...before.keys(), ...now.keys()]);
  return [...paths].filter((path) => before.get(path) !== now.get(path));
}

const mailboxFolder = "/var/mail/";

function kindOf(path: string): Touched {
  if (path.startsWith("/run/systemd/") || path.endsWith("/master.pid")) return "services";
  return path.startsWith(mailboxFolder) ? "mailbox" : "file";
}

function userOf(path: string): readonly string[] {
  return path.startsWith(mailboxFolder) && !path.endsWith(".lock") ? [path.slice(mailboxFolder.length)] : [];
}
