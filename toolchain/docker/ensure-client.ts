import { readdirSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import path from "node:path";

import { cacheFolder } from "../cache-folder.ts";
import { withLock } from "../exclusive-lock.ts";
import { findOnPath, isExecutable } from "../on-path.ts";
import { placeAtomically } from "../placed-atomically.ts";
import { inStep, type ProgressReporter } from "../progress.ts";
import { hasApt } from "../system-packages.ts";
import { runTool } from "../tool-command.ts";
import { ToolchainError } from "../toolchain-error.ts";

const downloadTimeoutMs = 5 * 60_000;
/** Debian 13 and newer have the command in a package of its own. */
const packagesWithClient = ["docker-cli", "docker.io"];

/**
 * The folder of the `docker` command. Where an engine answers and the command is missing, it is taken out of the
 * distribution's package into the cache: installing the package would bring a second engine.
 * @throws ToolchainError LAB_NO_DOCKER_CLIENT
 */
export async function ensureClient(report: ProgressReporter, signal: AbortSignal): Promise<string> {
  const installed = findOnPath("docker", process.env["PATH"] ?? "")[0];
  if (installed !== undefined) return path.dirname(installed);
  const folder = path.join(cacheFolder(), "docker-client");
  if (isExecutable(path.join(folder, "docker"))) return folder;
  await withLock(path.join(cacheFolder(), "docker-client.lock"), { signal }, async () => {
    if (!isExecutable(path.join(folder, "docker"))) await bringClient(folder, report, signal);
  });
  return folder;
}

async function bringClient(folder: string, report: ProgressReporter, signal: AbortSignal): Promise<void> {
  const title = { en: "Bring the docker command", ja: "dockerコマンドを用意する" };
  await inStep(report, { id: "docker-client", title }, async (voice) => {
    let failure: unknown;
    for (const name of hasApt() ? packagesWithClient : []) {
      try {
        await placeAtomically(folder, (unfinished) => unpackClient(name, unfinished, signal));
        return;
      } catch (error) {
        signal.throwIfAborted();
        voice.line(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        failure = error;
      }
    }
    throw new ToolchainError(
      "LAB_NO_DOCKER_CLIENT",
      {
        en: "A Docker engine answers, and the docker command that builds images is missing.",
        ja: "Dockerエンジンは応答しますが、イメージを作るdockerコマンドがありません。",
      },
      {
        hint: {
          en: "Install it (Debian 12, Ubuntu: apt-get install docker.io; Debian 13: apt-get install docker-cli).",
          ja: "入れてください（Debian 12とUbuntu: apt-get install docker.io、Debian 13: apt-get install docker-cli）。",
        },
        cause: failure,
      },
    );
  });
}

async function unpackClient(name: string, unfinished: string, signal: AbortSignal): Promise<void> {
  const download = path.join(unfinished, "package");
  await mkdir(download, { recursive: true });
  const options = { signal, timeoutMs: downloadTimeoutMs, cwd: download };
  await runTool("apt-get", ["download", name], options);
  const archive = readdirSync(download).find((file) => file.endsWith(".deb"));
  if (archive === undefined) throw new Error(`apt-get download ${name} left no package`);
  await runTool("dpkg-deb", ["-x", archive, "tree"], options);
  await copyFile(path.join(download, "tree", "usr", "bin", "docker"), path.join(unfinished, "docker"));
  await rm(download, { recursive: true });
}
