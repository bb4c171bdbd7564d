import path from "node:path";

import { afterEach, describe, expect, it, vi } from "vitest";

import { findDockerd } from "../../../toolchain/docker/start-engine.ts";
import { ensureEngine } from "../../../toolchain/docker/ensure-engine.ts";
import { asAdmin, installPackages } from "../../../toolchain/system-packages.ts";
import { runTool } from "../../../toolchain/tool-command.ts";
import { collectProgress } from "./support/collected-progress.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const { signal } = new AbortController();

afterEach(() => {
  vi.unstubAllEnvs();
});
const voice = { line: () => undefined, note: () => undefined };

describe("installing packages", () => {
  it("says what to install on a machine without apt-get", async () => {
    using folder = temporaryFolder();
    vi.stubEnv("PATH", folder.path);
    await expect(installPackages(["docker.io", "iptables"], { voice, signal })).rejects.toMatchObject({
      code: "LAB_NOT_ADMIN",
      exit: 5,
      message: "docker.io, iptables: not installed, and this machine has no apt-get to install it with.",
      text: {
        ja: "docker.io, iptables が入っておらず、このマシンにはそれを入れるapt-getがありません。",
      },
      hint: {
        en: "Install it with this system's package manager (Debian: apt-get install --no-install-recommends docker.io iptables).",
        ja: "このシステムのパッケージ管理ツールで入れてください（Debianなら apt-get install --no-install-recommends docker.io iptables）。",
      },
    });
  });

  it("goes through sudo, without a second question, for a user who is not root", () => {
    expect(asAdmin("root", ["apt-get", "update"])).toEqual(["apt-get", ["update"]]);
    expect(asAdmin("sudo", ["apt-get", "update"])).toEqual(["sudo", ["-n", "apt-get", "update"]]);
  });
});

describe("an engine chosen by DOCKER_HOST", () => {
  it("is not replaced by another when it is silent, but named with its reason", async () => {
    using folder = temporaryFolder();
    const host = `unix://${path.join(folder.path, "docker.sock")}`;
    vi.stubEnv("DOCKER_HOST", host);
    const report = collectProgress();
    await expect(ensureEngine(report, signal)).rejects.toMatchObject({
      code: "LAB_DOCKER_SILENT",
      exit: 4,
      message: `No Docker engine answers at ${host} (DOCKER_HOST): no socket there.`,
      text: { ja: `${host}（DOCKER_HOST）のDockerエンジンが応答しません: ソケットがありません。` },
    });
    expect(report.told).toEqual([]);
  });
});

describe("the engine's program", () => {
  it("is looked for in the folders of administrators, too", () => {
    using folder = temporaryFolder();
    vi.stubEnv("PATH", folder.path);
    const found = findDockerd();
    expect(found === undefined || found.startsWith("/usr/")).toBe(true);
  });
});

describe("running a program", () => {
  it("returns what it printed and tells each line of both streams", async () => {
    const lines: string[] = [];
    const printed = await runTool("sh", ["-c", "echo out; echo err >&2"], {
      signal,
      timeoutMs: 10_000,
      onLine: (line) => lines.push(line),
    });
    expect(printed).toBe("out");
    expect(lines.sort()).toEqual(["err", "out"]);
  });

  it("fails with the exit code and the last lines", async () => {
    await expect(
      runTool("sh", ["-c", "echo no space left >&2; exit 3"], { signal, timeoutMs: 10_000, code: "LAB_X" }),
    ).rejects.toMatchObject({
      code: "LAB_X",
      details: ["no space left"],
      text: {
        en: "sh -c echo no space left >&2; exit 3 failed (exit code 3).",
        ja: "sh -c echo no space left >&2; exit 3 が失敗しました（終了コード3）。",
      },
    });
  });

  it("ends a program that takes too long, and says so", async () => {
    await expect(runTool("sleep", ["60"], { signal, timeoutMs: 100 })).rejects.toMatchObject({
      code: "LAB_TOOL_FAILED",
      text: { en: "sleep 60 took too long.", ja: "sleep 60 が時間内に終わりませんでした。" },
    });
  });

  it("says that a program is missing", async () => {
    await expect(runTool("no-such-program", [], { signal, timeoutMs: 1000 })).rejects.toMatchObject({
      details: [expect.stringContaining("ENOENT")],
    });
  });

  it("stops it when the run is interrupted", async () => {
    const abort = new AbortController();
    const running = runTool("sh", ["-c", "echo started; exec sleep 60"], {
      signal: abort.signal,
      timeoutMs: 60_000,
      onLine: () => {
        abort.abort(new Error("interrupted"));
      },
    });
    await expect(running).rejects.toThrow("interrupted");
  });
});
