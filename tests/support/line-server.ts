import { createServer, type AddressInfo, type Socket } from "node:net";

/** A started server in this process that speaks in lines. */
export interface StartedLineServer extends AsyncDisposable {
  port: number;
  /** Every line that clients sent. */
  received: string[];
}

/**
 * Starts a server that greets, and answers each received line by what `answer` gives: the exact text to send,
 * or `undefined` to say nothing.
 */
export async function startLineServer(
  greeting: string,
  answer: (line: string, socket: Socket) => string | undefined,
): Promise<StartedLineServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let pending = "";
    socket.setEncoding("utf8");
    socket.on("error", () => undefined); // a client that leaves early is part of the tests
    socket.on("data", (chunk: string) => {
      const lines = (pending + chunk).split("\r\n");
      pending = lines.pop() ?? "";
      for (const line of lines) {
        received.push(line);
        const text = answer(line, socket);
        if (text !== undefined) socket.write(text);
      }
    });
    socket.write(greeting);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
