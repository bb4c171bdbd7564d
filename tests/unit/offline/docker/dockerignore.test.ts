import { describe, expect, it } from "vitest";
import { parseDockerignore } from "../../../../toolchain/offline/docker/image/dockerignore.ts";

describe("a .dockerignore", () => {
  it.each([
    ["node_modules", "node_modules/a/b.js", true],
    ["node_modules", "src/node_modules/a.js", false],
    ["**/node_modules", "src/node_modules/a.js", true],
    ["**/node_modules", "node_modules/a.js", true],
    ["/dist/", "dist/index.js", true],
    ["./dist", "dist", true],
    ["*.md", "README.md", true],
    ["*.md", "docs/README.md", false],
    ["docs/*.md", "docs/README.md", true],
    ["docs/**", "docs/a/b/c.md", true],
    ["a/**/z", "a/z", true],
    ["a/**/z", "a/b/c/z", true],
    ["a/**/z", "a/b/c/y", false],
    ["temp?", "temp1", true],
    ["temp?", "temp", false],
    ["[a-c].txt", "b.txt", true],
    ["a+b.txt", "a+b.txt", true],
    ["a+b.txt", "aab.txt", false],
    ["# README.md", "README.md", false],
    ["*\n!keep", "keep/inside", false],
    ["*\n!keep", "other", true],
    ["!keep\n*", "keep", true],
    ["*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true],
    ["*.md\n!README*.md\nREADME-secret.md", "README.md", false],
    ["", "anything", false],
  ])("with %j about %s keeps it out: %s", (text, path, isIgnored) => {
    expect(parseDockerignore(text).ignores(path)).toBe(isIgnored);
  });

  it("says whether something inside a folder may come back", () => {
    expect(parseDockerignore("*").hasExceptions).toBe(false);
    expect(parseDockerignore("*\n!a").hasExceptions).toBe(true);
  });
});
