import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../model/lab-error.ts";
import { administrator } from "../model/lab-secrets.ts";
import { quoteWord } from "../model/quote-word.ts";
import { sameText, type Text } from "../model/text.ts";
import { connectSsh, type SshConnection } from "../protocols/ssh.ts";
import type { CommandResult } from "../protocols/ssh-command.ts";
import type { Cause } from "./cause.ts";
import type { CheckedHost, CheckedLab, HostFailure } from "./observation.ts";

/** Where every lab publishes its ports. */
export const loopback = "127.0.0.1";

/** How long a login may take: in a lab that works it takes a tenth of a second. */
const loginDeadlineMs = 5000;

/** As much as a host may say: its mail log is the most of it. */
const mostOutputBytes = 20_000_000;

/** A host that can't be looked at: a result, which ends this host's part and no other's. */
export class HostNotObserved extends Error {
  readonly failure: HostFailure;

  constructor(cause: Cause, observed: Text) {
    super(observed.en);
    this.failure = { cause, observed };
  }
}

/** What an error of the ssh client says of the host. */
const causes: Readonly<Record<string, Cause>> = {
  LAB_SSH_NO_ANSWER: "host-unreachable",
  LAB_SSH_AUTH_REFUSED: "key-refused",
  LAB_SSH_WRONG_HOST_KEY: "host-key-changed",
  LAB_SSH_COMMAND_TIMEOUT: "host-damaged",
  LAB_SSH_CONNECTION_LOST: "host-damaged",
};

/** The script of that name beside this file. */
async function readScript(name: string): Promise<string> {
  return await readFile(join(import.meta.dirname, `${name}.sh`), "utf8");
}

/** A host on which the check has logged in with the lab's own key, as the administrator. */
export class HostLogin {
  readonly host: CheckedHost;
  readonly #connection: SshConnection;
  readonly #password: string;
  readonly #signal: AbortSignal;

  private constructor(host: CheckedHost, connection: SshConnection, password: string, signal: AbortSignal) {
    this.host = host;
    this.#connection = connection;
    this.#password = password;
    this.#signal = signal;
  }

  /** @throws HostNotObserved */
  static async open(lab: CheckedLab, host: CheckedHost, signal: AbortSignal): Promise<HostLogin> {
    const target = {
      host: loopback,
      port: host.ports.ssh,
      user: administrator,
      privateKey: lab.sshKey,
      hostKey: host.hostKey,
      deadlineMs: loginDeadlineMs,
      signal,
    };
    const connection = await orNotObserved(connectSsh(target), signal);
    return new HostLogin(host, connection, lab.passwords[administrator] ?? "", signal);
  }

  /**
   * Runs one of the scripts beside this file as root.
   *
   * @param input - goes to the script's standard input, behind the administrator's password.
   * @throws HostNotObserved
   */
  async runAsRoot(
    script: string,
    words: readonly string[],
    { deadlineMs, input = "" }: { readonly deadlineMs: number; readonly input?: string },
  ): Promise<CommandResult> {
    const command = ["sh", "-c", await readScript(script), script, ...words].map(quoteWord).join(" ");
    // -k: the password is asked for in any case, so that it is never left over for the script to read. A host on
    // which a program never stops talking is cut short.
    return await orNotObserved(
      this.#connection.run(`sudo -k -S -p '' ${command} | head -c ${mostOutputBytes}`, {
        stdin: `${this.#password}\n${input}`,
        deadlineMs,
        signal: this.#signal,
      }),
      this.#signal,
    );
  }

  /** Logs out. */
  async close(): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }
}

/** What ssh could not do says something of the host; any other error is a bug. */
async function orNotObserved<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof LabError ? causes[error.code] : undefined;
    if (cause === undefined || !(error instanceof LabError)) throw error;
    throw new HostNotObserved(cause, firstLine(error.text));
  }
}

/** Errors name the whole command, and a script is long. */
function firstLine({ en, ja }: Text): Text {
  const shortened = (words: string): string =>
    words.replace(/`sudo -k [^]*`/, "`sudo sh …`").split("\n")[0] ?? "";
  return en === ja ? sameText(shortened(en)) : { en: shortened(en), ja: shortened(ja) };
}
