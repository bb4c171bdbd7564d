import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { placeAtomically } from "../placed-atomically.ts";
import type { StepVoice } from "../progress.ts";
import type { Site } from "../reachability.ts";
import { runTool } from "../tool-command.ts";
import { ToolchainError } from "../toolchain-error.ts";
import type { OfficialSet } from "./installed-pulumi.ts";
import type { PulumiParts } from "./pulumi-parts.ts";

const defaultSiteUrl = "https://get.pulumi.com";
const checksumsTimeoutMs = 30_000;
const archiveTimeoutMs = 15 * 60_000;
const unpackTimeoutMs = 2 * 60_000;
const pluginTimeoutMs = 5 * 60_000;

/** Where Pulumi's own parts are in the cache. */
export function officialSetInCache(cache: string, parts: PulumiParts): OfficialSet {
  return {
    binFolder: path.join(cache, "pulumi", `v${parts.cliVersion}`, "bin"),
    pluginsFolder: path.join(cache, "pulumi", "home", "plugins"),
  };
}

/** Pulumi's download site; its list of checksums is both the probe and what a download is held against. */
export function pulumiSite(parts: PulumiParts, siteUrl = defaultSiteUrl): Site {
  return {
    name: "get.pulumi.com",
    url: checksumsUrl(parts, siteUrl),
    isOwnAnswer: ({ status, body }) => status === 200 && /^[0-9a-f]{64} [ *]pulumi-v/m.test(body),
  };
}

/** What a download needs. */
export interface DownloadOptions {
  readonly cache: string;
  readonly parts: PulumiParts;
  readonly voice: StepVoice;
  readonly signal: AbortSignal;
  /** Another site with the same layout, for tests. */
  readonly siteUrl?: string;
}

/**
 * Downloads Pulumi's command with its language hosts, holds it against the site's SHA-256, and puts it into the
 * cache.
 * @throws ToolchainError LAB_PULUMI_CHECKSUM when it is not what the site lists.
 */
export async function downloadCommand({
  cache,
  parts,
  voice,
  signal,
  siteUrl = defaultSiteUrl,
}: DownloadOptions): Promise<void> {
  const name = `pulumi-v${parts.cliVersion}-${platformName()}.tar.gz`;
  const checksums = await download(checksumsUrl(parts, siteUrl), checksumsTimeoutMs, signal);
  const listed = checksums
    .toString("utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+\*?/))
    .find(([, file]) => file === name)?.[0];
  voice.line(name);
  const archive = await download(`${siteUrl}/releases/sdk/${name}`, archiveTimeoutMs, signal);
  const actual = createHash("sha256").update(archive).digest("hex");
  if (listed === undefined || actual !== listed) {
    throw new ToolchainError(
      "LAB_PULUMI_CHECKSUM",
      {
        en: `${name} as downloaded has the SHA-256 ${actual}; the site lists ${listed ?? "none for it"}.`,
        ja: `ダウンロードした${name}のSHA-256は${actual}ですが、サイトの一覧${listed === undefined ? "にはありません" : `では${listed}です`}。`,
      },
      {
        hint: {
          en: "Repeat; if it stays, MAIL_LAB_OFFLINE=1 ./lab up builds the engine from its Go module instead.",
          ja: "もう一度実行してください。それでも同じなら、MAIL_LAB_OFFLINE=1 ./lab up でエンジンをGoモジュールから作れます。",
        },
      },
    );
  }
  await placeAtomically(officialSetInCache(cache, parts).binFolder, async (unfinished) => {
    const file = `${unfinished}.tar.gz`;
    await mkdir(unfinished, { recursive: true });
    try {
      await writeFile(file, archive);
      const args = ["-xzf", file, "-C", unfinished, "--strip-components=1"];
      await runTool("tar", args, { signal, timeoutMs: unpackTimeoutMs });
    } finally {
      await rm(file, { force: true });
    }
  });
}

/** Has Pulumi's own command install the plugins, at the versions of the npm packages, into the cache. */
export async function installPlugins(options: DownloadOptions): Promise<void> {
  const { cache, parts, voice, signal } = options;
  const { binFolder, pluginsFolder } = officialSetInCache(cache, parts);
  for (const plugin of parts.plugins) {
    voice.line(`${plugin.name} ${plugin.version}`);
    await runTool(
      path.join(binFolder, "pulumi"),
      ["plugin", "install", "resource", plugin.name, plugin.version],
      {
        signal,
        timeoutMs: pluginTimeoutMs,
        env: { PULUMI_HOME: path.dirname(pluginsFolder), PULUMI_SKIP_UPDATE_CHECK: "true" },
        onLine: (line) => {
          voice.line(line);
        },
      },
    );
  }
}

function checksumsUrl(parts: PulumiParts, siteUrl: string): string {
  return `${siteUrl}/releases/sdk/pulumi-${parts.cliVersion}-checksums.txt`;
}

function platformName(): string {
  return `${process.platform}-${process.arch === "arm64" ? "arm64" : "x64"}`;
}

async function download(url: string, timeoutMs: number, signal: AbortSignal): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
  if (!response.ok) {
    throw new ToolchainError("LAB_DOWNLOAD_FAILED", {
      en: `${url} answered with status ${response.status}.`,
      ja: `${url} から状態コード${response.status}が返りました。`,
    });
  }
  return Buffer.from(await response.arrayBuffer());
}
