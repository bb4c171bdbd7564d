import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { cacheFolder } from "../cache-folder.ts";
import type { LocalText } from "../local-text.ts";
import { findOnPath } from "../on-path.ts";
import type { StepVoice } from "../progress.ts";
import { adminRight, asAdmin, installPackages, type AdminRight } from "../system-packages.ts";
import { runTool } from "../tool-command.ts";
import { failureReason, ToolchainError } from "../toolchain-error.ts";
import type { EngineEndpoint } from "./engine-endpoints.ts";
import { askEngine } from "./engine-request.ts";
import type { DockerFacts } from "./docker-facts.ts";

const startDeadlineMs = 60_000;
const pollMs = 200;
const logTailLines = 15;
const commandTimeoutMs = 60_000;

/** Starts `dockerd` in a session of its own, so that it outlives this command, and prints its process id. */
const detachedStart = 'cd / && { setsid "$0" </dev/null >>"$1" 2>&1 & echo $!; }';

/** The engine program, or undefined where none is installed. */
export function findDockerd(): string | undefined {
  return findOnPath("dockerd", `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`)[0];
}

/** Installs Debian's or Ubuntu's own engine. */
export async function installEngine(voice: StepVoice, signal: AbortSignal): Promise<void> {
  try {
    await installPackages(["docker.io", "iptables"], { voice, signal });
  } catch (error) {
    if (!(error instanceof ToolchainError) || error.code !== "LAB_NOT_ADMIN") throw error;
    const reason = failureReason(error);
    throw new ToolchainError(
      "LAB_NO_DOCKER",
      {
        en: `No Docker engine answers, and none could be installed: ${reason.en}.`,
        ja: `Dockerエンジンが応答せず、インストールもできませんでした: ${reason.ja}。`,
      },
      {
        exit: 4,
        ...(error.hint !== undefined && { hint: error.hint }),
        cause: error,
      },
    );
  }
}

/**
 * Starts the installed engine, by systemd where that is PID 1, else by hand, and waits until it answers.
 * @throws ToolchainError LAB_DOCKER_NOT_STARTED with the last lines of the engine's log.
 */
export async function startEngine(endpoint: EngineEndpoint, signal: AbortSignal): Promise<DockerFacts> {
  const right = await adminRight(signal);
  if (right === "none") {
    throw new ToolchainError(
      "LAB_NO_DOCKER",
      {
        en: "The Docker engine is installed but does not run.",
        ja: "Dockerエンジンは入っていますが、動いていません。",
      },
      {
        exit: 4,
        hint: {
          en: "As an administrator: systemctl start docker",
          ja: "管理者として: systemctl start docker",
        },
      },
    );
  }
  const isSystemd = existsSync("/run/systemd/system");
  const engine = isSystemd ? await startBySystemd(right, signal) : await startByHand(right, signal);
  const deadline = performance.now() + startDeadlineMs;
  while (performance.now() < deadline && engine.isAlive()) {
    const answer = await askEngine(endpoint, signal);
    if (answer.kind === "answers") return answer.facts;
    if (answer.kind === "denied") await openSocketToUser(endpoint, right, signal);
    await delay(pollMs, undefined, { signal });
  }
  throw new ToolchainError(
    "LAB_DOCKER_NOT_STARTED",
    engine.isAlive()
      ? {
          en: `The Docker engine was started but did not answer within ${startDeadlineMs / 1000} s.`,
          ja: `Dockerエンジンを起動しましたが、${startDeadlineMs / 1000}秒以内に応答しませんでした。`,
        }
      : {
          en: "The Docker engine was started and ended again.",
          ja: "Dockerエンジンを起動しましたが、すぐに終了しました。",
        },
    { exit: 4, details: await engine.logTail(), hint: engine.hint },
  );
}

interface StartedEngine {
  isAlive(): boolean;
  logTail(): Promise<readonly string[]>;
  readonly hint: LocalText;
}

async function startBySystemd(
  right: Exclude<AdminRight, "none">,
  signal: AbortSignal,
): Promise<StartedEngine> {
  const hint = {
    en: "journalctl -u docker shows the whole log.",
    ja: "journalctl -u docker でログの全体を見られます。",
  };
  const logTail = async (): Promise<string[]> => {
    const [file, args] = asAdmin(right, [
      "journalctl",
      "-u",
      "docker",
      "-n",
      `${logTailLines}`,
      "--no-pager",
    ]);
    return (await runTool(file, args, { signal, timeoutMs: commandTimeoutMs })).split("\n");
  };
  const [file, args] = asAdmin(right, ["systemctl", "start", "docker"]);
  await runTool(file, args, { signal, timeoutMs: startDeadlineMs, code: "LAB_DOCKER_NOT_STARTED", hint });
  return { isAlive: () => true, logTail, hint };
}

async function startByHand(right: Exclude<AdminRight, "none">, signal: AbortSignal): Promise<StartedEngine> {
  const folder = path.join(cacheFolder(), "docker");
  const log = path.join(folder, "dockerd.log");
  await mkdir(folder, { recursive: true });
  await writeFile(log, "");
  const [file, args] = asAdmin(right, ["sh", "-c", detachedStart, findDockerd() ?? "dockerd", log]);
  const pid = (await runTool(file, args, { signal, timeoutMs: commandTimeoutMs })).trim();
  await writeFile(path.join(folder, "dockerd.pid"), `${pid}\n`);
  return {
    isAlive: () => existsSync(`/proc/${pid}`),
    logTail: async () => lastWords(await readFile(log, "utf8")),
    hint: { en: `The whole log is in ${log}.`, ja: `ログの全体は ${log} にあります。` },
  };
}

/** The last lines of the engine's log that say more than what it does next. */
function lastWords(log: string): string[] {
  const lines = log.trimEnd().split("\n");
  const telling = lines.filter((line) => !/level=(debug|info)/.test(line));
  return (telling.length > 0 ? telling : lines).slice(-logTailLines);
}

/**
 * A group membership counts from the next login on; until the engine's next start the socket itself belongs to
 * the user who had it installed.
 */
async function openSocketToUser(
  endpoint: EngineEndpoint,
  right: Exclude<AdminRight, "none">,
  signal: AbortSignal,
): Promise<void> {
  const { uid, username } = os.userInfo();
  for (const command of [
    ["usermod", "-aG", "docker", username],
    ["chown", `${uid}`, endpoint.url.slice("unix://".length)],
  ]) {
    const [file, args] = asAdmin(right, command);
    await runTool(file, args, { signal, timeoutMs: commandTimeoutMs });
  }
}
