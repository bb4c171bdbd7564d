import { connect } from "node:net";

/** An answer as it came, without reading anything into it. */
export interface RawAnswer {
  /** 0 where the connection was closed without a word. */
  status: number;
  /** Names in lower case. */
  headers: Map<string, string>;
  body: string;
}

const ANSWER_BUDGET_MS = 60_000;

/** Sends a request's lines as they are, which no HTTP client would, and reads until the other side closes. */
export async function rawRequest(
  port: number,
  requestLine: string,
  headers: Record<string, string>,
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host: "127.0.0.1", port });
  let answer = "";
  socket.setEncoding("latin1");
  socket.setTimeout(ANSWER_BUDGET_MS, () => {
    socket.destroy(new Error(`no end of the answer to ${requestLine} in ${ANSWER_BUDGET_MS} ms`));
  });
  socket.on("data", (chunk: string) => {
    answer += chunk;
  });
  socket.on("error", reject);
  socket.on("close", () => {
    resolve(answer);
  });
  const lines = Object.entries({ connection: "close", ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.write([requestLine, ...lines, "", ""].join("\r\n"), "latin1");
  const [head = "", ...body] = (await promise).split("\r\n\r\n");
  const [statusLine = "", ...headerLines] = head.split("\r\n");
  return {
    status: Number(statusLine.split(" ")[1] ?? 0),
    headers: new Map(
      headerLines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    ),
    body: body.join("\r\n\r\n"),
  };
}
