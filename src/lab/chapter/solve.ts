import type { TypedLine } from "../../course/transcript.ts";
import { administrator } from "../../model/lab-secrets.ts";
import { LabError } from "../../model/lab-error.ts";
import { quoteWord } from "../../model/quote-word.ts";
import { planTopology } from "../../model/topology.ts";
import type { SshTerminal, TerminalSize } from "../../protocols/ssh-terminal.ts";
import { TerminalSession } from "../../protocols/terminal-session.ts";
import { waitUntil } from "../../protocols/wait-until.ts";
import { hostsMeant, stepNamed } from "./chapter-step.ts";
import { onHost } from "../access/connect.ts";
import type { LabContext } from "../lab-context.ts";
import { hostNamed, requireOutputs, type LabOutputs } from "../stack/lab-outputs.ts";
import { readLabConfig } from "../stack/stack-config.ts";
import { withOwnTerminal, type OwnTerminal } from "../terminal/own-terminal.ts";
import { abandon, typeLine, waitForPrompt, type Typist } from "../terminal/typist.ts";

/** What is to be typed, and how. */
export interface SolveRequest {
  readonly step: string;
  /** One host alone; all that the step concerns unless given. */
  readonly host: string | undefined;
  /** Time between two keys. */
  readonly paceMs: number;
}

/** What was typed. */
export interface SolveResult {
  readonly step: string;
  readonly typed: readonly { readonly host: string; readonly user: string; readonly line: string }[];
}

/** The shell says of each command how it ended, in a sequence that terminals know and don't show (OSC 133). */
const shellThatTells = `PROMPT_COMMAND='printf "\\033]133;D;%s\\007" "$?"' exec bash -l`;

/** What an editor sends when it ends. */
const leaveAlternate = "\u001b[?1049l";

const mailDeadlineMs = 30_000;

/**
 * Types what the chapter has a student type for a step, on the hosts, as the right account; everything that the
 * remote terminal shows goes to the given one.
 *
 * @throws LabError `LAB_NO_STEP`, `LAB_NO_HOST`, `LAB_SOLVE_STOPPED`, `LAB_SOLVE_COMMAND`
 */
export async function solve(
  context: LabContext,
  request: SolveRequest,
  terminal: SshTerminal,
): Promise<SolveResult> {
  const step = stepNamed(request.step);
  const topology = planTopology(await readLabConfig(context.paths));
  const hosts = hostsMeant(topology, request.host);
  const lines = step.transcript(topology).filter(({ host }) => hosts.includes(host));
  if (lines.length === 0) {
    context.report.say({
      en: `Step ${step.id} has nothing to type on a host.`,
      ja: `ステップ${step.id}には、ホストで入力するものがありません。`,
    });
    return { step: step.id, typed: [] };
  }
  const outputs = await requireOutputs(context);
  let current: TerminalSession | undefined;
  const onInterrupt = () => {
    context.report.say({ en: "Ending …", ja: "終了します…" });
  };
  const onResize = (size: TerminalSize) => current?.resize(size);
  await withOwnTerminal(terminal, onInterrupt, onResize, async (own) => {
    for (const login of byLogin(lines)) {
      await typeAt(context, outputs, { login, own, paceMs: request.paceMs }, (session) => {
        current = session;
      });
    }
  });
  return { step: step.id, typed: lines.map(({ host, user, line }) => ({ host, user, line })) };
}

/** Lines that follow each other at the same login; a student opens one terminal for them. */
type LoginLines = readonly [TypedLine, ...TypedLine[]];

function byLogin(lines: readonly TypedLine[]): readonly LoginLines[] {
  const groups: [TypedLine, ...TypedLine[]][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last?.[0].host === line.host && last[0].user === line.user) last.push(line);
    else groups.push([line]);
  }
  return groups;
}

interface LoginWork {
  readonly login: LoginLines;
  readonly own: OwnTerminal;
  readonly paceMs: number;
}

async function typeAt(
  context: LabContext,
  outputs: LabOutputs,
  { login, own, paceMs }: LoginWork,
  onSession: (session: TerminalSession) => void,
): Promise<void> {
  const [{ host: name, user }] = login;
  const host = hostNamed(outputs, name);
  const signal = AbortSignal.any([context.signal, own.interrupted]);
  context.report.say({ en: `${user} on ${name}`, ja: `${name}の${user}` });
  await onHost(outputs, host, { user, signal }, async (connection) => {
    const size = own.size();
    const session = new TerminalSession(await connection.openTerminal(size, shellThatTells), {
      ...{ size, onOutput: own.show, signal },
    });
    onSession(session);
    const typist: Typist = {
      ...{ session, paceMs, login: { user, hostname: host.hostname } },
      passwordOf: (account) => outputs.passwords[account] ?? "",
      readFile: async (path) => (await connection.run(`cat ${quoteWord(path)}`, { signal })).stdout,
    };
    for (const line of login) await typeOne(typist, line);
    await waitForPrompt(typist);
    session.close();
    own.show("\r\n");
  });

  /** One line, and what is to be said where it does not go as it should. */
  async function typeOne(typist: Typist, line: TypedLine): Promise<void> {
    try {
      if (line.line === "mail") await mailArrived(context, outputs, line);
      const { exitCode } = await typeLine(typist, line);
      if (exitCode !== undefined && exitCode !== 0) throw commandFailed(exitCode);
    } catch (cause) {
      await abandon(typist, line);
      own.show(typist.session.screen.isAlternate ? `${leaveAlternate}\r\n` : "\r\n");
      signal.throwIfAborted();
      throw cause instanceof LabError ? stopped(line, cause) : cause;
    }
  }
}

/** Waits until there is mail to read: a person would see it announced. */
async function mailArrived(context: LabContext, outputs: LabOutputs, line: TypedLine): Promise<void> {
  const { signal } = context;
  const host = hostNamed(outputs, line.host);
  await onHost(outputs, host, { user: administrator, signal }, async (connection) => {
    await waitUntil(
      { awaited: `mail of ${line.user} on ${line.host}`, deadlineMs: mailDeadlineMs, signal },
      async () => {
        const { exitCode } = await connection.run(`test -s /var/mail/${line.user}`, { signal });
        return exitCode === 0 ? true : undefined;
      },
    );
  });
}

function commandFailed(code: number): LabError {
  return new LabError("LAB_SOLVE_COMMAND", {
    en: `it ended with exit code ${code}`,
    ja: `終了コード${code}で終わりました`,
  });
}

function stopped(line: TypedLine, cause: LabError): LabError {
  const { host, user } = line;
  return new LabError(
    "LAB_SOLVE_STOPPED",
    {
      en: `At \`${line.line}\` (${user} on ${host}): ${cause.text.en}`,
      ja: `\`${line.line}\`（${host}の${user}）で止まりました。${cause.text.ja}`,
    },
    {
      details: cause.details,
      hint: cause.hint ?? {
        en: `./lab diff shows how ${host} stands; ./lab ssh ${user}@${host} lets you look`,
        ja: `./lab diff で${host}の状態を、./lab ssh ${user}@${host} で中を確認できます`,
      },
      cause,
    },
  );
}
