import { existsSync } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { pcapHeader, pcapRecord, type CapturedPacket } from "../../model/capture/pcap.ts";

/** There are passwords in it. */
const fileMode = 0o600;

/**
 * Refuses a file that is there, before anything is captured.
 *
 * @throws LabError `LAB_CAPTURE_FILE`
 */
export function requireFreeFile(file: string, mayReplace: boolean): void {
  if (mayReplace || !existsSync(file)) return;
  throw new LabError(
    "LAB_CAPTURE_FILE",
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

/** A capture's file, which is whole after each packet, and which only its owner can read. */
export class CaptureFile {
  readonly #name: string;
  readonly #handle: FileHandle;

  private constructor(name: string, handle: FileHandle) {
    this.#name = name;
    this.#handle = handle;
  }

  /**
   * Makes the file, in place of one that may be replaced.
   *
   * @throws LabError `LAB_CAPTURE_FILE`
   */
  static async create(name: string, mayReplace: boolean): Promise<CaptureFile> {
    requireFreeFile(name, mayReplace);
    try {
      if (mayReplace) await rm(name, { force: true });
      const file = new CaptureFile(name, await open(name, "wx", fileMode));
      await file.#handle.write(pcapHeader());
      return file;
    } catch (cause) {
      throw unwritable(name, cause);
    }
  }

  /**
   * Adds a packet.
   *
   * @throws LabError `LAB_CAPTURE_FILE`
   */
  async add(packet: CapturedPacket): Promise<void> {
    try {
      await this.#handle.appendFile(pcapRecord(packet));
    } catch (cause) {
      throw unwritable(this.#name, cause);
    }
  }

  /** Closes it. */
  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function unwritable(file: string, cause: unknown): LabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LabError(
    "LAB_CAPTURE_FILE",
    {
      en: `--file: ${file} can't be written: ${reason}`,
      ja: `--file: ${file} に書き込めません: ${reason}`,
    },
    {
      hint: {
        en: "name a file in a folder that is there",
        ja: "実在するフォルダーの中のファイルを指定してください",
      },
      exit: exitCode.usage,
      cause,
    },
  );
}
