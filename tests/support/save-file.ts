import { buffer } from "node:stream/consumers";
import { zstdCompressSync } from "node:zlib";
import { pack, type Header } from "tar-stream";
import { savedImageReference, type SaveManifest } from "../../src/model/save-manifest.ts";

const id = "00112233445566aa";

/** A save that nobody has made. */
export const someSave: SaveManifest = {
  format: 1,
  id,
  name: "monday",
  stack: "dev",
  savedAt: "2026-11-24T09:12:44.120Z",
  engine: "",
  config: {
    subnet: "192.168.1.0/24",
    hosts: [{ name: "host1", domain: "example1.test", address: "192.168.1.12", users: ["user1"] }],
    start: "finished",
    starts: {},
    stage: "finished",
    stages: {},
    upstream: false,
  },
  nodes: [{ name: "host1", image: savedImageReference(id, "host1"), stage: "finished", sizeBytes: 1 }],
  seed: Buffer.alloc(32, 7).toString("base64"),
};

/** An entry of a tar, with its content; none for a folder or a link. */
export type TarEntry = readonly [header: Partial<Header> & Pick<Header, "name">, content?: string];

/** The entry that says what a save is. */
export function manifestEntryOf(manifest: unknown): TarEntry {
  return [{ name: "mail-lab-save.json" }, JSON.stringify(manifest)];
}

/** The entry by which `docker save` says which images there are. */
export function imageList(...references: readonly string[]): TarEntry {
  return [
    { name: "manifest.json" },
    JSON.stringify([{ Config: "c.json", RepoTags: references, Layers: ["a/layer.tar"] }]),
  ];
}

/** A tar of these entries, packed as a save's file is. */
export async function packedTar(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const [header, content] of entries) tar.entry(header, content ?? "");
  tar.finalize();
  return zstdCompressSync(await buffer(tar));
}
