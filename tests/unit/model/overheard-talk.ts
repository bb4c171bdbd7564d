import { MailDialogue, type DialogueEntry } from "../../../src/model/capture/mail-dialogue.ts";
import type { Speaker } from "../../../src/model/capture/spoken-login.ts";
import { cookedPacket, type PacketPlan } from "./cooked-packets.ts";

/** A host of the lab. */
export const host1 = "192.168.1.12";
/** The other. */
export const host2 = "192.168.1.13";
const nodes: Readonly<Record<string, string>> = { [host1]: "host1", [host2]: "host2" };

/** Both ends of a connection, as they would talk: each line is a packet. */
export class Talk {
  readonly entries: DialogueEntry[] = [];
  readonly dialogue = new MailDialogue(
    (address) => nodes[address],
    (entry) => this.entries.push(entry),
  );
  readonly #ends: Readonly<Record<Speaker, PacketPlan["source"]>>;
  readonly #next: Record<Speaker, number> = { client: 1000, server: 4_294_967_290 };
  readonly #node: string;

  constructor(port: number, { client = host1, server = host2, clientPort = 40_000, node = "host1" } = {}) {
    this.#ends = { client: { address: client, port: clientPort }, server: { address: server, port } };
    this.#node = node;
  }

  packet(from: Speaker, rest: Pick<PacketPlan, "flags" | "payload">, sequence = this.#next[from]): void {
    const to = from === "client" ? "server" : "client";
    const bytes = cookedPacket({ source: this.#ends[from], target: this.#ends[to], sequence, ...rest });
    this.dialogue.take({ atNs: 1_795_547_661_000_000_000n, bytes, node: this.#node });
  }

  open(): this {
    this.packet("client", { flags: "S" }, 999);
    this.packet("server", { flags: "S." }, 4_294_967_289);
    return this;
  }

  say(from: Speaker, bytes: string | Buffer): this {
    this.packet(from, { payload: bytes });
    this.#next[from] = (this.#next[from] + Buffer.byteLength(bytes)) % 2 ** 32;
    return this;
  }

  /** `C: EHLO x` and `S: 250 OK`, a line each. */
  lines(...lines: readonly string[]): this {
    for (const line of lines) this.say(line.startsWith("C: ") ? "client" : "server", `${line.slice(3)}\r\n`);
    return this;
  }

  end(from: Speaker, flags = "F."): this {
    this.packet(from, { flags });
    return this;
  }

  /** What was heard, in short. */
  heard(): readonly string[] {
    return this.entries.map((entry) => {
      const who = "from" in entry ? (entry.from === "client" ? "C" : "S") : "";
      switch (entry.kind) {
        case "line":
          return `${who}: ${entry.text}${entry.cutBytes > 0 ? ` +${entry.cutBytes}` : ""}`;
        case "meaning":
          return `= ${Object.values(entry.meaning).join(" ")}`;
        case "left-out":
          return `${who}… ${entry.lines}`;
        case "missing":
          return `${who}? ${entry.bytes}`;
        case "closed":
          return `closed: ${entry.how} ${entry.encryptedBytes.client}/${entry.encryptedBytes.server}`;
        case "opened":
          return `${entry.protocol} ${entry.client.node ?? entry.client.address} ${entry.server.node ?? entry.server.address}${entry.isFromMiddle ? " from the middle" : ""}`;
        default:
          return entry.kind;
      }
    });
  }
}
