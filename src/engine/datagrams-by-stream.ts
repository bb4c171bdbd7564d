import { createSocket } from "node:dgram";
import { connect } from "node:net";

const loopback = "127.0.0.1";
/** DNS over TCP puts the length before a message (RFC 1035, 4.2.2). */
const lengthBytes = 2;
const answerDeadlineMs = 10_000;

/**
 * Answers DNS questions that come by UDP to a port of the loopback by asking the same port by TCP, which is all that
 * ssh carries. Two at a time may do so. It does not keep the process.
 */
export async function answerDatagramsByStream(port: number): Promise<{ readonly close: () => void }> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  socket.on("message", (question, { address, port: asker }) => {
    ask(port, question, (answer) => {
      socket.send(answer, asker, address, () => undefined); // the asker may have gone
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once("error", reject);
  socket.bind(port, loopback, () => {
    resolve(undefined);
  });
  await promise;
  socket.unref();
  return {
    close: () => {
      socket.close();
    },
  };
}

function ask(port: number, question: Buffer, onAnswer: (answer: Buffer) => void): void {
  const stream = connect({ host: loopback, port });
  stream.unref();
  stream.setTimeout(answerDeadlineMs, () => stream.destroy());
  stream.on("error", () => undefined); // no answer is what the asker sees, too
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt16BE(question.length);
  stream.write(Buffer.concat([length, question]));
  let received = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < lengthBytes) return;
    const end = lengthBytes + received.readUInt16BE(0);
    if (received.length < end) return;
    onAnswer(received.subarray(lengthBytes, end));
    stream.destroy();
  });
}
