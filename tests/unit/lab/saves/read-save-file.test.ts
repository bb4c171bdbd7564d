import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSaveFile } from "../../../../src/lab/saves/read-save-file.ts";
import { LabError } from "../../../../src/model/lab-error.ts";
import {
  imageList,
  manifestEntryOf,
  packedTar,
  someSave,
  type TarEntry,
} from "../../../support/save-file.ts";

const own = someSave.nodes.map(({ image }) => image);
const layer: TarEntry = [{ name: "a/layer.tar" }, "layer ".repeat(1000)];
const good: readonly TarEntry[] = [manifestEntryOf(someSave), layer, imageList(...own)];
const { signal } = new AbortController();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mail-lab-save-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function read(bytes: Buffer): Promise<unknown> {
  const file = join(folder, "some.save");
  await writeFile(file, bytes);
  return readSaveFile(file, signal).catch((error: unknown) => error);
}

/** The sentence of the refusal. */
async function refusal(bytes: Buffer): Promise<string> {
  const error = await read(bytes);
  if (error instanceof LabError && error.code === "LAB_SAVE_FILE") return error.message;
  throw new Error("it was not refused", { cause: error });
}

describe("a save's file", () => {
  it("gives the save that is in it", async () => {
    expect(await read(await packedTar(good))).toEqual(someSave);
  });

  it("is read with the links between layers that older engines write", async () => {
    const link: TarEntry = [{ name: "b/layer.tar", type: "symlink", linkname: "../a/layer.tar" }];
    expect(await read(await packedTar([...good, link]))).toEqual(someSave);
  });

  const newer = { ...someSave, format: 2 };
  const traversing = { ...someSave, name: "../../../etc/passwd" };
  const foreignImage = { ...someSave, nodes: [{ ...someSave.nodes[0], image: "mail-lab/dns:1234" }] };
  it.each<[what: string, entries: readonly TarEntry[], words: string]>([
    ["of a newer version", [manifestEntryOf(newer), ...good.slice(1)], "format 2, of a newer mail-lab"],
    ["whose name leads elsewhere", [manifestEntryOf(traversing), ...good.slice(1)], "name"],
    [
      "whose manifest has other images",
      [manifestEntryOf(foreignImage), ...good.slice(1)],
      "mail-lab/dns:1234",
    ],
    ["without a manifest", good.slice(1), "no manifest of mail-lab"],
    ["with a manifest that is no JSON", [[{ name: "mail-lab-save.json" }, "{"]], "no JSON"],
    ["without its images", good.slice(0, 2), `the images ${own.join(", ")} are missing`],
    [
      "with an image of the product beside its own",
      [...good.slice(0, 2), imageList(...own, "mail-lab/mail-host:0123456789abcdef")],
      "mail-lab/mail-host:0123456789abcdef",
    ],
    ["with a list of images twice", [...good, imageList("ubuntu:24.04")], "ubuntu:24.04"],
    [
      "with names in the older list",
      [...good, [{ name: "repositories" }, JSON.stringify({ ubuntu: { "24.04": "a" } })]],
      "ubuntu:24.04",
    ],
    [
      "with names in the list of newer engines",
      [
        ...good,
        [
          { name: "./index.json" },
          JSON.stringify({
            manifests: [{ annotations: { "io.containerd.image.name": "docker.io/library/ubuntu:24.04" } }],
          }),
        ],
      ],
      "ubuntu:24.04",
    ],
    ["with a path upwards", [...good, [{ name: "../../etc/cron.d/x" }, "x"]], "leads outside"],
    ["with an absolute path", [...good, [{ name: "/etc/cron.d/x" }, "x"]], "leads outside"],
    [
      "with a link upwards",
      [...good, [{ name: "a/up", type: "symlink", linkname: "../../etc" }]],
      "leads outside",
    ],
    ["with a device", [...good, [{ name: "null", type: "character-device" }]], "leads outside"],
  ])("is refused %s", async (_what, entries, words) => {
    expect(await refusal(await packedTar(entries))).toContain(words);
  });

  it("is refused where it is cut off, wherever that is", async () => {
    const bytes = await packedTar(good);
    for (const part of [0.1, 0.5, 0.9, 0.99]) {
      expect(await refusal(bytes.subarray(0, Math.floor(bytes.length * part)))).toContain("no save");
    }
  });

  it("is refused where its tar ends before its end", async () => {
    const { zstdCompressSync, zstdDecompressSync } = await import("node:zlib");
    const tar = zstdDecompressSync(await packedTar(good));
    expect(await refusal(zstdCompressSync(tar.subarray(0, 2000)))).toContain("no save");
  });

  it("is refused where it is something else altogether", async () => {
    expect(await refusal(Buffer.from("hello\n"))).toContain("./lab save did not write it");
    expect(await refusal(randomBytes(10_000))).toContain("./lab save did not write it");
    expect(await refusal(Buffer.alloc(0))).toContain("./lab save did not write it");
  });

  it("is refused where there is none", async () => {
    const missing = readSaveFile(join(folder, "none"), signal);
    await expect(missing).rejects.toMatchObject({ code: "LAB_SAVE_FILE" });
  });
});
