import { relative } from "node:path";
import { cacheFolder } from "../../toolchain/cache-folder.ts";
import { spaceHint, writableHint } from "../lab/file-hints.ts";
import { projectRoot } from "../lab/lab-paths.ts";
import { LabError } from "../model/lab-error.ts";

/** What the kernel says where a disk, or this user's share of it, is full. */
const fullCodes: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);
/** What it says where a file or folder can't be made, written or read at its place. */
const placeCodes: ReadonlySet<string> = new Set(["EROFS", "EACCES", "EPERM", "ENOTDIR", "EISDIR", "EEXIST"]);

/** What Node.js throws for a refused file operation. */
interface FileFault extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

/**
 * A refusal of the file system where the lab keeps its own files, as an error that says what to do: a full disk or a
 * checkout that can't be written is no bug. Anything else is given back as it is.
 */
export function fileErrorOf(error: unknown): unknown {
  if (!isFileFault(error)) return error;
  if (fullCodes.has(error.code)) {
    const where = error.path === undefined ? "" : ` (${placeName(error.path)})`;
    return new LabError(
      "LAB_NO_SPACE",
      {
        en: `No space is left where the lab keeps its files${where}.`,
        ja: `ラボのファイルを置く場所に空きがありません${where}。`,
      },
      { details: [error.message], hint: spaceHint, cause: error },
    );
  }
  if (!placeCodes.has(error.code) || error.path === undefined || !isOurPlace(error.path)) return error;
  const name = placeName(error.path);
  return new LabError(
    "LAB_NOT_WRITABLE",
    {
      en: `${name} can't be written; the lab keeps its files in .lab of the checkout and in ${cacheFolder()}.`,
      ja: `${name} に書き込めません。ラボのファイルは、チェックアウトの .lab と ${cacheFolder()} に置かれます。`,
    },
    { details: [error.message], hint: writableHint, cause: error },
  );
}

function isFileFault(error: unknown): error is FileFault {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    "syscall" in error &&
    typeof error.syscall === "string"
  );
}

function isOurPlace(path: string): boolean {
  return [projectRoot, cacheFolder()].some((folder) => path === folder || path.startsWith(`${folder}/`));
}

function placeName(path: string): string {
  const inside = relative(projectRoot, path);
  return inside === "" || inside.startsWith("..") ? path : inside;
}
