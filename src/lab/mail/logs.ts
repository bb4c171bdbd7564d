import { administrator } from "../../model/lab-secrets.ts";
import {
  mergeMailLogs,
  parseMailLog,
  parseMailLogLine,
  type MailLogLine,
} from "../../model/mail/mail-log.ts";
import { MessageTrace } from "../../model/mail/message-trace.ts";
import type { SshConnection } from "../../protocols/ssh.ts";
import { silentInput } from "../../protocols/ssh-command.ts";
import { onHost } from "../access/connect.ts";
import type { LabContext } from "../lab-context.ts";
import { hostNamed, requireOutputs, type LabHost, type LabOutputs } from "../stack/lab-outputs.ts";
import { lineWriter } from "./line-writer.ts";

/** Where Debian and Ubuntu have the mail log; the administrator's group may read it. */
export const mailLogPath = "/var/log/mail.log";

/** How long a line is kept back, so that one of another host that was written before it can go first. */
const settleMs = 200;

/** What of the logs is wanted. */
export interface LogsRequest {
  /** One host alone; all unless given. */
  readonly host: string | undefined;
  /** One mail alone, by its Message-ID with or without angle brackets. */
  readonly messageId: string | undefined;
  /** Goes on until the context's signal aborts. */
  readonly follow: boolean;
}

/**
 * Reads the mail logs of the lab's hosts as one, in order of time.
 *
 * @param onLine - told each line.
 * @returns how many lines there were.
 */
export async function readLogs(
  context: LabContext,
  request: LogsRequest,
  onLine: (line: MailLogLine) => void,
): Promise<number> {
  const outputs = await requireOutputs(context);
  const hosts = request.host === undefined ? outputs.hosts : [hostNamed(outputs, request.host)];
  const trace = request.messageId === undefined ? undefined : new MessageTrace(request.messageId);
  const logs = await Promise.all(
    hosts.map((host) =>
      onHost(outputs, host, { user: administrator, signal: context.signal }, (connection) =>
        readLog(connection, host, context.signal),
      ),
    ),
  );
  const lines = mergeMailLogs(logs.map((log) => log.lines));
  const wanted = trace === undefined ? lines : trace.linesIn(lines);
  wanted.forEach(onLine);
  if (!request.follow) return wanted.length;
  let count = wanted.length;
  const from = new Map(logs.map(({ host, sizeBytes }) => [host.name, sizeBytes]));
  await followLogs({ outputs, hosts, from, signal: context.signal }, (line) => {
    for (const shown of trace === undefined ? [line] : trace.take(line)) {
      count += 1;
      onLine(shown);
    }
  });
  return count;
}

interface HostLog {
  readonly host: LabHost;
  readonly lines: readonly MailLogLine[];
  readonly sizeBytes: number;
}

/** A host's log up to its last whole line; a host that has none yet has an empty one. */
export async function readLog(
  connection: SshConnection,
  host: LabHost,
  signal: AbortSignal,
): Promise<HostLog> {
  const { stdoutBytes } = await connection.run(`cat ${mailLogPath}`, { signal });
  const sizeBytes = stdoutBytes.lastIndexOf("\n") + 1;
  const log = stdoutBytes.subarray(0, sizeBytes).toString("utf8");
  return { host, sizeBytes, lines: parseMailLog(host.name, log) };
}

/** What is to be followed. */
export interface FollowedLogs {
  readonly outputs: LabOutputs;
  readonly hosts: readonly LabHost[];
  /** Host name to the byte of its log to begin at; its end where there is none. */
  readonly from: ReadonlyMap<string, number>;
  /** Ends it, and that is no error. */
  readonly signal: AbortSignal;
  /** Called when every host's log is being read. */
  readonly onReady?: () => void;
}

/** Follows the logs of several hosts, a rotated one too; tells their lines in order of time, a moment late. */
export async function followLogs(
  { outputs, hosts, from, signal, onReady }: FollowedLogs,
  onLine: (line: MailLogLine) => void,
): Promise<void> {
  const waiting: { readonly line: MailLogLine; readonly arrivedMs: number }[] = [];
  const tell = (untilMs: number): void => {
    const settled = waiting.filter(({ arrivedMs }) => arrivedMs <= untilMs).map(({ line }) => line);
    const newestMs = Math.max(...settled.map(({ atMs }) => atMs));
    // What was written before a line that is told now has to go before it, however fresh.
    const due = waiting.filter(({ line }) => line.atMs <= newestMs).map(({ line }) => line);
    waiting.splice(0, waiting.length, ...waiting.filter(({ line }) => line.atMs > newestMs));
    mergeMailLogs([due]).forEach(onLine);
  };
  const clock = setInterval(() => {
    tell(performance.now() - settleMs);
  }, settleMs / 4);
  let ready = 0;
  const isReady = (): void => {
    ready += 1;
    if (ready === hosts.length) onReady?.();
  };
  try {
    await Promise.all(
      hosts.map((host) =>
        onHost(outputs, host, { user: administrator, signal }, (connection) =>
          followLog(connection, host, { from: from.get(host.name), signal, onReady: isReady }, (line) => {
            waiting.push({ line, arrivedMs: performance.now() });
          }),
        ),
      ),
    );
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(clock);
    tell(Infinity);
  }
}

async function followLog(
  connection: SshConnection,
  host: LabHost,
  { from, signal, onReady }: { from: number | undefined; signal: AbortSignal; onReady: () => void },
  onLine: (line: MailLogLine) => void,
): Promise<void> {
  const { stdout } = await connection.run(`stat -c %s ${mailLogPath} || echo 0`, { signal });
  const begin = from ?? Number(stdout.trim());
  onReady();
  let previousMs = 0;
  const lines = lineWriter((text) => {
    const line = parseMailLogLine(host.name, text, previousMs);
    previousMs = line.atMs;
    onLine(line);
  });
  // --retry: a host on which nothing has been logged yet has no such file.
  await connection.exec(`exec tail --follow=name --retry --bytes=+${begin + 1} ${mailLogPath} 2>/dev/null`, {
    stdin: silentInput(),
    stdout: lines,
    stderr: lines,
    signal,
  });
}
