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
