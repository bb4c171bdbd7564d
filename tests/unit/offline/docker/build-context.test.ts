import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packContext } from "../../../../toolchain/offline/docker/image/build-context.ts";

/** What the archive holds: name to type, mode in octal and content or target. */
async function unpack(
  context: string,
  dockerfile: string,
): Promise<{ names: string[]; entries: string[]; file: string }> {
  const packed = await packContext(context, dockerfile);
  const entries: string[] = [];
  const reader = extract();
  packed.archive.pipe(reader);
  for await (const entry of reader) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    const { name, type, mode, linkname } = entry.header;
    const what = type === "symlink" ? linkname : Buffer.concat(pieces).toString("utf8");
    entries.push(`${name} ${type} ${mode.toString(8)} ${what}`.trim());
  }
  await packed.packed;
  return { entries, names: entries.map((entry) => entry.split(" ")[0] ?? ""), file: packed.dockerfile };
}

describe("a build context", () => {
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "context-"));
    await mkdir(join(folder, "ctx/sub"), { recursive: true });
    for (const [name, mode] of [
      ["Dockerfile", 0o644],
      ["run.sh", 0o755],
      ["sub/b", 0o640],
    ] as const) {
      await writeFile(join(folder, "ctx", name), name);
      await chmod(join(folder, "ctx", name), mode);
    }
    await chmod(join(folder, "ctx/sub"), 0o755);
    await symlink("run.sh", join(folder, "ctx/link"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("holds files, folders and links with their modes, in one order", async () => {
    const { entries, file } = await unpack(join(folder, "ctx"), "Dockerfile");
    expect(file).toBe("Dockerfile");
    expect(entries).toEqual([
      "Dockerfile file 644 Dockerfile",
      "link symlink 777 run.sh",
      "run.sh file 755 run.sh",
      "sub directory 755",
      "sub/b file 640 sub/b",
    ]);
  });

  it("leaves out what .dockerignore says, but never that file or the Dockerfile", async () => {
    await writeFile(join(folder, "ctx/.dockerignore"), "*\n!sub/b\n");
    expect((await unpack(join(folder, "ctx"), "Dockerfile")).names).toEqual([
      ".dockerignore",
      "Dockerfile",
      "sub/b",
    ]);
  });

  it("takes a Dockerfile from outside along", async () => {
    await writeFile(join(folder, "Other"), "FROM scratch");
    const { entries, file } = await unpack(join(folder, "ctx"), join(folder, "Other"));
    expect(entries[0]).toBe(`${file} file 644 FROM scratch`);
  });

  it("names the folder or the Dockerfile that is missing", async () => {
    await expect(packContext(join(folder, "none"), "Dockerfile")).rejects.toThrow(
      `the build needs the folder ${join(folder, "none")}, which is not there`,
    );
    await expect(packContext(join(folder, "ctx"), "Other")).rejects.toThrow(
      `the build needs the file ${join(folder, "ctx/Other")}, which is not there`,
    );
  });
});
