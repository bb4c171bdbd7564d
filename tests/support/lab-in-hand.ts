import { execa } from "execa";
import { expect } from "vitest";
import { labelNames } from "../../src/model/labels.ts";
import { quoteWord } from "../../src/model/quote-word.ts";
import { connectSsh, type SshConnection } from "../../src/protocols/ssh.ts";
import type { EngineOfItsOwn } from "./engine-of-its-own.ts";
import { projectRoot, runLab, type LabRun } from "./lab-command.ts";
import { LOOPBACK, type HostUnderTest } from "./lab-under-test.ts";

/** For a line of the shell on a host: some post a hundred mails, and a busy disk holds up each. */
const lineDeadlineMs = 300_000;

/** What `./lab up --json` prints. */
interface UpResult {
  readonly addressing: "docker" | "inside";
  readonly dns: { readonly port: number };
  readonly hosts: readonly HostUnderTest[];
}

/** What `./lab status --json --show-secrets` prints beside the status. */
interface StatusSecrets {
  readonly passwords: Readonly<Record<string, string>>;
  readonly sshKey: string;
}

/**
 * A lab that a test may stop, kill and restart: it belongs to nobody else, and is on the machine's own engine or on
 * one of its own.
 */
export class LabInHand implements AsyncDisposable {
  readonly stack: string;
  readonly addressing: "docker" | "inside";
  readonly hosts: readonly HostUnderTest[];
  readonly #secrets: StatusSecrets;
  readonly #engine: EngineOfItsOwn | undefined;

  private constructor(stack: string, up: UpResult, secrets: StatusSecrets, engine?: EngineOfItsOwn) {
    this.stack = stack;
    this.addressing = up.addressing;
    this.hosts = up.hosts;
    this.#secrets = secrets;
    this.#engine = engine;
  }

  /**
   * Builds a lab with the real command.
   *
   * @param options - further words of `up`.
   */
  static async build(
    stack: string,
    engine?: EngineOfItsOwn,
    options: readonly string[] = [],
  ): Promise<LabInHand> {
    return await LabInHand.of(
      stack,
      await runGood(["up", "--json", ...options, "--stack", stack], engine),
      engine,
    );
  }

  /**
   * Takes a lab in hand that a command has just built.
   *
   * @param printed - what the command printed with `--json`.
   */
  static async of(stack: string, printed: string, engine?: EngineOfItsOwn): Promise<LabInHand> {
    const status = await runGood(["status", "--json", "--show-secrets", "--stack", stack], engine);
    const secrets = JSON.parse(status) as StatusSecrets;
    return new LabInHand(stack, JSON.parse(printed) as UpResult, secrets, engine);
  }

  /** Runs a command of the product on this lab; a failure is a result. */
  async run(...words: readonly string[]): Promise<LabRun> {
    return await runThere([...words, "--stack", this.stack], this.#engine);
  }

  /** The same, which has to go well. */
  async good(...words: readonly string[]): Promise<string> {
    return await runGood([...words, "--stack", this.stack], this.#engine);
  }

  /** Runs a plain `pulumi` in the shell that `./lab env` makes; it has to go well. */
  async pulumi(words: string): Promise<void> {
    const line = `${await this.good("env")}\nexec pulumi ${words}`;
    const run = await execa("env", [...(this.#engine?.enter() ?? []), "sh", "-c", line], {
      cwd: projectRoot,
      reject: false,
      all: true,
    });
    expect(run.exitCode, `pulumi ${words}\n${run.all}`).toBe(0);
  }

  /** Runs a command of Docker on a node's container: `docker("restart", "host1")`. */
  async docker(command: string, ...nodes: readonly string[]): Promise<void> {
    await execa("docker", [command, ...nodes.map((node) => `${this.stack}-${node}`)], this.#client());
  }

  /** The lab's containers: node, id and state, in order. */
  async containers(): Promise<readonly string[]> {
    const { stdout } = await execa(
      "docker",
      [
        ...["ps", "--all", "--no-trunc", "--filter", `label=${labelNames.stack}=${this.stack}`, "--format"],
        `{{.Label "${labelNames.node}"}} {{.ID}} {{.State}}`,
      ],
      this.#client(),
    );
    return stdout === "" ? [] : stdout.split("\n").sort();
  }

  /** An account's password. */
  password(account: string): string {
    const password = this.#secrets.passwords[account];
    if (password === undefined) throw new Error(`the lab ${this.stack} has no account ${account}`);
    return password;
  }

  /** A host by its name. */
  host(name: string): HostUnderTest {
    const host = this.hosts.find((candidate) => candidate.name === name);
    if (host === undefined) throw new Error(`the lab ${this.stack} has no ${name}`);
    return host;
  }

  /** What an account's password is, as the lab has it. */
  passwordOf(account: string): string {
    return this.#secrets.passwords[account] ?? "";
  }

  /** The port of this process's loopback that leads to a published one. */
  async reach(port: number): Promise<number> {
    return (await this.#engine?.reach(port)) ?? port;
  }

  /** Logs in with the lab's own key. */
  async logIn(name: string, user: string): Promise<SshConnection> {
    const { hostKey, ports } = this.host(name);
    const port = await this.reach(ports.ssh);
    return await connectSsh({ host: LOOPBACK, port, user, hostKey, privateKey: this.#secrets.sshKey });
  }

  /** Runs a line of the shell on a host; it has to go well. */
  async on(name: string, user: string, line: string, stdin = ""): Promise<string> {
    await using ssh = await this.logIn(name, user);
    const { exitCode, stdout, stderr } = await ssh.run(line, { stdin, deadlineMs: lineDeadlineMs });
    expect(exitCode, `${line} on ${this.stack}-${name}\n${stdout}${stderr}`).toBe(0);
    return stdout.trim();
  }

  /** Runs a line of the shell on a host as root; it has to go well. */
  async asRoot(name: string, line: string): Promise<string> {
    const stdin = `${this.password("ubuntu")}\n`;
    return await this.on(name, "ubuntu", `sudo -S -p '' sh -c ${quoteWord(line)}`, stdin);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.good("down", "--forget");
  }

  #client(): { env: Record<string, string> } {
    return { env: this.#engine === undefined ? {} : { DOCKER_HOST: this.#engine.host } };
  }
}

async function runThere(words: readonly string[], engine?: EngineOfItsOwn): Promise<LabRun> {
  if (engine === undefined) return await runLab(words);
  return await runLab(words, { enter: engine.enter(), env: { DOCKER_HOST: engine.host } });
}

async function runGood(words: readonly string[], engine?: EngineOfItsOwn): Promise<string> {
  const { exitCode, stdout, stderr } = await runThere(words, engine);
  expect(exitCode, `./lab ${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}
