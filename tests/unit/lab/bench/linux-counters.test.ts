import { describe, expect, it } from "vitest";
import { bytesIn, busySecondsIn, cpuSecondsIn } from "../../../../src/lab/bench/linux-counters.ts";

describe("what the kernel counts", () => {
  it("is busy time without idle time and waiting for disks, and a guest's time once", () => {
    // man proc_stat: user nice system idle iowait irq softirq steal guest guest_nice; guest is in user already.
    const stat = "cpu  100 20 300 9000 800 4 50 6 70 8\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
    expect(busySecondsIn(stat)).toBeCloseTo(4.8);
  });

  it("is a process's own time and that of its ended children, whatever its name", () => {
    const stat = "77 (a) b (c 1) S 1 77 77 0 -1 4194560 900 0 0 0 250 50 30 20 20 0 11 0 8000";
    expect(cpuSecondsIn(stat)).toBeCloseTo(3.5);
  });

  it("is memory in bytes, by the line's whole name", () => {
    const status = "VmRSS:\t  900 kB\nRssAnon:\t     320 kB\nRssFile:\t  580 kB\n";
    expect(bytesIn(status, "RssAnon")).toBe(320 * 1024);
    expect(bytesIn(status, "Anon")).toBe(0);
  });
});
