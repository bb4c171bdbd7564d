import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../../toolchain/cache-folder.ts";
import { projectRoot } from "../../support/lab-command.ts";

/** How a command in the scratch checkout ended. */
export interface ScratchRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run there. */
export interface ScratchCommand {
  readonly words: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly language: "en" | "ja";
  /** Shell lines that come first, as root in mounts of the command's own: what they mount nobody else sees. */
  readonly mounts?: string;
}

const ownFolders = ["state", "stacks", "passphrase"];

/** A copy of the checkout with a `.lab` of its own, in which anything may be broken. */
export class ScratchCheckout implements AsyncDisposable {
  readonly root: string;
  readonly stack: string;
  readonly #base: string;

  private constructor(base: string, stack: string) {
    this.#base = base;
    this.root = join(base, "checkout");
    this.stack = stack;
  }

  /** Copies what is tracked or about to be, borrows the packages, and brings the toolchain once. */
  static async create(stack: string): Promise<ScratchCheckout> {
    const scratch = new ScratchCheckout(await mkdtemp(join(tmpdir(), "mail-lab-bad-input-")), stack);
    await scratch.#copy();
    await scratch.#shareCache();
    await scratch.#prepareStack();
    return scratch;
  }

  /** Puts the lab's own folders back as a stack has them of which nothing was built yet. */
  async restore(): Promise<void> {
    for (const name of ownFolders) {
      await rm(join(this.root, ".lab", name), { recursive: true, force: true });
      await cp(join(this.#base, "seed", name), join(this.root, ".lab", name), { recursive: true });
    }
  }

  /** Writes a file of the checkout. */
  async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, name)), { recursive: true });
    await writeFile(join(this.root, name), text);
  }

  /** Runs `./lab` there; a failure is a result. */
  async run({ words, env, language, mounts }: ScratchCommand): Promise<ScratchRun> {
    const lab = join(this.root, "lab");
    const script = `set -e\nmount --make-rprivate /\n${mounts ?? ""}\nexec "$@"`;
    const start = mounts === undefined ? [] : ["unshare", "-m", "sh", "-c", script, "sh"];
    const command = [...start, lab, ...words];
    const { exitCode, stdout, stderr } = await execa("env", command, {
      cwd: this.root,
      reject: false,
      stdin: "ignore",
      env: {
        LANG: language === "ja" ? "ja_JP.UTF-8" : "C.UTF-8",
        LC_ALL: "",
        LC_MESSAGES: "",
        MAIL_LAB_CACHE: join(this.#base, "cache"),
        ...env,
      },
    });
    return { exitCode, stdout, stderr };
  }

  /** What git says of the checkout. */
  async gitStatus(): Promise<string> {
    return (await execa("git", ["status", "--porcelain"], { cwd: this.root })).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#base, { recursive: true, force: true });
  }

  async #copy(): Promise<void> {
    await mkdir(this.root);
    const copy =
      'cd "$1" && git ls-files -co --exclude-standard -z | while IFS= read -r -d "" f; do [ -e "$f" ] && printf "%s\\0" "$f"; done | tar --null -T - -cf - | tar -xf - -C "$2"';
    await execa("bash", ["-c", copy, "bash", projectRoot, this.root]);
    await symlink(join(projectRoot, "node_modules"), join(this.root, "node_modules"));
    const commit =
      "git init -q && echo node_modules >>.git/info/exclude && git add -A && git -c user.name=t -c user.email=t@example.test commit -qm copy";
    await execa("sh", ["-c", commit], { cwd: this.root });
  }

  /** The machine's parts without its locks: other labs that are being built are not waited for. */
  async #shareCache(): Promise<void> {
    const cache = join(this.#base, "cache");
    await mkdir(cache);
    for (const name of await readdir(cacheFolder()).catch(() => [])) {
      if (!name.includes(".lock")) await symlink(join(cacheFolder(), name), join(cache, name));
    }
  }

  /** Makes a stack with its passphrase and keeps a copy of all that belongs to it. */
  async #prepareStack(): Promise<void> {
    const { exitCode, stderr } = await this.run({
      words: ["env", "--stack", this.stack],
      language: "en",
    });
    if (exitCode !== 0) throw new Error(`the scratch checkout has no toolchain: ${stderr}`);
    for (const name of ownFolders) {
      await cp(join(this.root, ".lab", name), join(this.#base, "seed", name), { recursive: true });
    }
  }
}
