import { listContainers } from "../../engine/lab-objects.ts";
import type { DnsQuestion } from "../../model/dns-questions.ts";
import { findMailTrace } from "../../model/trace/find-mail-trace.ts";
import { addressAt, parseCidr } from "../../model/ipv4.ts";
import { labelNames } from "../../model/labels.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { administrator } from "../../model/lab-secrets.ts";
import { mergeMailLogs, type MailLogLine } from "../../model/mail/mail-log.ts";
import type { TraceSources } from "../../model/trace/mail-trace-sources.ts";
import type { MailTrace, WantedMail } from "../../model/trace/mail-trace.ts";
import type { Text } from "../../model/text.ts";
import { deskIndex, deskName } from "../../model/topology.ts";
import { onHost } from "../access/connect.ts";
import { readQuestions } from "./dns-questions.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { requireOutputs, type LabHost, type LabOutputs } from "../stack/lab-outputs.ts";
import { readLog } from "./logs.ts";
import { askAgain } from "./trace-answers.ts";
import { lookIntoMailboxes } from "./trace-mailbox.ts";

/**
 * Which mail somebody means: what has an `@` is a Message-ID, what looks like Postfix's numbers a queue id.
 *
 * @throws LabError `LAB_USAGE`
 */
export function wantedMail(words: string | undefined, isLast: boolean): WantedMail {
  const hasWords = words !== undefined && words.trim() !== "";
  if (isLast && !hasWords) return { by: "last" };
  if (!isLast && hasWords) {
    const name = words.trim();
    if (name.includes("@")) return { by: "message-id", messageId: name };
    if (/^[0-9A-Za-z]{6,}$/.test(name)) return { by: "queue-id", queueId: name };
  }
  throw new LabError(
    "LAB_USAGE",
    {
      en: "trace: give one mail, by its Message-ID or its queue id, or --last.",
      ja: "trace: メールを1通、Message-IDかキューIDか --last で指定してください。",
    },
    {
      hint: { en: "./lab trace --last", ja: "./lab trace --last" },
      exit: exitCode.usage,
    },
  );
}

/**
 * Tells one mail's life: from the hosts' logs, the DNS server's log of questions, what that server answers now, and
 * what the mailbox shows.
 *
 * @throws LabError `LAB_NOT_UP`, `LAB_TRACE_NO_MAIL`, `LAB_SSH_NO_ANSWER`
 */
export async function traceMail(context: LabContext, wanted: WantedMail): Promise<MailTrace> {
  const outputs = await requireOutputs(context);
  const { sources, notes } = await readSources(context, outputs);
  const trace = findMailTrace(sources, wanted);
  if (trace === undefined) throw noSuchMail(context, wanted, notes);
  const [answered, looked] = await Promise.all([
    askAgain(context, outputs, trace.events),
    lookIntoMailboxes(context, outputs, trace),
  ]);
  return { ...trace, events: [...answered, ...looked], notes: [...trace.notes, ...notes] };
}

/** What the lab's DNS server was asked; an engine that can't say so is no reason to tell nothing. */
async function questionsOf(
  context: LabContext,
  { owner }: LabOutputs,
): Promise<readonly DnsQuestion[] | undefined> {
  const engine = engineOf(context);
  try {
    const containers = await listContainers(engine);
    const dns = containers.find(
      ({ labels }) => labels[labelNames.owner] === owner && labels[labelNames.node] === "dns",
    );
    return await readQuestions(engine, dns?.id);
  } catch (error) {
    if (error instanceof LabError) return undefined;
    throw error;
  }
}

/** What one host gives. */
interface HostSources {
  readonly name: string;
  readonly lines: readonly MailLogLine[];
  readonly accounts: ReadonlyMap<number, string>;
}

/** Reads what can be read; a host that is down is a part of many a mail's story, and is said to be missing. */
async function readSources(
  context: LabContext,
  outputs: LabOutputs,
): Promise<{ readonly sources: TraceSources; readonly notes: readonly Text[] }> {
  const { stack } = context;
  const questions = questionsOf(context, outputs);
  const read = await Promise.allSettled(outputs.hosts.map((host) => readHost(context, outputs, host)));
  const failures = read.flatMap(({ status, ...result }, index) => {
    const host = outputs.hosts[index]?.name ?? "";
    return status === "rejected" && "reason" in result ? [{ host, reason: result.reason as unknown }] : [];
  });
  const fatal = failures.find(({ reason }) => context.signal.aborted || !(reason instanceof LabError));
  if (fatal !== undefined || failures.length === outputs.hosts.length) throw (fatal ?? failures[0])?.reason;
  const logs = read.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const lan = parseCidr(outputs.network.subnet);
  const asked = await questions;
  const sources: TraceSources = {
    hosts: outputs.hosts,
    lines: mergeMailLogs(logs.map(({ lines }) => lines)),
    accounts: new Map(logs.map(({ name, accounts }) => [name, accounts])),
    otherNodes: new Map([
      [outputs.dns.address, "dns"],
      ...(lan === undefined ? [] : [[addressAt(lan, deskIndex), deskName] as const]),
    ]),
    ...(asked === undefined ? {} : { questions: asked }),
    stackWords: stack === "dev" ? "" : ` --stack ${stack}`,
  };
  return { sources, notes: failures.map(({ host }) => missingHost(host, sources.stackWords)) };
}

async function readHost({ signal }: LabContext, outputs: LabOutputs, host: LabHost): Promise<HostSources> {
  return await onHost(outputs, host, { user: administrator, signal }, async (connection) => {
    const { lines } = await readLog(connection, host, signal);
    const { stdout } = await connection.run("getent passwd", { signal });
    return { name: host.name, lines, accounts: accountsIn(stdout) };
  });
}

function missingHost(host: string, stackWords: string): Text {
  return {
    en: `${host} can't be reached, so what its log knows is missing here: ./lab status${stackWords}`,
    ja: `${host}に接続できないため、そのログの内容はここに含まれていません: ./lab status${stackWords}`,
  };
}

/** uid to name, out of passwd(5). */
function accountsIn(passwd: string): ReadonlyMap<number, string> {
  return new Map(
    passwd.split("\n").flatMap((line) => {
      const [name, , uid] = line.split(":");
      return name === undefined || uid === undefined ? [] : [[Number(uid), name] as const];
    }),
  );
}

function noSuchMail({ stack }: LabContext, wanted: WantedMail, notes: readonly Text[]): LabError {
  const name = wanted.by === "queue-id" ? wanted.queueId : wanted.by === "message-id" ? wanted.messageId : "";
  const text =
    wanted.by === "last"
      ? {
          en: "No host's mail log knows of a mail yet.",
          ja: "どのホストのメールログにも、まだメールの記録がありません。",
        }
      : {
          en: `No host's mail log knows a mail ${name}.`,
          ja: `メール ${name} は、どのホストのメールログにもありません。`,
        };
  const command =
    wanted.by === "last" ? `./lab send --stack ${stack}` : `./lab trace --last --stack ${stack}`;
  return new LabError("LAB_TRACE_NO_MAIL", text, {
    details: notes,
    hint: { en: command, ja: command },
    exit: exitCode.usage,
  });
}
