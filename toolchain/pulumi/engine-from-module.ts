import { rm } from "node:fs/promises";
import path from "node:path";

import { placeAtomically } from "../placed-atomically.ts";
import { inStep, type ProgressReporter } from "../progress.ts";
import { runTool } from "../tool-command.ts";
import { bringGo, findGo, requiredGo } from "./go-toolchain.ts";
import { moduleEngineVersion } from "./pulumi-parts.ts";

const buildTimeoutMs = 60 * 60_000;
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const moduleFolder = path.join(import.meta.dirname, "..", "pulumi-engine");

/** The engine's place in the cache. */
export function moduleEngineInCache(cache: string): string {
  return path.join(cache, "pulumi", `v${moduleEngineVersion}`, "bin", "pulumi");
}

/**
 * Builds Pulumi's engine from its Go module, with the machine's Go or one brought for it. What is brought for the
 * build alone stays until it is done, so an interrupted one goes on, and is removed then.
 */
export async function buildEngine(
  cache: string,
  report: ProgressReporter,
  signal: AbortSignal,
): Promise<void> {
  const workshop = path.join(cache, "pulumi-build");
  const found = await findGo(await requiredGo(moduleFolder), signal);
  const bring = { en: "Bring Go (pip)", ja: "Goを用意する（pip）" };
  const go =
    found ??
    (await inStep(report, { id: "go", title: bring }, (voice) =>
      bringGo(path.join(workshop, "go"), voice, signal),
    ));
  const ownCaches = {
    GOPATH: path.join(workshop, "path"),
    GOCACHE: path.join(workshop, "build"),
    // Without it the module cache is read-only, and can't be removed.
    GOFLAGS: "-buildvcs=false -mod=readonly -modcacherw",
  };
  const title = {
    en: "Build the Pulumi engine from its Go module (minutes, once)",
    ja: "PulumiのエンジンをGoモジュールからビルドする（初回のみ、数分）",
  };
  await inStep(report, { id: "pulumi-build", title }, async (voice) => {
    let packages = 0;
    await placeAtomically(moduleEngineInCache(cache), async (unfinished) => {
      await runTool(
        go,
        [
          "build",
          "-v",
          "-trimpath",
          "-ldflags",
          `-s -w -X ${versionVariable}=v${moduleEngineVersion}`,
        ].concat(["-o", unfinished, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"]),
        {
          signal,
          timeoutMs: buildTimeoutMs,
          cwd: moduleFolder,
          code: "LAB_PULUMI_BUILD_FAILED",
          hint: {
            en: "Repeat: what was downloaded and built so far is kept. Is the Go module proxy in reach?",
            ja: "もう一度実行すると続きから始めます。Goのモジュールプロキシに届くかも確かめてください。",
          },
          env: {
            CGO_ENABLED: "0",
            GOTOOLCHAIN: "local",
            GOWORK: "off",
            GOFLAGS: "-buildvcs=false -mod=readonly",
            ...(found === undefined && ownCaches),
          },
          onLine: (line) => {
            if (!line.startsWith("go: ")) packages += 1;
            voice.line(packages > 0 ? `${packages} ${line}` : line);
          },
        },
      );
    });
    voice.note(`v${moduleEngineVersion}`);
  });
  await rm(workshop, { recursive: true, force: true });
}
