import { describe, expect, it } from "vitest";
import { Gate } from "../../../src/console/gate.ts";

const port = 4711;
const host = `127.0.0.1:${port}`;
const origin = `http://${host}`;

function gateWithKeys() {
  const gate = new Gate(port);
  const token = new URL(gate.address).searchParams.get("token") ?? "";
  const [cookie = ""] = gate.setCookie.split(";");
  return { gate, token, cookie };
}

describe("the console's gate", () => {
  it("lets in whoever has the cookie or the token, by the name that the server has", () => {
    const { gate, token, cookie } = gateWithKeys();
    const judge = (headers: Record<string, string>, url = "/api/console") =>
      gate.judge({ method: "GET", url, headers: { host, ...headers } });
    expect(judge({ cookie })).toBe("let-in");
    expect(judge({ cookie: `other=1; ${cookie}` })).toBe("let-in");
    expect(judge({ cookie, host: `localhost:${port}` })).toBe("let-in");
    expect(judge({ authorization: `Bearer ${token}` })).toBe("let-in");
    expect(judge({}, `/?token=${token}`)).toBe("log-in");
  });

  it("keeps out whoever has another console's keys, or the right ones in the wrong place", () => {
    const { gate, token, cookie } = gateWithKeys();
    const other = gateWithKeys();
    const judge = (headers: Record<string, string>, url = "/api/console") =>
      gate.judge({ method: "GET", url, headers: { host, ...headers } });
    expect(judge({})).toBe("no-key");
    expect(judge({ cookie: other.cookie })).toBe("no-key");
    expect(judge({ authorization: `Bearer ${other.token}` })).toBe("no-key");
    expect(judge({ authorization: `Bearer ${cookie.split("=")[1] ?? ""}` })).toBe("no-key");
    expect(judge({}, `/page/main.ts?token=${token}`)).toBe("no-key");
    // A wrong token is not made good by a cookie.
    expect(judge({ cookie }, `/?token=${other.token}`)).toBe("no-key");
  });

  it("takes no other name and no other origin, even with the keys", () => {
    const { gate, cookie } = gateWithKeys();
    const judge = (method: string, headers: Record<string, string>) =>
      gate.judge({ method, url: "/api/check", headers: { host, cookie, ...headers } });
    expect(judge("GET", { host: "evil.example" })).toBe("foreign-host");
    expect(judge("GET", { host: `127.0.0.1:${port + 1}` })).toBe("foreign-host");
    expect(judge("GET", { origin: "http://evil.example" })).toBe("foreign-origin");
    expect(judge("POST", {})).toBe("foreign-origin");
    expect(judge("POST", { origin: "null" })).toBe("foreign-origin");
    expect(judge("GET", { upgrade: "websocket" })).toBe("foreign-origin");
    expect(judge("GET", { upgrade: "websocket", origin: `http://localhost:${port}` })).toBe("foreign-origin");
    expect(judge("POST", { origin })).toBe("let-in");
    expect(judge("GET", { upgrade: "websocket", origin })).toBe("let-in");
  });

  it("takes no path with escapes, dots for parts, or empty parts", () => {
    const { gate, cookie } = gateWithKeys();
    const judge = (url: string) => gate.judge({ method: "GET", url, headers: { host, cookie } });
    for (const url of [
      "/../a",
      "/a/../b",
      "/a/./b",
      "//a",
      "/a//b",
      "/%2e%2e/a",
      "/a%00",
      "/a\\b",
      "a",
      "*",
      "http://x/",
    ]) {
      expect([url, judge(url)]).toEqual([url, "odd-path"]);
    }
    for (const url of [
      "/",
      "/page/main.ts",
      "/api/mailboxes/host1/user.name/3?lab=class-01",
      "/api/events?lab=%41",
    ]) {
      expect([url, judge(url)]).toEqual([url, "let-in"]);
    }
  });
});
