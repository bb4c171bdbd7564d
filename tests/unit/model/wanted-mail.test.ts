import { describe, expect, it } from "vitest";
import { findMailTrace } from "../../../src/model/trace/find-mail-trace.ts";
import { parseMailLog } from "../../../src/model/mail/mail-log.ts";
import { linesUntil, recordedLines, sourcesOf, traceNamed, traceOf } from "./recorded-trace.ts";

describe("which mail is traced", () => {
  it("is the newest one of --last, not the newest queue", () => {
    expect(traceOf({ by: "last" }, linesUntil("18:57:50")).messageId).toBe("tb1@example1.test");
    expect(traceOf({ by: "last" }, linesUntil("18:55:58")).messageId).toBe("nodns@example1.test");
  });

  it("is the same by any of its queue ids, a notification's too, and that is said", () => {
    expect(traceOf({ by: "queue-id", queueId: "32E4B3D8278" })).toEqual(traceNamed("across"));
    const bounce = traceOf({ by: "queue-id", queueId: "C96073D8433" });
    expect(bounce.messageId).toBe("unknown@example1.test");
    expect(bounce.notes[0]?.en).toContain("is a notification");
  });

  it("is the newest of several with one number, and that is said", () => {
    // 3D8493's number with its time in front came up for one mail in this log, and again here, a day later.
    const again = parseMailLog(
      "host2",
      [
        "2026-11-25T18:55:31.2+00:00 h postfix/pickup[1]: 2552E3D8413: uid=0 from=<root>",
        "2026-11-25T18:55:31.3+00:00 h postfix/cleanup[2]: 2552E3D8413: message-id=<other@example2.test>",
        "2026-11-25T18:55:31.4+00:00 h postfix/qmgr[3]: 2552E3D8413: from=<root@example2.test>, size=1, nrcpt=1 (queue active)",
      ].join("\n"),
    );
    const trace = traceOf({ by: "queue-id", queueId: "2552E3D8413" }, [...recordedLines, ...again]);
    expect(trace.messageId).toBe("other@example2.test");
    expect(trace.notes[0]?.en).toContain("2 mails had 2552E3D8413");
    expect(trace.notes[0]?.ja).toContain("2552E3D8413のメールは2通");
  });

  it("may be named by an address, where no mail has that Message-ID", () => {
    const trace = traceOf({ by: "message-id", messageId: "nosuch@example2.test" });
    expect(trace.messageId).toBe("unknown@example1.test");
    expect(trace.notes[0]?.en).toContain("newest from or to nosuch@example2.test");
  });

  it("is none where the logs know none", () => {
    expect(findMailTrace(sourcesOf(), { by: "queue-id", queueId: "FFFFFFFFFFF" })).toBeUndefined();
    expect(findMailTrace(sourcesOf([]), { by: "last" })).toBeUndefined();
  });
});
