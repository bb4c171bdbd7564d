import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { imageReference, type ImageFile } from "../../../src/model/image-reference.ts";

const file = (path: string, content: string, executable = false): ImageFile => ({
  path,
  executable,
  content: Buffer.from(content),
});
const files = [file("Dockerfile", "FROM base"), file("rootfs/etc/motd", "hello")];

describe("an image's reference", () => {
  it("does not depend on the order in which files are listed", () => {
    expect(imageReference("dns", ["base"], [...files].reverse())).toBe(
      imageReference("dns", ["base"], files),
    );
  });

  it.each([
    ["content", ["base"], [file("Dockerfile", "FROM base"), file("rootfs/etc/motd", "hallo")]],
    ["a mode", ["base"], [file("Dockerfile", "FROM base"), file("rootfs/etc/motd", "hello", true)]],
    ["a path", ["base"], [file("Dockerfile", "FROM base"), file("rootfs/etc/issue", "hello")]],
    ["the base", ["base2"], files],
    ["the target", ["base", "finished"], files],
  ] as const)("changes with %s", (_name, recipe, changed) => {
    expect(imageReference("dns", recipe, changed)).not.toBe(imageReference("dns", ["base"], files));
  });

  it("is never the same for two different trees, however their bytes run together", () => {
    const tree = fc.uniqueArray(fc.record({ path: fc.string(), content: fc.string() }), {
      selector: ({ path }) => path,
      maxLength: 4,
    });
    fc.assert(
      fc.property(tree, tree, (left, right) => {
        const asFiles = (list: typeof left): ImageFile[] =>
          list.map(({ path, content }) => file(path, content));
        const sorted = (list: typeof left): string =>
          JSON.stringify(
            [...list].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ path, content }) => [path, content]),
          );
        const same = imageReference("x", [], asFiles(left)) === imageReference("x", [], asFiles(right));
        expect(same).toBe(sorted(left) === sorted(right));
      }),
    );
  });
});
