import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LineMerger } from "../../../src/lab/mail/line-merger.ts";
import { lineWriter } from "../../../src/lab/mail/line-writer.ts";
import { parseQueue } from "../../../src/lab/mail/queues.ts";
import { StepsWatch } from "../../../src/lab/watch/watch-steps.ts";
import type { CheckReport } from "../../../src/lab/chapter/check.ts";
import type { MailLogLine } from "../../../src/model/mail/mail-log.ts";

const report: CheckReport = {
  stack: "x",
  stage: "finished",
  startedAt: "2026-11-24T00:00:00.000Z",
  durationMs: 1,
  status: "passed",
  steps: [],
  results: [],
};

describe("with a clock in hand", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("a look at the steps is one for many reasons, and never two at once", async () => {
    let running = 0;
    let most = 0;
    let looks = 0;
    const watch = new StepsWatch(
      async () => {
        running += 1;
        most = Math.max(most, running);
        looks += 1;
        await new Promise((resolve) => {
          setTimeout(resolve, 5000);
        });
        running -= 1;
        return report;
      },
      { onLook: () => undefined, onProblem: () => undefined },
    );
    for (let count = 0; count < 10; count += 1) watch.want();
    await vi.advanceTimersByTimeAsync(1000);
    expect(looks).toBe(1);
    for (let count = 0; count < 10; count += 1) watch.want();
    await vi.advanceTimersByTimeAsync(12_000);
    expect([looks, most]).toEqual([2, 1]);
    expect(watch.steps?.lookedAt).toBe(report.startedAt);
    watch.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(looks).toBe(2);
  });

  it("the lines of two hosts are told in order of time, and those of before only when all are there", async () => {
    const told: string[] = [];
    const merger = new LineMerger((lines) => told.push(...lines.map(({ text }) => text)));
    const line = (text: string, atMs: number): MailLogLine => ({ host: "x", atMs, message: text, text });
    merger.push([line("2", 2)]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual([]);
    merger.push([line("1", 1)]);
    merger.release();
    expect(told).toEqual(["1", "2"]);
    merger.push([line("4", 4)]);
    merger.push([line("3", 3)]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual(["1", "2", "3", "4"]);
  });
});

describe("lineWriter", () => {
  it("tells whole lines however they come, and how far it has got", () => {
    const told: [string, number][] = [];
    const writer = lineWriter((text, bytes) => told.push([text, bytes]));
    for (const part of ["on", "e\ntw", "o\n\nあ", "\nrest"]) writer.write(Buffer.from(part));
    expect(told).toEqual([
      ["one", 4],
      ["two", 8],
      ["あ", 13],
    ]);
  });
});

describe("a queue as postqueue prints it", () => {
  it("is read mail by mail, with the reasons why they wait; what is no mail is left out", () => {
    const line = JSON.stringify({
      queue_name: "deferred",
      queue_id: "AAAAAA1",
      arrival_time: 1795540000,
      message_size: 300,
      sender: "user1@example1.test",
      recipients: [{ address: "a@b", delay_reason: "refused" }, { address: "c@d" }],
    });
    expect(parseQueue(`${line}\n{"broken\nMail queue is empty\n{}\n`)).toEqual([
      {
        queueId: "AAAAAA1",
        queueName: "deferred",
        arrivedMs: 1795540000000,
        sizeBytes: 300,
        sender: "user1@example1.test",
        recipients: [{ address: "a@b", reason: "refused" }, { address: "c@d" }],
      },
    ]);
  });
});
