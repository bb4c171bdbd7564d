import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { speakerOf } from "../../../src/cli/language.ts";
import { mermaidText, renderTraceMermaid } from "../../../src/cli/render-trace-mermaid.ts";
import { renderTrace } from "../../../src/cli/render-trace.ts";
import { columnsOf, wrapColumns } from "../../../src/cli/text-width.ts";
import { findMailTrace } from "../../../src/model/trace/find-mail-trace.ts";
import { parseMailLog } from "../../../src/model/mail/mail-log.ts";
import { recordedLines, sourcesOf, traceNamed, traceOf } from "../model/recorded-trace.ts";

const [en, ja] = [speakerOf("en"), speakerOf("ja")];
const names = ["across", "unknown", "alias", "loop", "nodns", "tlsoff", "down", "tb1"];
/** What an attacker may put into an address. */
const hostile = "<script>alert(1)</script>;\u001b[31m\u202e%%#end\u0007";

/** A trace of a mail whose sender's and recipient's addresses are an attacker's. */
function hostileTrace() {
  const log = [
    `2026-11-25T10:00:00.1+00:00 h postfix/smtpd[1]: ABCDEF12345: client=unknown[10.0.0.1], sasl_method=PLAIN, sasl_username=${hostile}`,
    "2026-11-25T10:00:00.2+00:00 h postfix/cleanup[2]: ABCDEF12345: message-id=<hostile@x>",
    `2026-11-25T10:00:00.3+00:00 h postfix/qmgr[3]: ABCDEF12345: from=<${hostile}>, size=1, nrcpt=1 (queue active)`,
    `2026-11-25T10:00:00.4+00:00 h postfix/smtp[4]: ABCDEF12345: to=<${hostile}@x.test>, relay=none, delay=1, delays=1/0/0/0, dsn=5.4.4, status=bounced (${hostile})`,
  ].join("\n");
  return traceOf({ by: "last" }, parseMailLog("host1", log));
}

describe("a trace in a terminal", () => {
  it.each(
    names.flatMap((name) =>
      [80, 120].flatMap((columns) => [en, ja].map((speak) => ({ name, columns, speak }))),
    ),
  )("keeps to $columns columns ($name)", ({ name, columns, speak }) => {
    const lines = renderTrace(traceNamed(name), speak, columns).split("\n");
    expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
  });

  it("says in the heading what became of the mail, and why, in both languages", () => {
    const trace = traceNamed("unknown");
    expect(renderTrace(trace, en)).toContain(
      "To: nosuch@example2.test: given up, bounced (host1 B6E443D8425)",
    );
    expect(renderTrace(trace, ja)).toContain(
      "宛先: nosuch@example2.test: 配送不能（バウンス） (host1 B6E443D8425)",
    );
    expect(renderTrace(trace, en)).toContain("Look next: ./lab passwords");
  });

  it("shows what others wrote as text: no control character and no turn of direction reaches the terminal", () => {
    const shown = renderTrace(hostileTrace(), en);
    expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(shown).toContain("<script>alert(1)</script>");
  });
});

describe("a trace as a Mermaid diagram", () => {
  it("has each host, the DNS server and the mailbox take part", () => {
    const diagram = renderTraceMermaid(traceNamed("across"), en).split("\n");
    expect(diagram[0]).toBe("sequenceDiagram");
    expect(diagram.filter((line) => line.includes("participant")).map((line) => line.trim())).toEqual([
      "participant p1 as user1 (host1)",
      "participant p2 as host1",
      "participant p3 as dns",
      "participant p4 as host2",
      "participant p5 as user2@host2",
      "participant p6 as outside 10.213.0.1",
    ]);
    expect(diagram).toContainEqual(expect.stringMatching(/^ {4}p2->>p3: asks the DNS server/));
  });

  it.each(
    [...names.map((name) => () => traceNamed(name)), hostileTrace].flatMap((of) =>
      [en, ja].map((speak) => [of, speak] as const),
    ),
  )("has lines of the known forms alone", (of, speak) => {
    const text = String.raw`(?:[\p{L}\p{M}\p{N} .,:@/()[\]=?+*_'、。「」・（）-]|#\d+;)+`;
    const line = new RegExp(
      String.raw`^ {4}(?:participant p\d+ as |Note over p\d+: |p\d+(?:->>|-->>|-x)p\d+: )${text}$`,
      "u",
    );
    const [first, ...rest] = renderTraceMermaid(of(), speak).split("\n");
    expect(first).toBe("sequenceDiagram");
    expect(rest.filter((shown) => !line.test(shown))).toEqual([]);
  });

  it("takes any text for a text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(mermaidText(text)).toMatch(/^(?:[\p{L}\p{M}\p{N} .,:@/()[\]=?+*_'、。「」・（）-]|#\d+;)+$/u);
      }),
    );
  });
});

describe("a text broken into lines", () => {
  it("loses nothing but spaces and keeps to the columns", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", " ", "語", "、", "）", ".", "é") });
    fc.assert(
      fc.property(letters, fc.integer({ min: 2, max: 20 }), (text, columns) => {
        const lines = wrapColumns(text, columns);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        expect(lines.every((line) => columnsOf(line) <= columns)).toBe(true);
      }),
    );
  });

  it("does not begin a line with a closing mark, where the line before has room for one letter less", () => {
    expect(wrapColumns("日本語です。次", 10)).toEqual(["日本語で", "す。次"]);
  });
});

describe("a log with any lines missing, cut or doubled", () => {
  it("still gives a trace that can be shown in each form, or none", () => {
    const change = fc.record({
      at: fc.nat(recordedLines.length - 1),
      how: fc.constantFrom("drop", "cut", "double"),
    });
    const wanted = fc.constantFrom(...names.map((name) => `${name}@example1.test`));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), wanted, (changes, messageId) => {
        const lines = [...recordedLines];
        for (const { at, how } of changes) {
          const line = lines[at];
          if (line === undefined) continue;
          const half = parseMailLog(line.host, line.text.slice(0, line.text.length / 2));
          lines.splice(at, 1, ...(how === "drop" ? [] : how === "cut" ? half : [line, line]));
        }
        const trace = findMailTrace(sourcesOf(lines), { by: "message-id", messageId });
        if (trace === undefined) return;
        // Events stand in the order of cause and effect, which without its lines may not be that of time.
        expect(trace.events.filter(({ atMs }) => !Number.isFinite(atMs))).toEqual([]);
        expect(trace.events.length).toBeGreaterThan(0);
        for (const shown of [renderTrace(trace, ja), renderTrace(trace, en), renderTraceMermaid(trace, en)])
          expect(shown).not.toMatch(/undefined|NaN/);
      }),
      { numRuns: 50 },
    );
  });
});
