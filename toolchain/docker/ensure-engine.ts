import os from "node:os";
import path from "node:path";

import { cacheFolder } from "../cache-folder.ts";
import { withLock } from "../exclusive-lock.ts";
import { inStep, type ProgressReporter } from "../progress.ts";
import { ToolchainError } from "../toolchain-error.ts";
import { isOldEngine, oldestEngine, type DockerFacts } from "./docker-facts.ts";
import { engineEndpoints, type EngineEndpoint } from "./engine-endpoints.ts";
import { askEngine } from "./engine-request.ts";
import { isElsewhere } from "./engine-route.ts";
import { findDockerd, installEngine, startEngine } from "./start-engine.ts";

/** An engine that answers. */
export interface Engine {
  readonly endpoint: EngineEndpoint;
  readonly facts: DockerFacts;
}

/**
 * Finds an engine that answers, else installs and starts one on this machine.
 *
 * @param pinned - the only engine that will do, an explicit one.
 * @throws ToolchainError LAB_DOCKER_DENIED, LAB_DOCKER_SILENT (a chosen engine), LAB_DOCKER_OLD, LAB_NO_DOCKER,
 * LAB_DOCKER_NOT_STARTED.
 */
export async function ensureEngine(
  report: ProgressReporter,
  signal: AbortSignal,
  pinned?: EngineEndpoint,
): Promise<Engine> {
  const endpoints = pinned === undefined ? engineEndpoints(process.env) : [pinned];
  const found = await findEngine(endpoints, signal);
  if (found) return found;
  // What is installed and started here is this machine's own engine.
  const own: EngineEndpoint = {
    url: "unix:///var/run/docker.sock",
    source: "default socket",
    isClientDefault: endpoints[0]?.url === "unix:///var/run/docker.sock",
    isExplicit: false,
  };
  if (process.platform !== "linux") {
    throw new ToolchainError(
      "LAB_NO_DOCKER",
      { en: "No Docker engine answers.", ja: "Dockerエンジンが応答しません。" },
      {
        exit: 4,
        hint: {
          en: "Start Docker Desktop, or install it (docs.docker.com/get-docker), then repeat.",
          ja: "Docker Desktopを起動して（なければ入れて: docs.docker.com/get-docker）、もう一度実行してください。",
        },
      },
    );
  }
  const onWait = (pid: number): void => {
    report.say({
      en: `Waiting for another ./lab (process ${pid}) to bring Docker.`,
      ja: `別の ./lab（プロセス${pid}）がDockerを用意するのを待っています。`,
    });
  };
  return withLock(
    path.join(cacheFolder(), "docker.lock"),
    { signal, onWait },
    async () => (await findEngine(endpoints, signal)) ?? (await bringEngine(own, report, signal)),
  );
}

/** An engine of this machine that answers, whatever this shell chose; none is brought or started. */
export async function findLocalEngine(signal: AbortSignal): Promise<Engine | undefined> {
  const environment = { ...process.env, DOCKER_HOST: "", DOCKER_CONTEXT: "" };
  for (const endpoint of engineEndpoints(environment)) {
    if (isElsewhere(endpoint.url)) continue;
    const answer = await askEngine(endpoint, signal);
    if (answer.kind === "answers" && !isOldEngine(answer.facts)) return { endpoint, facts: answer.facts };
  }
  return undefined;
}

async function bringEngine(
  endpoint: EngineEndpoint,
  report: ProgressReporter,
  signal: AbortSignal,
): Promise<Engine> {
  if (findDockerd() === undefined) {
    const title = { en: "Install Docker (apt-get)", ja: "Dockerをインストールする（apt-get）" };
    await inStep(report, { id: "docker-install", title }, (voice) => installEngine(voice, signal));
  }
  const title = { en: "Start the Docker engine", ja: "Dockerエンジンを起動する" };
  const facts = await inStep(report, { id: "docker-start", title }, async (voice) => {
    const started = await startEngine(endpoint, signal);
    voice.note(`Docker ${started.serverVersion}`);
    return started;
  });
  return { endpoint, facts };
}

function tooOld({ url }: EngineEndpoint, { serverVersion }: DockerFacts): ToolchainError {
  return new ToolchainError(
    "LAB_DOCKER_OLD",
    {
      en: `The Docker engine at ${url} is ${serverVersion}; the lab needs ${oldestEngine} or newer.`,
      ja: `${url} のDockerエンジンは${serverVersion}です。ラボには${oldestEngine}以降が必要です。`,
    },
    {
      exit: 4,
      hint: {
        en: "bring that engine up to date, or point DOCKER_HOST to a newer one; ./lab doctor looks at it",
        ja: "エンジンを更新するか、DOCKER_HOSTで新しいエンジンを指定してください（./lab doctor で確認できます）",
      },
    },
  );
}

async function findEngine(
  endpoints: readonly EngineEndpoint[],
  signal: AbortSignal,
): Promise<Engine | undefined> {
  let denied: EngineEndpoint | undefined;
  for (const endpoint of endpoints) {
    const answer = await askEngine(endpoint, signal);
    if (answer.kind === "answers") {
      if (isOldEngine(answer.facts)) throw tooOld(endpoint, answer.facts);
      return { endpoint, facts: answer.facts };
    }
    if (endpoint.isExplicit && answer.kind === "silent") {
      throw new ToolchainError(
        answer.failure?.code ?? "LAB_DOCKER_SILENT",
        {
          en: `No Docker engine answers at ${endpoint.url} (${endpoint.source}): ${answer.reason.en}.`,
          ja: `${endpoint.url}（${endpoint.source}）のDockerエンジンが応答しません: ${answer.reason.ja}。`,
        },
        {
          exit: 4,
          hint: answer.failure?.hint ?? {
            en: "Start that engine, or unset DOCKER_HOST and DOCKER_CONTEXT to use this machine's.",
            ja: "そのエンジンを起動するか、DOCKER_HOSTとDOCKER_CONTEXTを外して、このマシンのエンジンを使ってください。",
          },
        },
      );
    }
    if (answer.kind === "denied") denied ??= endpoint;
  }
  if (denied) {
    const joinGroup = `sudo usermod -aG docker ${os.userInfo().username}`;
    throw new ToolchainError(
      "LAB_DOCKER_DENIED",
      {
        en: `A Docker engine runs at ${denied.url}, and this user may not use it.`,
        ja: `${denied.url} でDockerエンジンが動いていますが、このユーザーには使う権限がありません。`,
      },
      {
        exit: 4,
        hint: {
          en: `${joinGroup}, then log in again (or: newgrp docker)`,
          ja: `${joinGroup} のあと、ログインし直してください（または newgrp docker）`,
        },
      },
    );
  }
  return undefined;
}
