import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { ProcessTreeWatch } from "../../../../src/lab/bench/process-tree-watch.ts";
import { waitUntil } from "../../../../src/protocols/wait-until.ts";

/** Takes processor time and memory, says so, and stays until its input ends. */
const work = `
  const kept = Buffer.alloc(64 * 2 ** 20, 1);
  const until = process.cpuUsage().user + 300_000;
  while (process.cpuUsage().user < until);
  process.stdout.write("done " + kept.length + "\\n");
  process.stdin.resume();
`;

describe.runIf(process.platform === "linux")("the watch over a command", () => {
  let child: ChildProcess | undefined;

  afterEach(async () => {
    if (child?.exitCode !== null) return;
    const ended = once(child, "exit");
    child.stdin?.end();
    await ended;
  });

  it("sees what a process takes that the command's own process started", async () => {
    using watch = new ProcessTreeWatch();
    child = spawn("sh", ["-c", `"$0" -e "$1"; :`, process.execPath, work]);
    watch.follow(child.pid ?? 0);
    const cost = await waitUntil({ awaited: "both figures", deadlineMs: 60_000 }, () => {
      const { cpuSeconds = 0, peakBytes = 0 } = watch.cost ?? {};
      return Promise.resolve(cpuSeconds >= 0.3 && peakBytes >= 64 * 2 ** 20 ? watch.cost : undefined);
    });
    expect(cost.cpuSeconds).toBeLessThan(60);
    expect(cost.peakBytes).toBeLessThan(1024 * 2 ** 20);
  });

  it("has nothing to say of a command that was never started", () => {
    using watch = new ProcessTreeWatch();
    expect(watch.cost).toBeUndefined();
  });
});
