import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { readContainerFile } from "../../../src/engine/container-file.ts";
import { startEngineDouble } from "../../support/engine-double.ts";

async function archiveOf(
  entry: { name: string; type?: "file" | "directory" },
  text: string,
): Promise<Buffer> {
  const packed = pack();
  packed.entry(entry, text);
  packed.finalize();
  return await buffer(packed);
}

describe("a file in a container", () => {
  it("is read from the archive that the engine gives", async () => {
    const archive = await archiveOf({ name: "questions.log" }, "asked\n");
    await using engine = await startEngineDouble((_request, response) => response.end(archive));
    expect((await readContainerFile(engine.url, "dns", "/q"))?.toString()).toBe("asked\n");
  });

  it("is none where that is a folder, or larger than any file of ours", async () => {
    const folder = await archiveOf({ name: "questions.log", type: "directory" }, "");
    await using engine = await startEngineDouble((request, response) =>
      response.end(request.url?.includes("large") === true ? Buffer.alloc(9 * 1024 * 1024) : folder),
    );
    expect(await readContainerFile(engine.url, "dns", "/q")).toBeUndefined();
    expect(await readContainerFile(engine.url, "dns", "/large")).toBeUndefined();
  });

  it("is an error, and not waited for, where the engine ends in the middle", async () => {
    const archive = await archiveOf({ name: "questions.log" }, "x".repeat(10_000));
    await using engine = await startEngineDouble((_request, response) => {
      response.write(archive.subarray(0, 2000), () => response.socket?.destroy());
    });
    await expect(readContainerFile(engine.url, "dns", "/q")).rejects.toThrow();
  });
});
