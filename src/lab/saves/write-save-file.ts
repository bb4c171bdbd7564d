import { existsSync } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import { pack } from "tar-stream";
import { exportImages } from "../../engine/image-transfer.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import type { SaveManifest } from "../../model/save-manifest.ts";
import { spaceHint } from "../file-hints.ts";
import { manifestEntry } from "./read-save-file.ts";

/** Whoever reads the file knows the saved lab's passwords. */
const fileMode = 0o600;
/** The two empty blocks that close a tar (POSIX, pax). */
const closingBytes = 1024;
/** The fastest: a layer of text shrinks to a third by it, and the disk is the slower part. */
const compressionLevel = 1;

/** A save's file while it is written: nothing of that name is there until it is whole. */
export interface UnfinishedSaveFile extends AsyncDisposable {
  /**
   * Writes the save with its images and gives the file its name.
   *
   * @throws LabError `LAB_SAVE_TARGET`.
   */
  readonly write: (engine: string, save: SaveManifest, signal: AbortSignal) => Promise<void>;
}

/**
 * Makes sure that the file can be written, before anything else is made; disposed of, it leaves nothing that is not
 * whole.
 *
 * @throws LabError `LAB_SAVE_TARGET`.
 */
export async function beginSaveFile(file: string, mayReplace: boolean): Promise<UnfinishedSaveFile> {
  if (!mayReplace && existsSync(file)) {
    throw new LabError(
      "LAB_SAVE_TARGET",
      { en: `--file: ${file} exists already.`, ja: `--file: ${file} はすでにあります。` },
      {
        hint: {
          en: "name another file, or give --replace to write it anew",
          ja: "別のファイル名にするか、書き直してよければ --replace をつけてください",
        },
        exit: exitCode.usage,
      },
    );
  }
  const unfinished = `${file}.part-${process.pid}`;
  const handle = await open(unfinished, "wx", fileMode).catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
  return {
    write: async (engine, save, signal) => {
      try {
        await writeTar(handle, engine, save, signal);
        await handle.sync();
        await handle.close();
        await rename(unfinished, file);
      } catch (cause) {
        throw isFileFault(cause) ? unwritable(file, cause) : cause;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await handle.close();
      await rm(unfinished, { force: true });
    },
  };
}

/** The manifest and the images as one tar: an engine's own tar, with an entry put before it. */
async function writeTar(
  handle: FileHandle,
  engine: string,
  save: SaveManifest,
  signal: AbortSignal,
): Promise<void> {
  const first = pack();
  first.entry({ name: manifestEntry, mode: fileMode }, `${JSON.stringify(save)}\n`);
  first.finalize();
  const head = await buffer(first);
  const images = await exportImages(
    engine,
    save.nodes.map(({ image }) => image),
  );
  await pipeline(
    async function* () {
      yield head.subarray(0, -closingBytes);
      yield* images as AsyncIterable<Buffer>;
    },
    createZstdCompress({
      params: {
        [constants.ZSTD_c_compressionLevel]: compressionLevel,
        [constants.ZSTD_c_checksumFlag]: 1,
      },
    }),
    async (packed: AsyncIterable<Buffer>) => {
      for await (const chunk of packed) await handle.writeFile(chunk);
    },
    { signal },
  );
}

function isFileFault(cause: unknown): cause is Error {
  return cause instanceof Error && "syscall" in cause && "code" in cause;
}

function unwritable(file: string, cause: unknown): LabError {
  const details = [cause instanceof Error ? cause.message : String(cause)];
  if (cause instanceof Error && "code" in cause && cause.code === "ENOSPC") {
    return new LabError(
      "LAB_NO_SPACE",
      {
        en: `--file: no space is left for ${file}; nothing of it was kept.`,
        ja: `--file: ${file} を書く空き容量がありません。書きかけのものは残していません。`,
      },
      { details, hint: spaceHint, cause },
    );
  }
  return new LabError(
    "LAB_SAVE_TARGET",
    { en: `--file: ${file} can't be written.`, ja: `--file: ${file} に書き込めません。` },
    {
      details,
      hint: {
        en: "name a file in a folder that exists and is yours",
        ja: "書き込める既存のフォルダーの中のファイルを指定してください",
      },
      exit: exitCode.usage,
      cause,
    },
  );
}
