import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ensureCommand, planImages } from "../../../src/images/image-plan.ts";
import { quoteWord } from "../../../src/model/quote-word.ts";

/** The words that a shell makes of a line. */
function wordsOf(line: string): string[] {
  return execFileSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);
}

describe("a quoted word", () => {
  it("is that one word to the shell, whatever is in it", () => {
    const word = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        expect(wordsOf(words.map(quoteWord).join(" "))).toEqual(words);
      }),
      { numRuns: 50 },
    );
  });

  it.each(["", "it's", "x; echo y", "$(id)", "a\nb", "~", "*"])("is %j again", (word) => {
    expect(wordsOf(quoteWord(word))).toEqual([word]);
  });

  it("looks as it was where it needs no quotes", () => {
    expect(quoteWord("mail-lab/base:3f2a")).toBe("mail-lab/base:3f2a");
  });
});

describe("the command that builds an image", () => {
  it("runs nothing that stands in the configuration", () => {
    const { base } = planImages("x; echo more", "finished");
    expect(wordsOf(ensureCommand(base, "../images")).slice(1)).toEqual([
      "base",
      base.reference,
      "../images/base",
      "",
      "x; echo more",
    ]);
  });

  it("is the same line as ever for a distribution's image", () => {
    const { base } = planImages("ubuntu:24.04", "finished");
    expect(ensureCommand(base, "../images")).toBe(
      `../images/ensure base ${base.reference} ../images/base '' ubuntu:24.04`,
    );
  });
});
