import { describe, expect, it } from "vitest";
import type { EngineImage } from "../../../src/engine/lab-images.ts";
import { imagesToRemove } from "../../../src/lab/lifecycle/prune.ts";

const image = (id: string, created: number, more: Partial<EngineImage> = {}): EngineImage => ({
  id,
  parent: "",
  references: [`mail-lab/x:${id}`],
  created,
  isUsed: false,
  isSave: false,
  ...more,
});
const removed = (images: readonly EngineImage[], current: readonly string[] = []): readonly string[] =>
  imagesToRemove(images, new Set(current)).map(({ id }) => id);

describe("the images to remove", () => {
  it("are those without a container and without a place in the checkout's plan", () => {
    const images = [image("old", 1), image("used", 2, { isUsed: true }), image("next", 3)];
    expect(removed(images, ["mail-lab/x:next"])).toEqual(["old"]);
  });

  it("do not have one among them that an image which stays was built on", () => {
    const images = [
      image("base", 1),
      image("middle", 2, { parent: "base" }),
      image("used", 3, { parent: "middle", isUsed: true }),
    ];
    expect(removed(images)).toEqual([]);
  });

  it("are no saves, and nothing that a save stands on", () => {
    const images = [image("host", 1), image("save", 2, { parent: "host", isSave: true })];
    expect(removed(images)).toEqual([]);
  });

  it("come newest first, so that none goes before what was built on it", () => {
    expect(removed([image("base", 1), image("child", 2, { parent: "base" })])).toEqual(["child", "base"]);
  });

  it("are those too whose name has passed to another image", () => {
    expect(removed([image("nameless", 1, { references: [] })])).toEqual(["nameless"]);
  });
});
