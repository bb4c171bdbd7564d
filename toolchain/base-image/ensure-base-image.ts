import type { Engine } from "../docker/ensure-engine.ts";
import { findImage } from "../docker/engine-request.ts";
import { inStep, type ProgressReporter } from "../progress.ts";
import type { Site } from "../reachability.ts";
import { readFacts, updateFacts } from "../remembered-facts.ts";
import { isInReach } from "../site-memory.ts";
import { runTool } from "../tool-command.ts";
import { failureReason } from "../toolchain-error.ts";
import { debianBaseImage, importDebianBase } from "./debian-base.ts";

/** The textbook's own system. */
const ubuntuBaseImage = "ubuntu:24.04";

const pullTimeoutMs = 15 * 60_000;

/** Docker Hub's registry: what it says to a stranger tells it from a block page. */
export const dockerHub: Site = {
  name: "Docker Hub",
  url: "https://registry-1.docker.io/v2/",
  isOwnAnswer: ({ status, headers }) =>
    (status === 401 || status === 200) && headers.has("docker-distribution-api-version"),
};

/** What finding a base image needs. */
export interface EnsureBaseImageOptions {
  readonly root: string;
  readonly engine: Engine;
  readonly client: string;
  readonly clientEnvironment: NodeJS.ProcessEnv;
  readonly report: ProgressReporter;
  readonly signal: AbortSignal;
}

/**
 * The image that the lab's own images are built from: the one in use, else `ubuntu:24.04`, pulled where Docker
 * Hub is in reach, else a Debian base. What was taken once stays, so that the lab's images do not change with the
 * network.
 */
export async function ensureBaseImage(options: EnsureBaseImageOptions): Promise<string> {
  const { root, engine, signal } = options;
  const inUse = readFacts(root).baseImage;
  for (const reference of new Set([inUse ?? ubuntuBaseImage, ubuntuBaseImage])) {
    if ((await findImage(engine.endpoint, reference, signal)) !== undefined) return remember(root, reference);
  }
  return remember(root, await bringBaseImage(options));
}

async function bringBaseImage(options: EnsureBaseImageOptions): Promise<string> {
  const { root, engine, report, signal } = options;
  const isHubInReach = await isInReach(dockerHub, {
    root,
    report,
    signal,
    consequence: ({ isReachable, reason }) =>
      isReachable
        ? { en: `Using ${ubuntuBaseImage}.`, ja: `${ubuntuBaseImage}を使います。` }
        : {
            en: `Docker Hub is out of reach (${reason.en}): using a Debian base, whose mail programs are set up the same way.`,
            ja: `Docker Hubに届かないため（${reason.ja}）、Debianの基本イメージを使います。メールのプログラムの設定は同じです。`,
          },
  });
  if (isHubInReach && (await pullUbuntu(options))) return ubuntuBaseImage;
  if ((await findImage(engine.endpoint, debianBaseImage, signal)) === undefined) {
    await importDebianBase({ ...options, architecture: engine.facts.architecture });
  }
  return debianBaseImage;
}

async function pullUbuntu({
  client,
  clientEnvironment,
  report,
  signal,
}: EnsureBaseImageOptions): Promise<boolean> {
  const title = { en: `Pull ${ubuntuBaseImage}`, ja: `${ubuntuBaseImage}を取得する` };
  try {
    await inStep(report, { id: "base-pull", title }, (voice) =>
      runTool(client, ["pull", ubuntuBaseImage], {
        signal,
        timeoutMs: pullTimeoutMs,
        env: clientEnvironment,
        onLine: (line) => {
          voice.line(line);
        },
      }),
    );
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (process.env["MAIL_LAB_OFFLINE"] === "0") throw error;
    const reason = failureReason(error);
    report.say({
      en: `${ubuntuBaseImage} could not be pulled (${reason.en}); using a Debian base.`,
      ja: `${ubuntuBaseImage}を取得できないため（${reason.ja}）、Debianの基本イメージを使います。`,
    });
    return false;
  }
}

function remember(root: string, reference: string): string {
  if (readFacts(root).baseImage !== reference)
    updateFacts(root, (facts) => ({ ...facts, baseImage: reference }));
  return reference;
}
