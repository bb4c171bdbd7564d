import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
}

const folder = join(import.meta.dirname, "page");

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  ts: "text/javascript; charset=utf-8",
};

/** What a module names by its package, and where the page has it. */
const packages: Readonly<Record<string, string>> = {
  "@xterm/xterm": "/xterm/xterm.mjs",
  "@xterm/addon-fit": "/xterm/addon-fit.mjs",
};

const require = createRequire(import.meta.url);
const compress = promisify(gzip);

/** Everything that the page is made of, read and packed once: a request takes one of these or gets nothing. */
export class PageFiles {
  readonly #index: string;
  readonly #files: ReadonlyMap<string, PageFile>;

  private constructor(index: string, files: ReadonlyMap<string, PageFile>) {
    this.#index = index;
    this.#files = files;
  }

  static async read(): Promise<PageFiles> {
    const names = (await readdir(folder)).filter((name) => /\.(?:ts|css)$/.test(name));
    const files = await Promise.all([
      ...names.map((name) => pageFile(`/page/${name}`, join(folder, name))),
      pageFile("/xterm/xterm.css", require.resolve("@xterm/xterm/css/xterm.css")),
      ...Object.entries(packages).map(([name, path]) => pageFile(path, moduleOf(name))),
    ]);
    return new PageFiles(await readFile(join(folder, "index.html"), "utf8"), new Map(files));
  }

  /** The page itself, with a nonce for the style elements that the terminal makes. */
  index(): { readonly html: string; readonly nonce: string } {
    const nonce = randomBytes(16).toString("base64url");
    return { nonce, html: this.#index.replaceAll("%STYLE_NONCE%", nonce) };
  }

  /** The file of exactly that path. */
  find(path: string): PageFile | undefined {
    return this.#files.get(path);
  }

  /** What a browser loads that opens the page for the first time, gzipped. */
  get gzippedBytes(): number {
    return [...this.#files.values()].reduce((bytes, { gzipped }) => bytes + gzipped.length, 0);
  }
}

/** A package's module for browsers, beside the one that `require` finds. */
function moduleOf(name: string): string {
  return require.resolve(name).replace(/\.js$/, ".mjs");
}

async function pageFile(path: string, file: string): Promise<readonly [string, PageFile]> {
  const ending = path.slice(path.lastIndexOf(".") + 1);
  const source = await readFile(file, "utf8");
  const body = Buffer.from(ending === "ts" ? asModule(source) : source);
  const gzipped = await compress(body, { level: constants.Z_BEST_COMPRESSION });
  return [path, { type: types[ending] ?? "application/octet-stream", body, gzipped }];
}

/** What a browser runs of a module: without its types, and with the page's own places of packages. */
function asModule(source: string): string {
  return stripTypeScriptTypes(source).replaceAll(
    /\b(from\s+|import\(\s*)"(@xterm\/[\w-]+)"/g,
    (whole: string, words: string, name: string) => {
      const path = packages[name];
      return path === undefined ? whole : `${words}"${path}"`;
    },
  );
}
