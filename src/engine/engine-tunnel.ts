import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../toolchain/cache-folder.ts";
import { explainDialFailure } from "../../toolchain/docker/dial-failure.ts";
import { sshOptions } from "../../toolchain/docker/ssh-options.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import { requireRoute } from "./docker-engine.ts";
import { relayLogin, type EngineLogin } from "./relay-login.ts";

/** Ports of this machine's loopback that lead to the same ports of another machine's. */
export interface EngineTunnel {
  /** Whether it still stands. */
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

const loopback = "127.0.0.1";
/** Said on the far side once a login stands; ssh has bound the ports before that. */
const readyWord = "mail-lab-ready";
const openingDeadlineMs = 45_000;
/** How long the login is kept for the next command. */
const persistSeconds = 10;
/** As long as a socket's path may be on every system, less what ssh puts behind it for a moment (unix(4)). */
const longestSocketPath = 84;
const shownLines = 5;

/**
 * Opens a tunnel to the engine's machine, through its own ssh where there is one. It ends when this process does, however that ends. Several commands may
 * have the same ports open at a time: they share one login, which outlives the last of them by some seconds.
 *
 * @throws LabError `LAB_ENGINE_REACH` where a port is taken here or there is no way to the engine's machine, and what
 * an engine's connection throws: `LAB_ENGINE_NO_ANSWER`, `LAB_ENGINE_SSH_REFUSED`, `LAB_ENGINE_HOST_KEY`.
 */
export async function openEngineTunnel(
  engine: string,
  ports: readonly number[],
  signal: AbortSignal,
): Promise<EngineTunnel> {
  const folder = join(cacheFolder(), "ssh");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const login = await loginTo(engine, folder);
  const forwards = ports.flatMap((port) => ["-L", `${loopback}:${port}:${loopback}:${port}`]);
  const child = spawn(
    "ssh",
    [
      ...sshOptions,
      ...sharing(engine, folder),
      ...["-o", "ExitOnForwardFailure=yes"],
      ...forwards,
      ...login.words,
      `echo ${readyWord}; exec cat`,
    ],
    // Not in this process's group: a Ctrl-C ends the command that uses it, and by that this one.
    { stdio: ["pipe", "pipe", "pipe"], detached: true, env: { ...process.env, ...login.environment } },
  );
  child.stdin.on("error", () => undefined);
  await untilReady(engine, child, signal).finally(login.forget);
  leaveAlone(child);
  return {
    isOpen: () => child.exitCode === null && child.signalCode === null,
    close: () => {
      child.stdin.end();
    },
  };
}

/** By the machine's own ssh where the engine is named by it, else by Docker itself. */
async function loginTo(engine: string, folder: string): Promise<EngineLogin> {
  const route = requireRoute(engine);
  if (route.kind !== "ssh") return relayLogin(engine, folder);
  return { words: route.target, environment: {}, forget: () => Promise.resolve() };
}

/** One login for all commands that come soon after each other. */
function sharing(engine: string, folder: string): readonly string[] {
  const socket = join(folder, createHash("sha256").update(engine).digest("hex").slice(0, 16));
  if (socket.length > longestSocketPath) return ["-o", "ControlPath=none"];
  return [
    ...["-o", "ControlMaster=auto"],
    ...["-o", `ControlPath=${socket}`],
    ...["-o", `ControlPersist=${persistSeconds}`],
  ];
}

async function untilReady(engine: string, child: ChildProcess, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let said = "";
  let words = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
    if (said.includes(readyWord)) resolve(undefined);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    words += chunk.toString("utf8");
  });
  child.once("error", (error) => {
    reject(noTunnel(engine, error.message));
  });
  // Not "close": a login that is kept for the next command holds the error stream.
  child.once("exit", () => {
    reject(noTunnel(engine, words));
  });
  const deadline = AbortSignal.timeout(openingDeadlineMs);
  const onAbort = (): void => {
    child.kill();
    reject(signal.aborted ? (signal.reason as Error) : noTunnel(engine, `${words}\nno login in time`));
  };
  const either = AbortSignal.any([signal, deadline]);
  either.addEventListener("abort", onAbort, { once: true });
  try {
    await promise;
  } finally {
    either.removeEventListener("abort", onAbort);
  }
}

/** A tunnel that nobody uses must not keep the process; the end of its input ends it. */
function leaveAlone(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    // A child's pipes are sockets, which the types don't say.
    (stream as { unref?: () => unknown } | null)?.unref?.();
  }
}

function noTunnel(engine: string, words: string): LabError {
  const details = words
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-shownLines);
  const port = /cannot listen to port: (\d+)/.exec(words)?.[1];
  if (port !== undefined) {
    return new LabError(
      "LAB_ENGINE_REACH",
      {
        en: `The port ${port} of this machine's ${loopback} is taken; the lab on ${engine} has the same port and is reached by it.`,
        ja: `このマシンの${loopback}のポート ${port} は使用中です。${engine} のラボには同じ番号のポートで接続します。`,
      },
      {
        details,
        hint: { en: `ss -tlnp | grep :${port}`, ja: `ss -tlnp | grep :${port}` },
        exit: exitCode.unreachable,
      },
    );
  }
  const { code, reason, hint } = explainDialFailure(engine, words);
  return new LabError(
    code,
    {
      en: `The machine of the Docker engine ${engine} can't be reached by ssh: ${reason.en}.`,
      ja: `Dockerエンジン（${engine}）のマシンにsshで接続できません: ${reason.ja}。`,
    },
    { details, hint, exit: exitCode.unreachable },
  );
}
