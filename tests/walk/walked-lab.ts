import { expect } from "vitest";
import { speakerOf } from "../../src/cli/language.ts";
import { openContext } from "../../src/cli/session.ts";
import { steps } from "../../src/course/steps.ts";
import type { TypedLine } from "../../src/course/transcript.ts";
import { LabCheck, type CheckReport } from "../../src/lab/chapter/check.ts";
import type { LabContext } from "../../src/lab/lab-context.ts";
import { hostNamed, requireOutputs, type LabHost, type LabOutputs } from "../../src/lab/stack/lab-outputs.ts";
import { readLabConfig } from "../../src/lab/stack/stack-config.ts";
import { administrator } from "../../src/model/lab-secrets.ts";
import { quoteWord } from "../../src/model/quote-word.ts";
import { planTopology, type Topology } from "../../src/model/topology.ts";
import { connectSsh } from "../../src/protocols/ssh.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { runLab } from "../support/lab-command.ts";
import { LOOPBACK } from "../support/lab-under-test.ts";
import { StudentTerminal } from "./student-terminal.ts";

/** What a line at a terminal printed. */
export interface Printed {
  readonly host: string;
  readonly user: string;
  /** The command line. */
  readonly line: string;
  /** What the terminal showed from the end of the command line to the next prompt, as plain text with LF. */
  readonly output: string;
}

const mailDeadlineMs = 400_000;
const logLines = 50;

/** Nobody listens: what goes wrong is thrown. */
const silent = {
  begin: () => ({ line: () => undefined, end: () => undefined }),
  say: () => undefined,
};

/** A lab on which a student does the chapter, with a terminal for each account on each host that is logged in. */
export class WalkedLab implements AsyncDisposable {
  readonly context: LabContext;
  readonly outputs: LabOutputs;
  readonly topology: Topology;
  readonly #terminals = new Map<string, StudentTerminal>();

  private constructor(context: LabContext, outputs: LabOutputs, topology: Topology) {
    this.context = context;
    this.outputs = outputs;
    this.topology = topology;
  }

  /** Builds a lab that stands where the chapter begins, with the real command. */
  static async build(stack: string): Promise<WalkedLab> {
    await good(["up", "--stage", "exercise", "--stack", stack]);
    const { signal } = new AbortController();
    const session = {
      ...{ report: silent, signal, engineSignal: signal, speak: speakerOf("en") },
      stdout: process.stdout,
    };
    const context = await openContext(session, stack);
    const topology = planTopology(await readLabConfig(context.paths));
    return new WalkedLab(context, await requireOutputs(context), topology);
  }

  /** Runs a command of the product on this lab, which has to go well. */
  async good(...words: readonly string[]): Promise<string> {
    return await good([...words, "--stack", this.context.stack]);
  }

  host(name: string): LabHost {
    return hostNamed(this.outputs, name);
  }

  passwordOf(account: string): string {
    const password = this.outputs.passwords[account];
    if (password === undefined) throw new Error(`the lab has no password of ${account}`);
    return password;
  }

  /** The terminal of an account that has logged in with its password; it stays open to the end. */
  async terminal(user: string, hostName: string): Promise<StudentTerminal> {
    const key = `${user}@${hostName}`;
    const open = this.#terminals.get(key);
    if (open !== undefined) return open;
    const host = this.host(hostName);
    const { signal } = this.context;
    const opened = await StudentTerminal.open({
      ...{ user, host, signal },
      passwordOf: (account) => this.passwordOf(account),
    });
    this.#terminals.set(key, opened);
    return opened;
  }

  /** Types a line at the terminal of its account. */
  async type(line: TypedLine): Promise<Printed> {
    const { host, user } = line;
    const terminal = await this.terminal(user, host);
    return { host, user, line: line.line, output: await terminal.type(line) };
  }

  /** Types a command to which nothing is asked. */
  async run(user: string, host: string, line: string): Promise<string> {
    return (await this.type({ kind: "command", host, user, line, answers: [] })).output;
  }

  /** What the chapter has a student type for a step; on both hosts at once where it is the administrator's work. */
  async walk(stepId: string): Promise<readonly Printed[]> {
    const lines = steps.find(({ id }) => id === stepId)?.transcript(this.topology) ?? [];
    if (lines.some(({ user }) => user !== administrator)) return await this.#typeInOrder(lines);
    const perHost = this.outputs.hosts.map(({ name }) => lines.filter(({ host }) => host === name));
    return (await Promise.all(perHost.map((own) => this.#typeInOrder(own)))).flat();
  }

  async #typeInOrder(lines: readonly TypedLine[]): Promise<readonly Printed[]> {
    const printed: Printed[] = [];
    for (const line of lines) {
      if (line.line === "mail") await this.mailLies(line.user, line.host);
      printed.push(await this.type(line));
    }
    return printed;
  }

  /** Waits until there is mail in an account's mailbox. */
  async mailLies(user: string, hostName: string): Promise<void> {
    const deadlineMs = mailDeadlineMs;
    await waitUntil({ awaited: `mail in /var/mail/${user} on ${hostName}`, deadlineMs }, async () => {
      const mailbox = await this.readAsRoot(hostName, `cat /var/mail/${user} 2>/dev/null || true`);
      return mailbox === "" ? undefined : true;
    });
  }

  /** What `./lab check` says, by the same use case and without a process of its own. */
  async check(): Promise<CheckReport> {
    return await LabCheck.of(this.context, { wanted: [], host: undefined }, this.outputs).run();
  }

  /** Looks at something on a host without typing, with the lab's own key. */
  async readAsRoot(hostName: string, command: string): Promise<string> {
    const { ports, hostKey } = this.host(hostName);
    const privateKey = this.outputs.sshKey;
    const login = { host: LOOPBACK, port: ports.ssh, user: administrator, hostKey, privateKey };
    await using ssh = await connectSsh({ ...login, deadlineMs: mailDeadlineMs });
    const stdin = `${this.passwordOf(administrator)}\n`;
    const line = `sudo -S -p '' sh -c ${quoteWord(command)}`;
    return (await ssh.run(line, { stdin, deadlineMs: mailDeadlineMs })).stdout;
  }

  /** The last lines of each terminal and of each host's mail log. */
  async lastWords(): Promise<string> {
    const terminals = [...this.#terminals].map(
      ([key, terminal]) => `--- the terminal of ${key}\n${terminal.lastLines(logLines)}`,
    );
    const logs = this.outputs.hosts.map(async ({ name }) => {
      const command = `tail -n ${logLines} /var/log/mail.log; postqueue -p`;
      const log = await this.readAsRoot(name, `${command} 2>&1`).catch(String);
      return `--- ${name}: mail.log and the queue\n${log}`;
    });
    return [...terminals, ...(await Promise.all(logs))].join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#terminals.values()].map((terminal) => terminal[Symbol.asyncDispose]()));
    await this.good("down", "--forget");
  }
}

async function good(words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runLab(words);
  expect(exitCode, `./lab ${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}
