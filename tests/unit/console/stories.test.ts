import { describe, expect, it } from "vitest";
import type { MailEvent } from "../../../src/console/api.ts";
import { MailStories } from "../../../src/console/page/stories.ts";

function event(kind: MailEvent["kind"], host: string, queueId: string, more: Partial<MailEvent> = {}) {
  return { mail: "m1", kind, host, queueId, atMs: 0, sinceStartMs: 0, ...more };
}

const queuedHere = event("queued", "host1", "A1");
const passed = event("passed", "host1", "A1", { nextHost: "host2", nextQueueId: "B2" });
const removedHere = event("removed", "host1", "A1");
const queuedThere = event("queued", "host2", "B2");
const delivered = event("delivered", "host2", "B2");
const removedThere = event("removed", "host2", "B2");

/** How a mail stands after each of the events. */
function statesAfter(...events: readonly MailEvent[]) {
  const stories = new MailStories();
  return events.map((one) => stories.take(one).state);
}

describe("how a mail of the console stands", () => {
  it("follows it from queue to queue", () => {
    expect(statesAfter(queuedHere, passed, removedHere, queuedThere, delivered, removedThere)).toEqual([
      "queued",
      "passed",
      "passed",
      "queued",
      "delivered",
      "delivered",
    ]);
  });

  it("is where it went, whenever the host that it came by writes of it", () => {
    const here = [queuedHere, passed, removedHere];
    const there = [queuedThere, delivered, removedThere];
    for (let count = 0; count <= here.length; count += 1) {
      for (let at = 0; at <= there.length; at += 1) {
        const events = [
          ...here.slice(0, count),
          ...there.slice(0, at),
          ...here.slice(count),
          ...there.slice(at),
        ];
        expect([count, at, statesAfter(...events).at(-1)]).toEqual([count, at, "delivered"]);
      }
    }
    expect(statesAfter(...there, ...here)).toEqual(
      Array.from({ length: 6 }, (_, at) => (at === 0 ? "queued" : "delivered")),
    );
  });

  it("is put off until it goes on, and given up where it does not", () => {
    const deferred = event("deferred", "host1", "A1");
    expect(statesAfter(queuedHere, deferred, passed, queuedThere, delivered).at(-1)).toBe("delivered");
    expect(statesAfter(queuedHere, deferred, event("bounced", "host1", "A1"), removedHere).at(-1)).toBe(
      "bounced",
    );
    const refused = event("bounced", "host2", "B2");
    expect(statesAfter(queuedHere, queuedThere, refused, passed).at(-1)).toBe("bounced");
  });

  it("is passed on where nobody in the lab has it after that", () => {
    expect(
      statesAfter(queuedHere, event("passed", "host1", "A1", { nextQueueId: "X" }), removedHere).at(-1),
    ).toBe("passed");
  });
});
