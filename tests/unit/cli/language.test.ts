import { describe, expect, it } from "vitest";
import { chooseLanguage } from "../../../src/cli/language.ts";

describe("the language", () => {
  it.each([
    [[], {}, "en"],
    [[], { LANG: "ja_JP.UTF-8" }, "ja"],
    [[], { LANG: "ja_JP.UTF-8", LC_ALL: "C" }, "en"],
    [[], { LANG: "ja_JP.UTF-8", LC_ALL: "" }, "ja"],
    [["up", "--lang", "ja"], { LANG: "C" }, "ja"],
    [["up", "--lang", "fr"], { LANG: "ja_JP.UTF-8" }, "ja"],
    [["up", "--lang=en"], { LANG: "ja_JP.UTF-8" }, "en"],
    [["exec", "host1", "--", "locale", "--lang", "ja"], { LANG: "C" }, "en"],
    [["exec", "--lang=ja", "host1", "--", "locale", "--lang=en"], { LANG: "C" }, "ja"],
  ] as const)("of %j with %j is %s", (words, environment, language) => {
    expect(chooseLanguage(words, environment)).toBe(language);
  });
});
