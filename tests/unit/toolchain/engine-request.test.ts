import path from "node:path";

import { describe, expect, it } from "vitest";

import { parseDockerFacts } from "../../../toolchain/docker/docker-facts.ts";
import type { EngineEndpoint } from "../../../toolchain/docker/engine-endpoints.ts";
import { askEngine, findImage } from "../../../toolchain/docker/engine-request.ts";
import { localServer } from "./support/local-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const { signal } = new AbortController();

const info = {
  ID: "ABCD",
  Name: "classroom",
  ServerVersion: "28.5.2",
  CgroupVersion: "2",
  SecurityOptions: ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"],
  OperatingSystem: "Ubuntu 24.04",
  Architecture: "x86_64",
  NCPU: 2,
  MemTotal: 4_000_000_000,
};

function endpointAt(url: string): EngineEndpoint {
  return { url, source: "default socket", isClientDefault: true, isExplicit: false };
}

describe("an engine's facts", () => {
  it("say its version, cgroups and security modules", () => {
    expect(parseDockerFacts(info)).toEqual({
      id: "ABCD",
      hostName: "classroom",
      serverVersion: "28.5.2",
      cgroupVersion: "2",
      apparmor: true,
      selinux: false,
      rootless: false,
      usernsRemap: false,
      architecture: "x86_64",
      operatingSystem: "Ubuntu 24.04",
      cpus: 2,
      memoryBytes: 4_000_000_000,
    });
  });

  it("take an engine that says nothing of cgroups for version 1, and no security options for none", () => {
    const facts = parseDockerFacts({ ServerVersion: "19.3.0", SecurityOptions: null });
    expect(facts).toMatchObject({ cgroupVersion: "1", apparmor: false, usernsRemap: false });
  });

  it("know rootless engines, user namespaces and SELinux", () => {
    const options = ["name=selinux", "name=rootless", "name=userns"];
    expect(parseDockerFacts({ ...info, SecurityOptions: options })).toMatchObject({
      apparmor: false,
      selinux: true,
      rootless: true,
      usernsRemap: true,
    });
  });

  it("are undefined for the client's answer about an engine that it can't reach", () => {
    expect(parseDockerFacts({ ServerErrors: ["Cannot connect"], ServerVersion: "" })).toBeUndefined();
  });
});

describe("asking an engine", () => {
  it("returns its facts", async () => {
    using folder = temporaryFolder();
    await using server = await localServer(
      (_request, response) => response.end(JSON.stringify(info)),
      path.join(folder.path, "docker.sock"),
    );
    const answer = await askEngine(endpointAt(server.url), signal);
    expect(answer).toMatchObject({ kind: "answers", facts: { serverVersion: "28.5.2" } });
    expect(server.requests).toEqual(["GET /info"]);
  });

  it("says why nothing answers", async () => {
    using folder = temporaryFolder();
    const answer = await askEngine(endpointAt(`unix://${folder.path}/docker.sock`), signal);
    expect(answer).toEqual({
      kind: "silent",
      reason: { en: "no socket there", ja: "ソケットがありません" },
    });
  });

  it("does not take another server for an engine", async () => {
    using folder = temporaryFolder();
    await using server = await localServer(
      (_request, response) => response.end('{"message":"page not found"}'),
      path.join(folder.path, "docker.sock"),
    );
    const answer = await askEngine(endpointAt(server.url), signal);
    expect(answer).toMatchObject({
      kind: "silent",
      reason: { en: "what answers there is no Docker engine" },
    });
  });
});

describe("looking for an image", () => {
  it("finds its id, or that it is not there", async () => {
    using folder = temporaryFolder();
    await using server = await localServer(
      (request, response) => {
        if (request.url === "/images/ubuntu%3A24.04/json") response.end('{"Id":"sha256:abc"}');
        else response.writeHead(404).end('{"message":"No such image"}');
      },
      path.join(folder.path, "docker.sock"),
    );
    const endpoint = endpointAt(server.url);
    expect(await findImage(endpoint, "ubuntu:24.04", signal)).toBe("sha256:abc");
    expect(await findImage(endpoint, "mail-lab/debian-base:bookworm", signal)).toBeUndefined();
  });
});
