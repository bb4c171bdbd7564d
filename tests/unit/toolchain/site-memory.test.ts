import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { afterEach, describe, expect, it, vi } from "vitest";

import { readFacts, updateFacts } from "../../../toolchain/remembered-facts.ts";
import type { Site } from "../../../toolchain/reachability.ts";
import { isInReach } from "../../../toolchain/site-memory.ts";
import { collectProgress } from "./support/collected-progress.ts";
import { localServer } from "./support/local-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const { signal } = new AbortController();

afterEach(() => {
  vi.unstubAllEnvs();
});

function look(root: string, url: string, today: string) {
  const report = collectProgress();
  const site: Site = { name: "the site", url, isOwnAnswer: ({ status }) => status === 200 };
  const consequence = ({ isReachable }: { isReachable: boolean }) => ({
    en: isReachable ? "taking it from there" : "doing without",
    ja: "",
  });
  return { report, found: isInReach(site, { root, report, signal, consequence, today }) };
}

describe("whether a site is in reach", () => {
  it("is tried once a day, said aloud, and remembered", async () => {
    vi.stubEnv("MAIL_LAB_OFFLINE", undefined);
    using folder = temporaryFolder();
    await using server = await localServer((_request, response) => response.end());
    const first = look(folder.path, server.url, "2026-04-01");
    expect(await first.found).toBe(true);
    expect(first.report.told).toEqual(["begin probe", "done probe", "say taking it from there"]);
    const second = look(folder.path, server.url, "2026-04-01");
    expect(await second.found).toBe(true);
    expect(second.report.told).toEqual([]);
    const nextDay = look(folder.path, server.url, "2026-04-02");
    expect(await nextDay.found).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ["1", false],
    ["0", true],
  ])("is taken as said with MAIL_LAB_OFFLINE=%s, without trying", async (value, expected) => {
    vi.stubEnv("MAIL_LAB_OFFLINE", value);
    using folder = temporaryFolder();
    await using server = await localServer((_request, response) => response.end());
    const { found, report } = look(folder.path, server.url, "2026-04-01");
    expect(await found).toBe(expected);
    expect(report.told).toEqual([]);
    expect(server.requests).toEqual([]);
  });
});

describe("the remembered facts", () => {
  it("keep what one part wrote when another writes", () => {
    using folder = temporaryFolder();
    updateFacts(folder.path, (facts) => ({ ...facts, baseImage: "ubuntu:24.04" }));
    updateFacts(folder.path, (facts) => ({ ...facts, pulumiKey: "abc" }));
    expect(readFacts(folder.path)).toEqual({
      version: 1,
      probes: {},
      baseImage: "ubuntu:24.04",
      pulumiKey: "abc",
    });
  });

  it("are empty where the file is broken or of another version, and are written anew", () => {
    using folder = temporaryFolder();
    updateFacts(folder.path, (facts) => facts);
    const file = path.join(folder.path, ".lab", "toolchain.json");
    for (const broken of ["{", '{"version": 2}']) {
      writeFileSync(file, broken);
      expect(readFacts(folder.path)).toEqual({ version: 1, probes: {} });
    }
    updateFacts(folder.path, (facts) => facts);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ version: 1, probes: {} });
  });
});
