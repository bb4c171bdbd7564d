import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LabContext } from "../../../src/lab/lab-context.ts";
import { labPaths } from "../../../src/lab/lab-paths.ts";
import { isSurelyNew, makeInOwnBackend, ownStateFile } from "../../../src/lab/stack/own-backend.ts";
import { temporaryFolder } from "../toolchain/support/temporary-folder.ts";

/** A checkout whose backend Pulumi has made, in the layout of this version; or none at all. */
function checkout(root: string, layout?: string) {
  const paths = labPaths("dev", root);
  const backend = join(paths.state, ".pulumi");
  writeFileSync(join(root, "Pulumi.yaml"), "name: some-project\nconfig: {}\n");
  if (layout !== undefined) {
    mkdirSync(backend, { recursive: true });
    writeFileSync(join(backend, "meta.yaml"), layout);
  }
  const context = { stack: "dev", paths } as unknown as LabContext;
  return { context, stacks: join(backend, "stacks", "some-project") };
}

describe("a stack in this checkout's own backend", () => {
  beforeEach(() => {
    vi.stubEnv("PULUMI_BACKEND_URL", undefined);
    return () => {
      vi.unstubAllEnvs();
    };
  });

  it("is made without resources, where the engine finds it, and nothing else", async () => {
    using clone = temporaryFolder();
    const { context, stacks } = checkout(clone.path, "version: 1\n");
    expect(await isSurelyNew(context)).toBe(true);
    expect(await makeInOwnBackend(context)).toBe(true);
    expect(readdirSync(stacks)).toEqual(["dev.json"]);
    expect(JSON.parse(readFileSync(join(stacks, "dev.json"), "utf8"))).toEqual({
      version: 3,
      checkpoint: { stack: "organization/some-project/dev" },
    });
    expect(await ownStateFile(context)).toBe(join(stacks, "dev.json"));
    expect(await isSurelyNew(context)).toBe(false);
  });

  it.each([undefined, "", "version: 0\n", "version: 2\n", "version: 10\n"])(
    "is left to Pulumi in a backend of the layout %j",
    async (layout) => {
      using clone = temporaryFolder();
      const { context, stacks } = checkout(clone.path, layout);
      expect(await makeInOwnBackend(context)).toBe(false);
      expect(await ownStateFile(context)).toBeUndefined();
      expect(() => readdirSync(stacks)).toThrow("ENOENT");
    },
  );

  it("is made by one of many commands, and stays as that one left it", async () => {
    using clone = temporaryFolder();
    const { context, stacks } = checkout(clone.path, "version: 1\n");
    const made = await Promise.all(Array.from({ length: 20 }, () => makeInOwnBackend(context)));
    expect(made.filter(Boolean)).toHaveLength(1);
    writeFileSync(join(stacks, "dev.json"), "of the first");
    expect(await makeInOwnBackend(context)).toBe(false);
    expect(readFileSync(join(stacks, "dev.json"), "utf8")).toBe("of the first");
    expect(readdirSync(stacks)).toEqual(["dev.json"]);
  });

  it("is none of a backend that the user has set", async () => {
    using clone = temporaryFolder();
    const { context, stacks } = checkout(clone.path, "version: 1\n");
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "dev.json"), "{}");
    vi.stubEnv("PULUMI_BACKEND_URL", "file:///somewhere");
    expect(await ownStateFile(context)).toBeUndefined();
    expect(await isSurelyNew(context)).toBe(false);
  });
});
