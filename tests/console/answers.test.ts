import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labUnderTest } from "../support/lab-under-test.ts";
import { rawRequest } from "../support/raw-request.ts";
import { askConsole, consolePaths, startConsole, type RunningConsole } from "../support/running-console.ts";

let running: RunningConsole;

beforeAll(async () => {
  running = await startConsole(labUnderTest().stack);
});

afterAll(async () => {
  await running.stop();
});

const paths = [...consolePaths, "/api/mailboxes/host1/nobody"];

/** What a browser may load for any answer, where the request named the console as `host`. */
function policyFor(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The headers of an answer that keep a browser from telling anybody of it; the page's own nonce is left out. */
function guardsOf(headers: { readonly get: (name: string) => string | null | undefined }) {
  return {
    policy: headers.get("content-security-policy")?.replace(/ 'nonce-[\w-]{22}'/, ""),
    others: [
      "x-content-type-options",
      "referrer-policy",
      "cache-control",
      "cross-origin-resource-policy",
      "cross-origin-opener-policy",
    ].map((name) => headers.get(name)),
  };
}

const guards = ["nosniff", "no-referrer", "no-store", "same-origin", "same-origin"];

describe("every answer", () => {
  it("lets the browser load nothing from elsewhere, keep nothing and tell nobody", async () => {
    const own = policyFor(` ws://127.0.0.1:${running.port}`);
    for (const path of paths) {
      const { headers } = await askConsole(running, path);
      expect([path, guardsOf(headers)]).toEqual([path, { policy: own, others: guards }]);
    }
  });

  it("is as guarded where it is a refusal, whatever its Host says", async () => {
    const authorization = `Bearer ${running.token}`;
    const hosts = [
      [`127.0.0.1:${running.port}`, ` ws://127.0.0.1:${running.port}`],
      ["evil.example; script-src *", ""],
      [`evil.example:80 'unsafe-inline'`, ""],
    ] as const;
    for (const [host, sockets] of hosts) {
      for (const headers of [{ host }, { host, authorization, origin: "http://evil.example" }]) {
        const answer = await rawRequest(running.port, "GET /api/console HTTP/1.1", headers);
        expect([403, 421]).toContain(answer.status);
        expect([host, guardsOf(answer.headers)]).toEqual([
          host,
          { policy: policyFor(sockets), others: guards },
        ]);
      }
    }
  });
});

describe("an odd path", () => {
  it("leads to no file, whoever asks", async () => {
    const odd = [
      "/../package.json",
      "/page/../server.ts",
      "/page/../../../package.json",
      "/page/./main.ts",
      "/page/%2e%2e/server.ts",
      "/page/..%2fserver.ts",
      "/page%2fmain.ts",
      "/page/%252e%252e/server.ts",
      "/page/main.ts%00.css",
      "/page\\..\\server.ts",
      "//etc/passwd",
      "/page//main.ts",
      "/xterm/../../../../etc/passwd",
      "/server.ts",
      "/page/tsconfig.json",
      "/page/.git",
      "http://127.0.0.1/page/main.ts",
      "*",
    ];
    for (const path of odd) {
      const { status, body } = await rawRequest(running.port, `GET ${path} HTTP/1.1`, {
        host: `127.0.0.1:${running.port}`,
        authorization: `Bearer ${running.token}`,
      });
      expect([path, [400, 404].includes(status)]).toEqual([path, true]);
      expect(body).not.toMatch(/root:|import |devDependencies|compilerOptions/);
    }
  });

  it("names no lab, host, account or mail that is not this console's", async () => {
    const statuses = await Promise.all(
      [
        "/api/mailboxes?lab=another",
        "/api/mailboxes/nowhere/user1",
        "/api/mailboxes/host1/root",
        "/api/mailboxes/host1/user1/99999",
        "/api/mailboxes/host1/user1/x",
        "/api/steps?lab=../../etc",
      ].map(async (path) => [path, (await askConsole(running, path)).status]),
    );
    expect(statuses).toEqual([
      ["/api/mailboxes?lab=another", 404],
      ["/api/mailboxes/nowhere/user1", 404],
      ["/api/mailboxes/host1/root", 404],
      ["/api/mailboxes/host1/user1/99999", 404],
      ["/api/mailboxes/host1/user1/x", 404],
      ["/api/steps?lab=../../etc", 404],
    ]);
  });

  it("is no way to send what is no form of ours", async () => {
    const statuses: number[] = [];
    const tooLong = `{"from":"","to":"","subject":"x","more":"${"x".repeat(20_000)}"}`;
    for (const body of ["", "{", "[]", '{"from":"","to":"","subject":"x","more":1}', tooLong]) {
      const { status } = await askConsole(running, "/api/send", { method: "POST", body });
      statuses.push(status);
    }
    expect(statuses).toEqual([400, 400, 400, 400, 413]);
  });
});
