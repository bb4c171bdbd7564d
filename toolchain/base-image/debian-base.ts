import { existsSync } from "node:fs";
import path from "node:path";

import { cacheFolder } from "../cache-folder.ts";
import { withLock } from "../exclusive-lock.ts";
import { findOnPath } from "../on-path.ts";
import { placeAtomically } from "../placed-atomically.ts";
import { inStep, type ProgressReporter } from "../progress.ts";
import { adminRight, asAdmin, installPackages } from "../system-packages.ts";
import { runTool } from "../tool-command.ts";

/** The base that is made of Debian packages where Docker Hub is out of reach. */
export const debianBaseImage = "mail-lab/debian-base:bookworm";

const suite = "bookworm";
const bootstrapTimeoutMs = 20 * 60_000;
const importTimeoutMs = 5 * 60_000;

/** What making the Debian base needs. */
export interface DebianBaseOptions {
  /** The `docker` command, and the environment that leads it to the engine. */
  readonly client: string;
  readonly clientEnvironment: NodeJS.ProcessEnv;
  /** The engine's architecture, as Docker says it: `x86_64`. */
  readonly architecture: string;
  readonly report: ProgressReporter;
  readonly signal: AbortSignal;
}

/**
 * Puts the Debian base on the engine. Its files are made once for the machine and kept in the cache, so another
 * engine or clone has it in seconds.
 */
export async function importDebianBase(options: DebianBaseOptions): Promise<void> {
  const { client, clientEnvironment, report, signal } = options;
  const architecture = options.architecture === "aarch64" ? "arm64" : "amd64";
  const archive = path.join(cacheFolder(), "images", `debian-${suite}-${architecture}.tar`);
  await withLock(path.join(cacheFolder(), "debian-base.lock"), { signal }, async () => {
    if (existsSync(archive)) return;
    if (findOnPath("mmdebstrap", process.env["PATH"] ?? "").length === 0) {
      const title = { en: "Install mmdebstrap (apt-get)", ja: "mmdebstrapをインストールする（apt-get）" };
      await inStep(report, { id: "mmdebstrap-install", title }, (voice) =>
        installPackages(["mmdebstrap", "debian-archive-keyring"], { voice, signal }),
      );
    }
    await makeArchive(archive, architecture, report, signal);
  });
  const title = { en: "Import the Debian base image", ja: "Debianの基本イメージを取り込む" };
  await inStep(report, { id: "base-import", title }, async () => {
    const change = [`LABEL mail-lab.image=debian-base`, `CMD ["/bin/bash"]`].flatMap((line) => [
      "--change",
      line,
    ]);
    const args = ["import", ...change, archive, debianBaseImage];
    await runTool(client, args, { signal, timeoutMs: importTimeoutMs, env: clientEnvironment });
  });
}

async function makeArchive(
  archive: string,
  architecture: string,
  report: ProgressReporter,
  signal: AbortSignal,
): Promise<void> {
  const title = { en: "Make a Debian base (mmdebstrap)", ja: "Debianの基本システムを作る（mmdebstrap）" };
  await inStep(report, { id: "base-make", title }, (voice) =>
    placeAtomically(archive, async (unfinished) => {
      const command = [
        "mmdebstrap",
        "--variant=minbase",
        "--format=tar",
        `--architectures=${architecture}`,
      ].concat([suite, unfinished]);
      // Without an administrator it works by user namespaces, where the machine has them.
      const right = await adminRight(signal);
      const [file = "mmdebstrap", ...args] = right === "none" ? command : asAdmin(right, command).flat();
      await runTool(file, args, {
        signal,
        timeoutMs: bootstrapTimeoutMs,
        cwd: "/",
        code: "LAB_BASE_IMAGE_FAILED",
        hint: {
          en: "Is a Debian mirror in reach? Where Docker Hub is, MAIL_LAB_OFFLINE=0 ./lab up pulls ubuntu:24.04.",
          ja: "Debianのミラーに届くか確かめてください。Docker Hubに届くなら、MAIL_LAB_OFFLINE=0 ./lab up でubuntu:24.04を使えます。",
        },
        onLine: (line) => {
          voice.line(line);
        },
      });
    }),
  );
}
