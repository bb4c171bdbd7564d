import { createSocket } from "node:dgram";

/** A started DNS server in this process. */
export interface StartedDnsServer extends AsyncDisposable {
  port: number;
}

const HEADER_BYTES = 12;
const QUERY_TYPE_AND_CLASS_BYTES = 4;

/**
 * Starts a DNS server on UDP that gives every question the same response code and, where there is one, the same
 * record.
 *
 * @param record type and data of the answer's one record, or `undefined` for none
 */
export async function startDnsServer(
  responseCode: number,
  record?: { type: number; data: Buffer },
): Promise<StartedDnsServer> {
  const socket = createSocket("udp4");
  socket.on("message", (query, client) => {
    const nameEnd = query.indexOf(0, HEADER_BYTES) + 1;
    const question = query.subarray(HEADER_BYTES, nameEnd + QUERY_TYPE_AND_CLASS_BYTES);
    const header = Buffer.alloc(HEADER_BYTES);
    query.copy(header, 0, 0, 2); // the question's number
    header.writeUInt16BE(0x8400 | responseCode, 2); // a response, authoritative
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(record === undefined ? 0 : 1, 6);
    socket.send(Buffer.concat([header, question, ...(record ? [encodeRecord(record)] : [])]), client.port);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    port: socket.address().port,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        socket.close(resolve);
      });
    },
  };
}

/** A domain name on the wire (RFC 1035, 3.1). */
export function encodeName(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function encodeRecord({ type, data }: { type: number; data: Buffer }): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE(0xc00c, 0); // the question's name
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4); // class IN
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
