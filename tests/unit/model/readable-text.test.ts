import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readableText, safeText } from "../../../src/model/readable-text.ts";

describe("text for a terminal", () => {
  it("shows Japanese, accents and tabulators as they are", () => {
    expect(readableText(Buffer.from("件名: テスト\tété 😀"))).toBe("件名: テスト\tété 😀");
  });

  it("shows control characters and escape sequences as text", () => {
    expect(safeText("\u001b[2J\r\n\u0007\u007f\u009b5m")).toBe("\\x1b[2J\\x0d\\x0a\\x07\\x7f\\x9b5m");
  });

  it("shows what turns the direction or has no width", () => {
    expect(safeText("a\u202eb\u200bc\ufeff\u2028")).toBe("a\\u{202e}b\\u{200b}c\\u{feff}\\u{2028}");
  });

  it("shows bytes that are no UTF-8 one by one, and what is around them", () => {
    expect(readableText(Buffer.from("61e9 e38182 c080 eda080 e381".replaceAll(" ", ""), "hex"))).toBe(
      "a\\xe9あ\\xc0\\x80\\xed\\xa0\\x80\\xe3\\x81",
    );
  });

  it("leaves nothing of any bytes that a terminal would act on", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readableText(bytes)).not.toMatch(/[^\P{Cc}\t]|[\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
