import { describe, expect, it } from "vitest";
import { waitUntil } from "../../../src/protocols/wait-until.ts";

describe("waiting", () => {
  it("ends as soon as the look finds something", async () => {
    let looks = 0;
    const found = await waitUntil({ awaited: "the third look", intervalMs: 1 }, () => {
      looks += 1;
      return Promise.resolve(looks === 3 ? "here" : undefined);
    });
    expect([found, looks]).toEqual(["here", 3]);
  });

  it("names what was awaited, where, and for how long", async () => {
    const wait = { awaited: "<id> in /var/mail/user2 on host2", deadlineMs: 20, intervalMs: 1 };
    await expect(waitUntil(wait, () => Promise.resolve(undefined))).rejects.toMatchObject({
      code: "LAB_WAIT_OVER",
      message: "waiting for <id> in /var/mail/user2 on host2: not there after 0.02 s",
      text: { ja: "<id> in /var/mail/user2 on host2 を待っていましたが、0.02 秒たってもありません" },
    });
  });

  it("ends with the error of a look that fails", async () => {
    const look = () => Promise.reject(new Error("the host is gone"));
    await expect(waitUntil({ awaited: "x" }, look)).rejects.toThrow("the host is gone");
  });

  it("ends when the caller gives up, also in the middle of a look", async () => {
    const abort = new AbortController();
    const waiting = waitUntil({ awaited: "x", signal: abort.signal }, () => new Promise(() => undefined));
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: "LAB_WAIT_STOPPED" });
  });
});
