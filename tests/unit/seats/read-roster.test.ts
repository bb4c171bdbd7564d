import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../support/lab-command.ts";
import { readRoster } from "../../../src/seats/read-roster.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mail-lab-roster-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a roster's file", () => {
  it("is read with the chapter's stages, and names the class", async () => {
    const file = join(folder, "class-b.csv");
    await writeFile(file, "seat,name,stage\n01,佐藤,6.10\n");
    const { className, seats } = await readRoster(file);
    expect({ className, stages: seats.map(({ stage }) => stage) }).toEqual({
      className: "class-b",
      stages: ["6.10"],
    });
  });

  it("is the sample of the documentation, as a spreadsheet writes it", async () => {
    const { className, seats } = await readRoster(join(projectRoot, "docs", "examples", "class-a.csv"));
    expect(className).toBe("class-a");
    expect(seats.map(({ id, name, language }) => [id, name, language])).toEqual([
      ["s01", "山田 太郎", undefined],
      ["s02", "佐藤 花子", undefined],
      ["s03", "Nguyễn, Thị Ánh", "en"],
    ]);
    const sample = await readFile(join(projectRoot, "docs", "examples", "class-a.csv"), "utf8");
    for (const page of ["classroom.md", "classroom.ja.md"]) {
      const documentation = await readFile(join(projectRoot, "docs", page), "utf8");
      expect(documentation).toContain(sample.replace("\uFEFF", "").replaceAll("\r\n", "\n"));
    }
  });

  it.each([
    ["that is not there", "no.csv", undefined, /there is no such file/],
    ["that is a folder", "folder.csv", (file: string) => mkdir(file), /it is a folder/],
    ["below a file", "class-b.csv/x.csv", undefined, /a part of the path is no folder/],
    [
      "that is too large",
      "large.csv",
      async (file: string) => {
        await writeFile(file, "seat,name\n");
        await truncate(file, 1024 * 1024 + 1);
      },
      /it has 1\.0 MiB; a roster has 1 MiB at the most/,
    ],
  ])("is refused %s", async (_name, name, plant, message) => {
    const file = join(folder, name);
    await plant?.(file);
    await expect(readRoster(file)).rejects.toMatchObject({
      code: "LAB_ROSTER_FILE",
      exit: 2,
      message: expect.stringMatching(message) as string,
    });
  });

  it("is refused where it is a socket", async () => {
    const socket = join(folder, "socket.csv");
    await using server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    await expect(readRoster(socket)).rejects.toMatchObject({
      code: "LAB_ROSTER_FILE",
      message: expect.stringContaining("no ordinary file") as string,
    });
  });

  it("is refused where it is a pipe that nobody writes to", async () => {
    const pipe = join(folder, "pipe.csv");
    await execa("mkfifo", [pipe]);
    await expect(readRoster(pipe)).rejects.toMatchObject({
      code: "LAB_ROSTER_FILE",
      message: expect.stringContaining("no ordinary file") as string,
    });
  });
});
