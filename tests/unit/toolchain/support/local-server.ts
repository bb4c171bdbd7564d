import http from "node:http";

/** A server on the loopback, or on a Unix socket, gone when the test ends. */
export async function localServer(
  answer: http.RequestListener,
  socket?: string,
): Promise<{ readonly url: string; readonly requests: string[] } & AsyncDisposable> {
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    if (socket === undefined) server.listen(0, "127.0.0.1", resolve);
    else server.listen(socket, resolve);
  });
  const address = server.address();
  return {
    requests,
    url:
      typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : `unix://${socket ?? ""}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
