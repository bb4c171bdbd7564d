import { spawn } from "node:child_process";
import { once } from "node:events";
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { localServer } from "./support/local-server.ts";
import { machine } from "./support/machine.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

describe("./lab behind a proxy", () => {
  beforeEach(({ skip }) => {
    const isKnown = process.allowedNodeEnvironmentFlags.has("--use-env-proxy");
    skip(!isKnown, `Node.js ${process.version} can't be told to heed a proxy`);
  });

  /** Runs a program of the clone that asks an outside and an own server, by the Node.js of this test. */
  async function askBoth(settings: NodeJS.ProcessEnv) {
    using folder = temporaryFolder();
    const { clone, bin, addPackages, environment } = machine(folder.path);
    symlinkSync(process.execPath, path.join(bin, "node"));
    addPackages();
    await using proxy = await localServer((_request, response) => response.end("proxy"));
    await using own = await localServer((_request, response) => response.end("own"));
    const ask = `import http from "node:http";
      for (const url of ["http://site.invalid/", process.env.OWN]) {
        http.get(url, (answer) => answer.pipe(process.stdout)).on("error", () => console.log("none"));
      }
      console.error(JSON.stringify(process.env.no_proxy));`;
    writeFileSync(path.join(clone, "src", "cli", "main.ts"), ask);
    writeFileSync(path.join(clone, "package.json"), '{"type":"module"}\n');
    const lab = spawn(path.join(clone, "lab"), ["status"], {
      env: { ...environment, OWN: own.url, HTTP_PROXY: proxy.url, ...settings },
    });
    let stderr = "";
    lab.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    lab.stdout.resume();
    await once(lab, "close");
    return { proxied: proxy.requests, own: own.requests, noProxy: stderr.trim() };
  }

  it("reaches sites by the proxy, and this machine's own servers without it", async () => {
    const { proxied, own, noProxy } = await askBoth({});
    expect(proxied).toEqual(["GET http://site.invalid/"]);
    expect(own).toEqual(["GET /"]);
    expect(noProxy).toBe('"127.0.0.1,localhost,::1"');
  });

  it("keeps what the user excepts from the proxy, and says nothing twice", async () => {
    const { proxied, noProxy } = await askBoth({ NO_PROXY: ".invalid,site.invalid" });
    expect(proxied).toEqual([]);
    expect(noProxy).toBe('".invalid,site.invalid,127.0.0.1,localhost,::1"');
    expect((await askBoth({ no_proxy: "::1,127.0.0.1,x" })).noProxy).toBe('"::1,127.0.0.1,x"');
    expect((await askBoth({ no_proxy: "*" })).noProxy).toBe('"*"');
  });

  it("leaves the environment alone where there is none, and obeys NODE_USE_ENV_PROXY=0", async () => {
    expect((await askBoth({ HTTP_PROXY: "" })).noProxy).toBe("undefined");
    expect((await askBoth({ NODE_USE_ENV_PROXY: "0" })).proxied).toEqual([]);
  });
});
