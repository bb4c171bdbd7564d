import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { engineEndpoints } from "../../../toolchain/docker/engine-endpoints.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const defaultSocket = "unix:///var/run/docker.sock";

function writeContext(configFolder: string, name: string, url: string): void {
  const id = createHash("sha256").update(name).digest("hex");
  const folder = path.join(configFolder, "contexts", "meta", id);
  mkdirSync(folder, { recursive: true });
  const context = { Name: name, Metadata: {}, Endpoints: { docker: { Host: url, SkipTLSVerify: false } } };
  writeFileSync(path.join(folder, "meta.json"), JSON.stringify(context));
}

describe("where an engine is looked for", () => {
  it("is the default socket on a machine that says nothing else", () => {
    using home = temporaryFolder();
    expect(engineEndpoints({ HOME: home.path })).toEqual([
      { url: defaultSocket, source: "default socket", isClientDefault: true, isExplicit: false },
    ]);
  });

  it("is DOCKER_HOST alone where that is set, whatever contexts there are", () => {
    using folder = temporaryFolder();
    writeContext(folder.path, "rootless", "unix:///run/user/1000/docker.sock");
    const environment = { DOCKER_CONFIG: folder.path, DOCKER_HOST: "tcp://10.0.0.2:2375" };
    expect(engineEndpoints(environment)).toEqual([
      { url: "tcp://10.0.0.2:2375", source: "DOCKER_HOST", isClientDefault: true, isExplicit: true },
    ]);
  });

  it("is the context of DOCKER_CONTEXT alone where that is set", () => {
    using folder = temporaryFolder();
    writeContext(folder.path, "school", "ssh://teacher@engine");
    expect(engineEndpoints({ DOCKER_CONFIG: folder.path, DOCKER_CONTEXT: "school" })).toEqual([
      { url: "ssh://teacher@engine", source: "context school", isClientDefault: true, isExplicit: true },
    ]);
  });

  it("is the current context first, then this machine's other engines, and never an unasked remote one", () => {
    using folder = temporaryFolder();
    writeContext(folder.path, "desktop-linux", "unix:///home/a/.docker/desktop/docker.sock");
    writeContext(folder.path, "rootless", "unix:///run/user/1000/docker.sock");
    writeContext(folder.path, "production", "tcp://10.0.0.9:2376");
    writeFileSync(path.join(folder.path, "config.json"), JSON.stringify({ currentContext: "desktop-linux" }));
    const found = engineEndpoints({ DOCKER_CONFIG: folder.path, XDG_RUNTIME_DIR: "/run/user/1000" });
    expect(found[0]).toEqual({
      url: "unix:///home/a/.docker/desktop/docker.sock",
      source: "context desktop-linux",
      isClientDefault: true,
      isExplicit: false,
    });
    expect(found.slice(1).map(({ url }) => url)).toEqual([
      defaultSocket,
      "unix:///run/user/1000/docker.sock",
    ]);
    expect(found.slice(1).every(({ isClientDefault }) => !isClientDefault)).toBe(true);
  });

  it("is the default socket where the config names a context that is not there, or is broken", () => {
    using folder = temporaryFolder();
    for (const config of [JSON.stringify({ currentContext: "gone" }), "{"]) {
      writeFileSync(path.join(folder.path, "config.json"), config);
      expect(engineEndpoints({ DOCKER_CONFIG: folder.path })[0]?.url).toBe(defaultSocket);
    }
  });
});
