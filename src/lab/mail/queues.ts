import type { HostWatch } from "../watch/watch-host.ts";

/** What waits in a host's queue. */
export interface HostQueue {
  readonly host: string;
  /** Absent where the host has no Postfix, or it could not be asked. */
  readonly mails?: readonly QueuedMail[];
}

/** A mail that waits. */
export interface QueuedMail {
  readonly queueId: string;
  /** Postfix's: `active`, `deferred`, `incoming`, `hold`. */
  readonly queueName: string;
  readonly arrivedMs: number;
  readonly sizeBytes: number;
  readonly sender: string;
  /** At most 20. */
  readonly recipients: readonly { readonly address: string; readonly reason?: string }[];
}

/** As many mails of a queue, and as many recipients of one, as are told. */
const mostMails = 200;
const mostRecipients = 20;

/** A line of `postqueue -j` (postqueue(1)). */
interface QueueLine {
  readonly queue_name: string;
  readonly queue_id: string;
  readonly arrival_time: number;
  readonly message_size: number;
  readonly sender: string;
  readonly recipients: readonly { readonly address: string; readonly delay_reason?: string }[];
}

/** Asks a host what waits in its queue, as anybody there may. */
export async function readQueue(host: string, watch: HostWatch): Promise<HostQueue> {
  const answer = await watch.ask(`/usr/sbin/postqueue -j | head -n ${mostMails}`);
  return answer === undefined ? { host } : { host, mails: parseQueue(answer) };
}

/** Reads what `postqueue -j` prints, a mail a line; what is none is left out. */
export function parseQueue(output: string): readonly QueuedMail[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [queuedMail(JSON.parse(line) as QueueLine)];
    } catch {
      return [];
    }
  });
}

function queuedMail(line: QueueLine): QueuedMail {
  return {
    queueId: line.queue_id,
    queueName: line.queue_name,
    arrivedMs: line.arrival_time * 1000,
    sizeBytes: line.message_size,
    sender: line.sender,
    recipients: line.recipients
      .slice(0, mostRecipients)
      .map(({ address, delay_reason: reason }) => ({ address, ...(reason !== undefined && { reason }) })),
  };
}
