import { Writable } from "node:stream";

/** Bytes of one line that nobody has ended: what is longer is told in parts. */
const mostPendingBytes = 1_000_000;

/**
 * A stream that tells its text line by line, without the line's end; empty lines are left out.
 *
 * @param onLine - told each line, and how many bytes of the stream have been told with it.
 */
export function lineWriter(onLine: (text: string, toldBytes: number) => void): Writable {
  let pending: Buffer = Buffer.alloc(0);
  let toldBytes = 0;
  const tell = (line: Buffer): void => {
    toldBytes += line.length;
    const text = line.toString("utf8").replace(/\n$/, "");
    if (text !== "") onLine(text, toldBytes);
  };
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      let bytes: Buffer = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      for (let end = bytes.indexOf("\n"); end >= 0; end = bytes.indexOf("\n")) {
        tell(bytes.subarray(0, end + 1));
        bytes = bytes.subarray(end + 1);
      }
      if (bytes.length > mostPendingBytes) {
        tell(bytes);
        bytes = Buffer.alloc(0);
      }
      pending = bytes;
      done();
    },
  });
}
