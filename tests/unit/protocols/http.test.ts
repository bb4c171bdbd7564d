import { createServer, type Server } from "node:http";
import { createServer as createSilent } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { firstPageStatus } from "../../../src/protocols/http.ts";
import { LabError } from "../../../src/model/lab-error.ts";

let server: Server | ReturnType<typeof createSilent> | undefined;
afterEach(async () => {
  const closing = server;
  server = undefined;
  if (closing !== undefined) await new Promise((resolve) => closing.close(resolve));
});

async function listening(started: NonNullable<typeof server>): Promise<number> {
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return (started.address() as AddressInfo).port;
}

const failureOf = (port: number, deadlineMs?: number) =>
  firstPageStatus({ address: "127.0.0.1", port, ...(deadlineMs !== undefined && { deadlineMs }) }).catch(
    (error: unknown) => error,
  );

describe("a web server's first page", () => {
  it.each([200, 302, 500])(
    "is judged by its status %i, and nothing else is fetched for it",
    async (status) => {
      const paths: string[] = [];
      const page = createServer((request, answer) => {
        paths.push(request.url ?? "");
        answer.writeHead(status, { location: "/elsewhere", connection: "close" }).end("page");
      });
      expect(await firstPageStatus({ address: "127.0.0.1", port: await listening(page) })).toBe(status);
      expect(paths).toEqual(["/"]);
    },
  );

  it("is an error that names the place where nobody listens", async () => {
    const port = await listening(createSilent());
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    const failure = await failureOf(port);
    expect(failure).toBeInstanceOf(LabError);
    expect(failure).toMatchObject({ code: "LAB_HTTP_NO_ANSWER", exit: 4 });
    expect((failure as LabError).text.en).toContain(`127.0.0.1:${port}: connect ECONNREFUSED`);
  });

  it("is not waited for longer than the budget", async () => {
    const silent = createSilent((socket) => {
      socket.on("error", () => undefined).resume();
    });
    const failure = await failureOf(await listening(silent), 100);
    expect((failure as LabError).text.en).toContain("no answer in time (limit 0.1 s)");
  });
});
