import type { TypedLine } from "../../src/course/transcript.ts";
import type { LabHost } from "../../src/lab/stack/lab-outputs.ts";
import { typeLine, waitForPrompt, type Typist } from "../../src/lab/terminal/typist.ts";
import { quoteWord } from "../../src/model/quote-word.ts";
import { connectSsh, type SshConnection } from "../../src/protocols/ssh.ts";
import { TerminalSession } from "../../src/protocols/terminal-session.ts";
import { LOOPBACK } from "../support/lab-under-test.ts";

/** Who logs in where. */
interface StudentLogin {
  readonly user: string;
  readonly host: LabHost;
  readonly passwordOf: (account: string) => string;
  readonly signal: AbortSignal;
}

/** The size of a new window, for which the textbook's output is laid out too. */
const size = { rows: 24, cols: 80, term: "xterm-256color" };
const loginDeadlineMs = 120_000;
const promptDeadlineMs = 120_000;

/** A window in which somebody has logged in by ssh with a password: the account's own login shell and nothing else. */
export class StudentTerminal implements AsyncDisposable {
  readonly #connection: SshConnection;
  readonly #session: TerminalSession;
  readonly #typist: Typist;
  /** How the prompt looks: `ubuntu@host1example1test:~$ `. */
  readonly #prompt: string;

  private constructor(connection: SshConnection, session: TerminalSession, typist: Typist) {
    this.#connection = connection;
    this.#session = session;
    this.#typist = typist;
    this.#prompt = `${typist.login.user}@${typist.login.hostname}:~$ `;
  }

  static async open({ user, host, passwordOf, signal }: StudentLogin): Promise<StudentTerminal> {
    const connection = await connectSsh({
      ...{ host: LOOPBACK, port: host.ports.ssh, hostKey: host.hostKey, user, password: passwordOf(user) },
      ...{ deadlineMs: loginDeadlineMs, signal },
    });
    const session = new TerminalSession(await connection.openTerminal(size), { size, signal });
    const typist: Typist = {
      ...{ session, passwordOf, paceMs: 0, login: { user, hostname: host.hostname } },
      readFile: async (path) => (await connection.run(`cat ${quoteWord(path)}`, { signal })).stdout,
    };
    await waitForPrompt(typist, promptDeadlineMs);
    return new StudentTerminal(connection, session, typist);
  }

  /**
   * Types a line, answers what is asked, and waits for the prompt.
   *
   * @returns what was shown behind the command line, up to the next prompt.
   */
  async type(line: TypedLine): Promise<string> {
    const { shown } = await typeLine(this.#typist, line);
    if (!shown.endsWith(this.#prompt)) {
      throw new Error(`the terminal shows no "${this.#prompt}" at the end of:\n${shown}`);
    }
    return shown.slice(shown.indexOf("\n") + 1, -this.#prompt.length);
  }

  /** The end of what the terminal has shown. */
  lastLines(count: number): string {
    return this.#session.screen.textSince(0).trimEnd().split("\n").slice(-count).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#session.close();
    await this.#connection[Symbol.asyncDispose]();
  }
}
