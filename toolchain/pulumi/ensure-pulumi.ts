import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import path from "node:path";

import { cacheFolder } from "../cache-folder.ts";
import { withLock } from "../exclusive-lock.ts";
import { isExecutable } from "../on-path.ts";
import { inStep, type ProgressReporter } from "../progress.ts";
import { readFacts, updateFacts } from "../remembered-facts.ts";
import { isInReach } from "../site-memory.ts";
import { failureReason, ToolchainError } from "../toolchain-error.ts";
import { buildEngine, moduleEngineInCache } from "./engine-from-module.ts";
import { findInstalledSet, isWholeSet, type OfficialSet } from "./installed-pulumi.ts";
import { areLogsClosed, clonePulumi, linkOffline, linkOfficial, type ClonePulumi } from "./link-pulumi.ts";
import { downloadCommand, installPlugins, officialSetInCache, pulumiSite } from "./official-download.ts";
import { languageHostFolder, pluginFolder, readPulumiParts, type PulumiParts } from "./pulumi-parts.ts";

/** What bringing Pulumi needs. */
export interface EnsurePulumiOptions {
  readonly root: string;
  readonly node: string;
  readonly report: ProgressReporter;
  readonly signal: AbortSignal;
}

/** A clone's Pulumi, ready to run. */
export interface ReadyPulumi extends ClonePulumi {
  readonly plugins: "official" | "offline";
}

/** Pulumi's own parts, or the engine from the Go module with the project's own plugins. */
type Source =
  | { readonly plugins: "official"; readonly set: OfficialSet }
  | { readonly plugins: "offline"; readonly engine: string };

/**
 * Brings Pulumi: the user's own where it is whole, else Pulumi's downloads where their site is in reach, else the
 * engine from its Go module with the project's own language host and plugins. `MAIL_LAB_OFFLINE=1` takes the
 * last at once.
 */
export async function ensurePulumi(options: EnsurePulumiOptions): Promise<ReadyPulumi> {
  const { root, node } = options;
  const parts = readPulumiParts(root);
  const source = await chooseSource(parts, options);
  const clone = clonePulumi(root);
  const key = linkKey(source, { root, node, parts });
  if (readFacts(root).pulumiKey !== key || !isLinked(clone, parts, source.plugins)) {
    await withLock(path.join(root, ".lab", "pulumi.lock"), { signal: options.signal }, async () => {
      if (source.plugins === "official") await linkOfficial(clone, source.set);
      else await linkOffline(clone, source.engine);
      updateFacts(root, (facts) => ({ ...facts, pulumiKey: key }));
    });
  }
  return { ...clone, plugins: source.plugins };
}

async function chooseSource(parts: PulumiParts, options: EnsurePulumiOptions): Promise<Source> {
  const { root, report, signal } = options;
  const cache = cacheFolder();
  const engine = moduleEngineInCache(cache);
  const offline: Source = { plugins: "offline", engine };
  if (process.env["MAIL_LAB_OFFLINE"] !== "1") {
    const installed = await findInstalledSet(root, parts, signal);
    if (installed) return { plugins: "official", set: installed };
    const set = officialSetInCache(cache, parts);
    if (isWholeSet(set, parts)) return { plugins: "official", set };
    const isOfficialInReach = await isInReach(pulumiSite(parts), {
      root,
      report,
      signal,
      consequence: ({ isReachable, reason }) =>
        isReachable
          ? { en: "Using Pulumi's own downloads.", ja: "Pulumi公式のダウンロードを使います。" }
          : {
              en: `Pulumi's site is out of reach (${reason.en}): using the engine from its Go module and this project's own plugins.`,
              ja: `Pulumiのサイトに届かないため（${reason.ja}）、Goモジュールのエンジンと、このプロジェクトのプラグインを使います。`,
            },
    });
    if (isOfficialInReach && (await downloadOfficial(parts, options))) return { plugins: "official", set };
  }
  if (!isExecutable(engine)) {
    await withCacheLock(options, async () => {
      if (!isExecutable(engine)) await buildEngine(cache, report, signal);
    });
  }
  return offline;
}

/** Whether the download came through; where it did not, the way without the site is still open. */
async function downloadOfficial(parts: PulumiParts, options: EnsurePulumiOptions): Promise<boolean> {
  const { report, signal } = options;
  const cache = cacheFolder();
  const set = officialSetInCache(cache, parts);
  try {
    await withCacheLock(options, async () => {
      if (isWholeSet(set, parts)) return;
      if (!isExecutable(path.join(set.binFolder, "pulumi"))) {
        const title = {
          en: `Download Pulumi ${parts.cliVersion}`,
          ja: `Pulumi ${parts.cliVersion}をダウンロードする`,
        };
        await inStep(report, { id: "pulumi-download", title }, (voice) =>
          downloadCommand({ cache, parts, voice, signal }),
        );
      }
      const title = { en: "Install Pulumi's plugins", ja: "Pulumiのプラグインをインストールする" };
      await inStep(report, { id: "pulumi-plugins", title }, (voice) =>
        installPlugins({ cache, parts, voice, signal }),
      );
    });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    // Asking for Pulumi's own parts means not to be given others.
    if (process.env["MAIL_LAB_OFFLINE"] === "0" || isTampered(error)) throw error;
    const reason = failureReason(error);
    report.say({
      en: `Pulumi's own parts could not be downloaded (${reason.en}); using the engine from its Go module.`,
      ja: `Pulumi公式の部品をダウンロードできないため（${reason.ja}）、Goモジュールのエンジンを使います。`,
    });
    return false;
  }
}

function isTampered(error: unknown): boolean {
  return error instanceof ToolchainError && error.code === "LAB_PULUMI_CHECKSUM";
}

function withCacheLock({ report, signal }: EnsurePulumiOptions, work: () => Promise<void>): Promise<void> {
  const onWait = (pid: number): void => {
    report.say({
      en: `Waiting for another ./lab (process ${pid}) to bring Pulumi.`,
      ja: `別の ./lab（プロセス${pid}）がPulumiを用意するのを待っています。`,
    });
  };
  return withLock(path.join(cacheFolder(), "pulumi.lock"), { signal, onWait }, work);
}

/** Changes with everything that the links and launchers in `.lab` were made from. */
function linkKey(source: Source, made: { root: string; node: string; parts: PulumiParts }): string {
  const installer = path.join(import.meta.dirname, "..", "offline", "install.ts");
  const changedAt = source.plugins === "offline" ? statSync(installer).mtimeMs : 0;
  return createHash("sha256")
    .update(JSON.stringify([source, made, changedAt]))
    .digest("hex");
}

function isLinked(
  { binFolder, pulumiHome }: ClonePulumi,
  parts: PulumiParts,
  plugins: Source["plugins"],
): boolean {
  const hostFolder =
    plugins === "official" ? binFolder : path.join(pulumiHome, "plugins", languageHostFolder(parts));
  return (
    areLogsClosed(pulumiHome) &&
    isExecutable(path.join(binFolder, "pulumi")) &&
    isExecutable(path.join(hostFolder, "pulumi-language-nodejs")) &&
    parts.plugins.every((plugin) => existsSync(path.join(pulumiHome, "plugins", pluginFolder(plugin))))
  );
}
