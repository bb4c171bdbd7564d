import { MailConversation, type ConversationEvent } from "./mail-conversation.ts";
import type { MailProtocol, Speaker } from "./spoken-login.ts";
import { tcpSegmentOf, type TcpEnd, type TcpSegment } from "./tcp-segment.ts";
import { TcpStream } from "./tcp-stream.ts";

/** One side of a conversation. */
export interface ConversationEnd extends TcpEnd {
  /** The node of the lab that it is; absent for a stranger, whom the gateway's address stands for. */
  readonly node?: string | undefined;
}

/** How a connection ended: `refused` where nobody listens, `open` where the capture ended before it. */
export type ConversationClose = "closed" | "reset" | "refused" | "no-answer" | "open";

/** One thing that was heard in one of the conversations. */
export type DialogueEntry = {
  /** When, in milliseconds since 1970. */
  readonly atMs: number;
  /** Its number, from 1 in the order of beginning. */
  readonly conversation: number;
  readonly protocol: MailProtocol;
  readonly client: ConversationEnd;
  readonly server: ConversationEnd;
} & (
  | ConversationEvent
  /** `isFromMiddle`: it was open before the capture began. */
  | { readonly kind: "opened"; readonly isFromMiddle: boolean }
  | {
      readonly kind: "closed";
      readonly how: ConversationClose;
      readonly encryptedBytes: Readonly<Record<Speaker, number>>;
    }
);

/** Server's port to what is spoken there; at the last three in TLS from the first byte. */
const protocolOfPort: ReadonlyMap<number, MailProtocol> = new Map([
  [25, "SMTP"],
  [587, "SMTP"],
  [110, "POP3"],
  [143, "IMAP"],
  [465, "SMTP"],
  [993, "IMAP"],
  [995, "POP3"],
]);

/** The ports at which mail is spoken. */
export const mailPorts: readonly number[] = [...protocolOfPort.keys()];

/** Connections that are followed at once; the one that was silent longest is given up for a new one. */
const mostConnections = 256;
const nanosecondsPerMillisecond = 1_000_000n;

/** A connection that is followed. */
interface Connection {
  readonly number: number;
  readonly protocol: MailProtocol;
  readonly client: ConversationEnd;
  readonly server: ConversationEnd;
  readonly streams: Readonly<Record<Speaker, TcpStream>>;
  readonly conversation: MailConversation;
  /** The client's SYN, by which one that is sent again is known. */
  readonly synSequence: number | undefined;
  isAnswered: boolean;
  isEnding: boolean;
  isClosed: boolean;
  atMs: number;
}

/** A packet of the capture, and the node at which it was taken. */
export interface TakenPacket {
  readonly atNs: bigint;
  readonly bytes: Buffer;
  readonly node: string;
}

/** Follows the SMTP, IMAP and POP3 conversations in captured packets, which come in order of time. */
export class MailDialogue {
  readonly #nodeOf: (address: string) => string | undefined;
  readonly #say: (entry: DialogueEntry) => void;
  /** By both ends; the one that has been silent longest comes first. */
  readonly #connections = new Map<string, Connection>();
  #count = 0;

  constructor(nodeOf: (address: string) => string | undefined, say: (entry: DialogueEntry) => void) {
    this.#nodeOf = nodeOf;
    this.#say = say;
  }

  /** Takes the next packet; one of another kind says nothing. */
  take({ atNs, bytes, node }: TakenPacket): void {
    const segment = tcpSegmentOf(bytes);
    if (segment === undefined) return;
    const from = speakerOf(segment);
    if (from === undefined) return;
    const connection = this.#connectionOf(segment, from, node, Number(atNs / nanosecondsPerMillisecond));
    if (connection !== undefined && !connection.isClosed) this.#follow(connection, segment, from);
  }

  /** Ends all that is still open: the capture is over. */
  finish(): void {
    for (const connection of this.#connections.values()) {
      this.#close(connection, connection.isAnswered ? "open" : "no-answer");
    }
    this.#connections.clear();
  }

  #connectionOf(segment: TcpSegment, from: Speaker, node: string, atMs: number): Connection | undefined {
    const [client, server] =
      from === "client" ? [segment.source, segment.target] : [segment.target, segment.source];
    const place = isLoopback(client.address) ? node : "";
    const key = `${place} ${client.address}:${client.port} ${server.address}:${server.port}`;
    const known = this.#connections.get(key);
    const isNew =
      segment.isSyn && !segment.isAck && (known === undefined || known.synSequence !== segment.sequence);
    if (known !== undefined && !isNew) {
      known.atMs = atMs;
      this.#connections.delete(key);
      this.#connections.set(key, known);
      return known;
    }
    // What a closed connection says last must not look like the beginning of another one.
    if (known === undefined && !isNew && segment.payload.length === 0) return undefined;
    if (known !== undefined) this.#close(known, "open");
    const named = (end: TcpEnd): ConversationEnd => ({
      ...end,
      node: isLoopback(end.address) ? node : this.#nodeOf(end.address),
    });
    const opened = this.#open({ client: named(client), server: named(server), atMs, isNew, segment });
    this.#connections.set(key, opened);
    this.#dropOldest();
    return opened;
  }

  #open({
    client,
    server,
    atMs,
    isNew,
    segment,
  }: Pick<Connection, "client" | "server" | "atMs"> & {
    readonly isNew: boolean;
    readonly segment: TcpSegment;
  }): Connection {
    const protocol = protocolOfPort.get(server.port) ?? "SMTP";
    this.#count += 1;
    const connection: Connection = {
      number: this.#count,
      protocol,
      client,
      server,
      streams: { client: new TcpStream(), server: new TcpStream() },
      conversation: new MailConversation(protocol, (event) => {
        this.#tell(connection, event);
      }),
      synSequence: isNew ? segment.sequence : undefined,
      isAnswered: !isNew,
      isEnding: false,
      isClosed: false,
      atMs,
    };
    this.#tell(connection, { kind: "opened", isFromMiddle: !isNew });
    return connection;
  }

  #dropOldest(): void {
    if (this.#connections.size <= mostConnections) return;
    for (const [key, connection] of this.#connections) {
      this.#close(connection, "open");
      this.#connections.delete(key);
      return;
    }
  }

  #follow(connection: Connection, segment: TcpSegment, from: Speaker): void {
    const { streams, conversation } = connection;
    const stream = streams[from];
    const first = segment.isSyn ? segment.sequence + 1 : segment.sequence;
    if (segment.isSyn) stream.begin(first);
    if (from === "server" && !segment.isReset) connection.isAnswered = true;
    for (const part of stream.take(first, segment.payload)) conversation.take(from, part);
    if (segment.isFin) {
      stream.end(first + segment.payload.length);
      connection.isEnding = true;
    }
    if (segment.isReset) {
      const how = connection.isAnswered ? (connection.isEnding ? "closed" : "reset") : "refused";
      this.#close(connection, how);
    } else if (streams.client.isComplete && streams.server.isComplete) this.#close(connection, "closed");
  }

  #close(connection: Connection, how: ConversationClose): void {
    if (connection.isClosed) return;
    const { conversation, streams } = connection;
    for (const from of ["client", "server"] as const) {
      for (const part of streams[from].finish()) conversation.take(from, part);
    }
    conversation.finish();
    connection.isClosed = true;
    this.#tell(connection, { kind: "closed", how, encryptedBytes: { ...conversation.encryptedBytes } });
  }

  #tell(
    { atMs, number, protocol, client, server }: Connection,
    event:
      | ConversationEvent
      | Pick<Extract<DialogueEntry, { kind: "opened" }>, "kind" | "isFromMiddle">
      | Pick<Extract<DialogueEntry, { kind: "closed" }>, "kind" | "how" | "encryptedBytes">,
  ): void {
    this.#say({ atMs, conversation: number, protocol, client, server, ...event });
  }
}

/** Who sends a segment: the server is the one at a port of mail. */
function speakerOf({ source, target }: TcpSegment): Speaker | undefined {
  if (protocolOfPort.has(target.port)) return "client";
  return protocolOfPort.has(source.port) ? "server" : undefined;
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "0:0:0:0:0:0:0:1";
}
