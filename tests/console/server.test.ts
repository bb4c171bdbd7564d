import { createServer, connect } from "node:net";
import { networkInterfaces } from "node:os";
import { WebSocket } from "ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCommandLines } from "../support/command-lines.ts";
import { runLab } from "../support/lab-command.ts";
import { labUnderTest, mailHosts } from "../support/lab-under-test.ts";
import { rawRequest } from "../support/raw-request.ts";
import {
  askConsole,
  consolePaths,
  listenToLab,
  startConsole,
  type RunningConsole,
} from "../support/running-console.ts";

let running: RunningConsole;

beforeAll(async () => {
  running = await startConsole(labUnderTest().stack);
});

afterAll(async () => {
  await running.stop();
});

const sockets = ["/api/events", "/api/terminal?host=host1&user=ubuntu", "/api/board"];

/** Asks for a WebSocket by hand: the status of the answer. */
async function upgradeStatus(path: string, headers: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const socket = new WebSocket(`ws://127.0.0.1:${running.port}${path}`, { headers });
  socket.on("open", () => {
    resolve(101);
  });
  socket.on("unexpected-response", (_request, { statusCode }) => {
    resolve(statusCode ?? 0);
  });
  socket.on("error", reject);
  try {
    return await promise;
  } finally {
    socket.on("error", () => undefined);
    socket.terminate();
  }
}

describe("whoever has no key", () => {
  it("gets no more of any path than a page that names the command, in both languages", async () => {
    for (const path of consolePaths) {
      const answer = await fetch(`${running.origin}${path}`, { redirect: "manual" });
      const body = await answer.text();
      expect([path, answer.status]).toEqual([path, 403]);
      expect(body).toContain("./lab console");
      expect(body).toContain("アドレス");
      expect(body).toContain("address");
    }
  });

  it("gets in neither by a wrong token nor by a wrong cookie", async () => {
    const wrong = "A".repeat(running.token.length);
    const cookie = `mail-lab-console-${running.port}=${wrong}`;
    const tries: [string, Record<string, string>][] = [
      [`/?token=${wrong}`, {}],
      [`/?token=`, {}],
      [`/?token=${running.token.slice(0, -1)}`, {}],
      ["/api/console", { authorization: `Bearer ${wrong}` }],
      ["/api/console", { cookie }],
      ["/api/console", { cookie: `mail-lab-console-${running.port}=${running.token}` }],
      [`/api/console?token=${running.token}`, {}],
    ];
    for (const [path, headers] of tries) {
      const { status } = await fetch(`${running.origin}${path}`, { headers, redirect: "manual" });
      expect([path, headers, status]).toEqual([path, headers, 403]);
    }
  });

  it("opens no WebSocket", async () => {
    for (const path of sockets) expect(await upgradeStatus(path, { origin: running.origin })).toBe(403);
  });
});

describe("the address that is printed", () => {
  it("is changed for a cookie that only this server's own pages send, and leads away from the token", async () => {
    const answer = await fetch(running.address, { redirect: "manual" });
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe("/");
    const setCookie = answer.headers.get("set-cookie") ?? "";
    expect(setCookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    const [cookie = ""] = setCookie.split(";");
    expect(cookie).not.toContain(running.token);
    const page = await fetch(`${running.origin}/`, { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await upgradeStatus("/api/events", { cookie, origin: running.origin })).toBe(101);
  });

  it("leads on by a page of our own where another page has led to it", async () => {
    const { status, headers, body } = await rawRequest(
      running.port,
      `GET /?token=${running.token} HTTP/1.1`,
      {
        host: `127.0.0.1:${running.port}`,
        "sec-fetch-site": "cross-site",
      },
    );
    expect([status, headers.has("set-cookie")]).toEqual([200, true]);
    expect(body).toContain('content="0; url=/"');
  });
});

describe("a page of somebody else", () => {
  it("is refused by its Origin, for WebSockets and for what changes anything", async () => {
    const authorization = `Bearer ${running.token}`;
    for (const origin of ["http://evil.example", "null", `http://127.0.0.1:${running.port + 1}`]) {
      for (const path of sockets) expect(await upgradeStatus(path, { authorization, origin })).toBe(403);
      const { status } = await askConsole(running, "/api/check", { method: "POST", headers: { origin } });
      expect(status).toBe(403);
    }
    expect(await upgradeStatus("/api/events", { authorization })).toBe(403);
  });

  it("is refused by its Host, whatever name was made to lead here", async () => {
    for (const host of [
      "evil.example",
      `evil.example:${running.port}`,
      "127.0.0.1",
      `127.0.0.1:${running.port}.evil`,
    ]) {
      const authorization = `Bearer ${running.token}`;
      const { status } = await rawRequest(running.port, "GET /api/console HTTP/1.1", { host, authorization });
      expect([host, status]).toEqual([host, 421]);
    }
  });
});

describe("the command", () => {
  it("listens on the loopback alone", async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((one) => one ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal);
    for (const { address } of others) {
      const { promise, resolve } = Promise.withResolvers<string>();
      const socket = connect({ host: address, port: running.port });
      socket.on("connect", () => {
        resolve("connected");
      });
      socket.on("error", () => {
        resolve("refused");
      });
      expect([address, await promise]).toEqual([address, "refused"]);
      socket.destroy();
    }
  });

  it("shows its token in the printed address and nowhere else", async () => {
    await askConsole(running, "/api/nothing");
    await fetch(`${running.origin}/?token=wrong`);
    const { stdout, stderr } = running.output();
    expect(stdout).toBe(`${running.address}\n`);
    expect(stderr).not.toContain(running.token);
    expect((await readCommandLines()).join("\n")).not.toContain(running.token);
  });

  it("says that a port is taken, and that a class is not there, before it does anything", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => {
      holder.listen(0, "127.0.0.1", resolve);
    });
    const address = holder.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const { stack } = labUnderTest();
    const taken = await runLab(["console", "--stack", stack, "--port", String(port)]);
    expect([taken.exitCode, taken.stderr]).toEqual([2, expect.stringContaining("LAB_CONSOLE_PORT")]);
    holder.close();
    const noClass = await runLab(["console", "--stack", stack, "--seats", "/nowhere/class.csv"]);
    expect([noClass.exitCode, noClass.stdout]).toEqual([2, ""]);
  });

  it("ends at Ctrl-C in order: pages are told, and it leaves with success", async () => {
    const one = await startConsole(labUnderTest().stack);
    using page = listenToLab(one);
    const names = mailHosts().map(({ name }) => name);
    await page.until("every host is followed", ({ messages }) => {
      const last = messages.findLast(({ kind }) => kind === "lab");
      return (
        last?.kind === "lab" &&
        last.lab.nodes.filter(({ name, isFollowed }) => names.includes(name) && isFollowed).length === 2
      );
    });
    const { exitCode } = await one.stop();
    expect(exitCode).toBe(0);
    expect(await page.until("the page is told", ({ closeCode }) => closeCode)).toBe(1001);
    await expect(fetch(one.origin)).rejects.toThrow();
  });
});
