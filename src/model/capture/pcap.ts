/** A packet as it was captured. */
export interface CapturedPacket {
  /** When, in nanoseconds since 1970. */
  readonly atNs: bigint;
  readonly bytes: Buffer;
  /** How long it was on the wire; more than `bytes` has where it was cut. */
  readonly wireBytes: number;
}

/** Linux "cooked" packets, as tcpdump writes them for `-i any` (LINKTYPE_LINUX_SLL). */
export const cookedLinkType = 113;

/** The file format's sign for times in nanoseconds (draft-ietf-opsawg-pcap). */
const nanosecondMagic = 0xa1b23c4d;
const majorVersion = 2;
const minorVersion = 4;
const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
/** As much of a packet as tcpdump keeps unless told otherwise. */
const snapshotBytes = 262_144;
const nanosecondsPerSecond = 1_000_000_000n;

/** The beginning of a capture file with cooked packets and times in nanoseconds. */
export function pcapHeader(): Buffer {
  const header = Buffer.alloc(fileHeaderBytes);
  header.writeUInt32LE(nanosecondMagic, 0);
  header.writeUInt16LE(majorVersion, 4);
  header.writeUInt16LE(minorVersion, 6);
  header.writeUInt32LE(snapshotBytes, 16);
  header.writeUInt32LE(cookedLinkType, 20);
  return header;
}

/** A packet as it stands in such a file. */
export function pcapRecord({ atNs, bytes, wireBytes }: CapturedPacket): Buffer {
  const header = Buffer.alloc(recordHeaderBytes);
  header.writeUInt32LE(Number(atNs / nanosecondsPerSecond), 0);
  header.writeUInt32LE(Number(atNs % nanosecondsPerSecond), 4);
  header.writeUInt32LE(bytes.length, 8);
  header.writeUInt32LE(wireBytes, 12);
  return Buffer.concat([header, bytes]);
}

/** What a stream of bytes is that is no capture of ours; the words say what was found. */
export class NoPcapError extends Error {
  override readonly name = "NoPcapError";
}

/**
 * Reads a capture in pieces of any size, as tcpdump writes it: nanoseconds and cooked packets, in the byte order of
 * the machine that it runs on.
 */
export class PcapReader {
  #pending: Buffer = Buffer.alloc(0);
  #isLittleEndian: boolean | undefined;

  /** Whether the beginning has been read: whoever writes it is listening by then. */
  get hasBegun(): boolean {
    return this.#isLittleEndian !== undefined;
  }

  /**
   * Takes the next piece.
   *
   * @returns the packets that are whole now.
   * @throws NoPcapError
   */
  take(piece: Buffer): readonly CapturedPacket[] {
    this.#pending = this.#pending.length === 0 ? piece : Buffer.concat([this.#pending, piece]);
    if (this.#isLittleEndian === undefined) {
      if (this.#pending.length < fileHeaderBytes) return [];
      this.#readHeader();
    }
    const packets: CapturedPacket[] = [];
    let at = 0;
    for (; at + recordHeaderBytes <= this.#pending.length;) {
      const length = this.#number(at + 8);
      if (length > snapshotBytes) throw new NoPcapError(`a packet of ${length} bytes`);
      if (at + recordHeaderBytes + length > this.#pending.length) break;
      packets.push({
        atNs: BigInt(this.#number(at)) * nanosecondsPerSecond + BigInt(this.#number(at + 4)),
        bytes: this.#pending.subarray(at + recordHeaderBytes, at + recordHeaderBytes + length),
        wireBytes: this.#number(at + 12),
      });
      at += recordHeaderBytes + length;
    }
    this.#pending = this.#pending.subarray(at);
    return packets;
  }

  #readHeader(): void {
    this.#isLittleEndian = this.#pending.readUInt32LE(0) === nanosecondMagic;
    if (this.#number(0) !== nanosecondMagic) {
      throw new NoPcapError(`it begins with ${this.#pending.subarray(0, 4).toString("hex")}`);
    }
    const linkType = this.#number(20);
    if (linkType !== cookedLinkType) throw new NoPcapError(`link type ${linkType}`);
    this.#pending = this.#pending.subarray(fileHeaderBytes);
  }

  #number(at: number): number {
    return this.#isLittleEndian === true ? this.#pending.readUInt32LE(at) : this.#pending.readUInt32BE(at);
  }
}
