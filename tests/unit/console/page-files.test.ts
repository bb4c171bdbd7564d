import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { PageFiles } from "../../../src/console/page-files.ts";

describe("the files of the console's page", () => {
  it("are under 500 KB together as they are sent", async () => {
    const files = await PageFiles.read();
    expect(files.gzippedBytes).toBeGreaterThan(50_000);
    expect(files.gzippedBytes).toBeLessThan(500_000);
  });

  it("are modules without types that name each other and xterm by their places", async () => {
    const files = await PageFiles.read();
    const main = files.find("/page/main.ts");
    expect(main?.type).toMatch(/^text\/javascript/);
    expect(gunzipSync(main?.gzipped ?? Buffer.alloc(0))).toEqual(main?.body);
    const sources = ["/page/main.ts", "/page/terminal-view.ts"].map((path) => String(files.find(path)?.body));
    for (const source of sources) expect(source).not.toMatch(/^import type|from "@xterm/m);
    expect(sources.join("\n")).toContain('"/xterm/xterm.mjs"');
  });

  it("are found by their own names alone", async () => {
    const files = await PageFiles.read();
    for (const path of ["/page/tsconfig.json", "/page/../server.ts", "/page/", "/index.html"]) {
      expect(files.find(path)).toBeUndefined();
    }
  });

  it("give the page another nonce each time", async () => {
    const files = await PageFiles.read();
    const [one, other] = [files.index(), files.index()];
    expect(one.nonce).not.toBe(other.nonce);
    expect(one.html).toContain(one.nonce);
    expect(one.html).not.toContain("%STYLE_NONCE%");
  });
});
