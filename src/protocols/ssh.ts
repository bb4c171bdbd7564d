import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import type { LabError } from "../model/lab-error.ts";
import { Deadline } from "./deadline.ts";
import { describeCause, passwordHint, protocolError, statusHint } from "./protocol-error.ts";
import {
  type CommandExit,
  type CommandResult,
  collectOutput,
  type RunningCommand,
  type RunOptions,
  type StreamOptions,
  streamCommand,
  watchCommand,
} from "./ssh-command.ts";
import { fingerprintOf, hostKeyAlgorithms, isSameKey, parseHostKey } from "./ssh-host-key.ts";
import { type SshTerminal, type TerminalSize, windowOf, withRemoteTerminal } from "./ssh-terminal.ts";

/** Where to log in, as whom, and which key the server must prove to have. */
export interface SshTarget {
  host: string;
  port: number;
  user: string;
  /** OpenSSH private key; this or `password`. */
  privateKey?: string | Buffer;
  password?: string;
  /** The server's OpenSSH public key line. */
  hostKey: string;
  /** Time until the login stands; 30 s unless given. */
  deadlineMs?: number;
  signal?: AbortSignal;
}

const LOGIN_BUDGET_MS = 30_000;
const KEEPALIVE_INTERVAL_MS = 15_000;
const loginWords = { en: "logging in by ssh", ja: "ssh でのログイン" };

/**
 * Logs in by ssh.
 *
 * @throws LabError `LAB_SSH_NO_ANSWER`, `LAB_SSH_AUTH_REFUSED`, `LAB_SSH_WRONG_HOST_KEY`
 */
export async function connectSsh(target: SshTarget): Promise<SshConnection> {
  const { host, port, user } = target;
  const where = `${user}@${host}:${port}`;
  const expected = parseHostKey(target.hostKey);
  const deadline = new Deadline(target.deadlineMs ?? LOGIN_BUDGET_MS, target.signal);
  let offered: Buffer | undefined;

  const client = new Client();
  const { promise: ready, resolve, reject } = Promise.withResolvers<undefined>();
  client.once("ready", () => {
    resolve(undefined);
  });
  client.once("connect", () => {
    client.setNoDelay(true); // each step of a login is a small packet that waits for the one before
  });
  client.on("error", reject);
  client.once("close", () => {
    reject(new Error("the server closed the connection"));
  });
  const config: ConnectConfig = {
    host,
    port,
    username: user,
    // the deadline above is the only clock
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_INTERVAL_MS,
    // the type definitions know a fixed list only; the values are the same names
    algorithms: { serverHostKey: hostKeyAlgorithms(expected.type) as never },
    hostVerifier: (key: Buffer) => {
      offered = key;
      return isSameKey(expected.blob, key);
    },
    ...(target.privateKey === undefined ? {} : { privateKey: target.privateKey }),
    ...(target.password === undefined ? {} : { password: target.password }),
  };
  try {
    client.connect(config);
    await deadline.race(ready);
  } catch (cause) {
    client.destroy();
    if (offered !== undefined && !isSameKey(expected.blob, offered)) {
      throw wrongHostKey(where, expected.blob, offered, cause);
    }
    throw loginFailed(where, deadline, cause);
  }
  return new SshConnection(client, where);
}

/** A login that stands. Close it with `await using`. */
export class SshConnection implements AsyncDisposable {
  /** `user@host:port`, for messages. */
  readonly where: string;
  readonly #client: Client;
  readonly #closed: Promise<void>;
  #lastError: Error | undefined;

  constructor(client: Client, where: string) {
    this.#client = client;
    this.where = where;
    this.#closed = new Promise((resolve) => {
      client.once("close", () => {
        resolve();
      });
    });
    client.on("error", (error) => {
      this.#lastError = error;
    });
  }

  /**
   * Runs a command by the user's shell and collects what it says. A command that fails is a result.
   *
   * @throws LabError `LAB_SSH_COMMAND_TIMEOUT`, `LAB_SSH_CONNECTION_LOST`
   */
  async run(command: string, options: RunOptions = {}): Promise<CommandResult> {
    const window = options.pty === true ? windowOf() : undefined;
    return await collectOutput(await this.#start(command, window, options.env), options);
  }

  /**
   * Runs a command with its streams joined to the given ones. With `pty`, the local terminal is raw
   * meanwhile and follows its window's size.
   *
   * @throws LabError `LAB_SSH_CONNECTION_LOST`
   */
  async exec(command: string, options: StreamOptions): Promise<CommandExit> {
    const window = options.pty === true ? windowOf(options.stdout) : undefined;
    const running = await this.#start(command, window, options.env);
    const stream = () => streamCommand(running, options);
    return await (window === undefined ? stream() : withRemoteTerminal(running.channel, options, stream));
  }

  /**
   * Opens the user's login shell, as `ssh user@host` does: with a terminal where the local side is one.
   *
   * @throws LabError `LAB_SSH_CONNECTION_LOST`; the signal's reason where it ended the shell
   */
  async shell(terminal: SshTerminal, signal?: AbortSignal): Promise<CommandExit> {
    const window = terminal.stdin.isTTY === true ? windowOf(terminal.stdout) : false;
    const running = await this.#request("the login shell", (callback) => {
      this.#client.shell(window, callback);
    });
    const stream = () =>
      streamCommand(running, { stderr: terminal.stdout, ...terminal, ...(signal && { signal }) });
    return await (window === false ? stream() : withRemoteTerminal(running.channel, terminal, stream));
  }

  /**
   * Opens a terminal of that size, whose keys somebody else presses: with the user's login shell, or with the command
   * where one is given.
   *
   * @throws LabError `LAB_SSH_CONNECTION_LOST`
   */
  async openTerminal(size: TerminalSize, command?: string): Promise<RunningCommand> {
    if (command !== undefined) return await this.#start(command, size);
    return await this.#request("the login shell", (callback) => {
      this.#client.shell(size, callback);
    });
  }

  async #start(
    command: string,
    window: TerminalSize | undefined,
    env: Record<string, string> = {},
  ): Promise<RunningCommand> {
    return await this.#request(command, (callback) => {
      this.#client.exec(command, { env, ...(window === undefined ? {} : { pty: window }) }, callback);
    });
  }

  async #request(
    command: string,
    ask: (callback: (error: Error | undefined, channel: ClientChannel) => void) => void,
  ): Promise<RunningCommand> {
    const { promise, resolve, reject } = Promise.withResolvers<RunningCommand>();
    const lost = this.#closed.then(() => {
      throw this.#lastError ?? new Error("the connection is closed");
    });
    lost.catch(() => undefined); // only the race below is told
    try {
      ask((error, channel) => {
        if (error === undefined) resolve(watchCommand(channel, command, this.where));
        else reject(error);
      });
      return await Promise.race([promise, lost]);
    } catch (cause) {
      const what = { en: `starting \`${command}\``, ja: `\`${command}\` の開始` };
      const observed = describeCause(cause);
      throw protocolError({ code: "LAB_SSH_CONNECTION_LOST", what, where: this.where, observed, cause });
    }
  }

  /** Ends the login. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.end();
    const deadline = new Deadline(1000);
    await deadline.race(this.#closed).catch(() => this.#client.destroy());
  }
}

function wrongHostKey(where: string, expected: Buffer, offered: Buffer, cause: unknown): LabError {
  return protocolError({
    code: "LAB_SSH_WRONG_HOST_KEY",
    what: { en: "checking the server's ssh key", ja: "サーバーの ssh 鍵の確認" },
    where,
    observed: {
      en: `expected ${fingerprintOf(expected)}, the server has ${fingerprintOf(offered)}; nothing was sent to it`,
      ja: `期待した鍵は ${fingerprintOf(expected)}、サーバーの鍵は ${fingerprintOf(offered)} です。何も送っていません`,
    },
    hint: {
      en: "Another server answers at this port. See which: ./lab status",
      ja: "このポートでは別のサーバーが応答しています。確認する: ./lab status",
    },
    cause,
  });
}

function loginFailed(where: string, deadline: Deadline, cause: unknown): LabError {
  const level = cause instanceof Error && "level" in cause ? cause.level : undefined;
  if (level === "client-authentication") {
    return protocolError({
      code: "LAB_SSH_AUTH_REFUSED",
      what: loginWords,
      where,
      observed: {
        en: "the server refused the key or the password",
        ja: "鍵またはパスワードが拒否されました",
      },
      hint: passwordHint,
      cause,
    });
  }
  return protocolError({
    code: "LAB_SSH_NO_ANSWER",
    what: loginWords,
    where,
    observed: describeCause(cause),
    budgetMs: deadline.budgetMs,
    hint: statusHint,
    cause,
  });
}
