import http from "node:http";

import { hasErrorCode } from "../exclusive-lock.ts";
import { sameText, type LocalText } from "../local-text.ts";
import { findOnPath } from "../on-path.ts";
import { runTool } from "../tool-command.ts";
import { failureReason, ToolchainError } from "../toolchain-error.ts";
import { parseDockerFacts, type DockerFacts } from "./docker-facts.ts";
import type { EngineEndpoint } from "./engine-endpoints.ts";

const localDeadlineMs = 3000;
/** An engine behind ssh or TLS is asked by the docker command, which has to connect first. */
const remoteDeadlineMs = 10_000;

/** What an engine said when it was asked who it is. */
export type EngineAnswer =
  | { readonly kind: "answers"; readonly facts: DockerFacts }
  | { readonly kind: "denied" }
  | { readonly kind: "silent"; readonly reason: LocalText };

/**
 * Asks the engine at `endpoint` for its facts, within a deadline; it never throws but for `signal`.
 *
 * @param deadlineMs - how long an engine of this machine may be silent.
 */
export async function askEngine(
  endpoint: EngineEndpoint,
  signal: AbortSignal,
  deadlineMs = localDeadlineMs,
): Promise<EngineAnswer> {
  try {
    const info = endpoint.url.startsWith("unix://")
      ? (await getFromSocket(endpoint.url, "/info", signal, deadlineMs)).body
      : await infoByClient(endpoint, signal);
    const facts = parseDockerFacts(info);
    return facts
      ? { kind: "answers", facts }
      : {
          kind: "silent",
          reason: {
            en: "what answers there is no Docker engine",
            ja: "応答しているのはDockerエンジンではありません",
          },
        };
  } catch (error) {
    signal.throwIfAborted();
    if (hasErrorCode(error, "EACCES")) return { kind: "denied" };
    return { kind: "silent", reason: reasonOf(error) };
  }
}

/** The image's id on the engine, or undefined where it is not there. */
export async function findImage(
  endpoint: EngineEndpoint,
  reference: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (endpoint.url.startsWith("unix://")) {
    const { status, body } = await getFromSocket(
      endpoint.url,
      `/images/${encodeURIComponent(reference)}/json`,
      signal,
    );
    if (status !== 200 || typeof body !== "object" || body === null || !("Id" in body)) return undefined;
    return String(body.Id);
  }
  try {
    const args = ["image", "inspect", "--format", "{{.Id}}", reference];
    return (await runTool("docker", args, { signal, timeoutMs: remoteDeadlineMs })).trim();
  } catch (error) {
    if (error instanceof ToolchainError) return undefined;
    throw error;
  }
}

async function infoByClient(endpoint: EngineEndpoint, signal: AbortSignal): Promise<unknown> {
  if (findOnPath("docker", process.env["PATH"] ?? "").length === 0) {
    throw new ToolchainError("LAB_NO_DOCKER_CLIENT", {
      en: `the docker command is needed to reach ${endpoint.url}`,
      ja: `${endpoint.url} への接続にはdockerコマンドが必要です`,
    });
  }
  // The context itself, and not its address: it may hold certificates.
  const context = /^context (.*)$/.exec(endpoint.source)?.[1];
  const args = [...(context === undefined ? [] : ["--context", context]), "info", "--format", "{{json .}}"];
  return JSON.parse(await runTool("docker", args, { signal, timeoutMs: remoteDeadlineMs }));
}

function getFromSocket(
  url: string,
  path: string,
  signal: AbortSignal,
  deadlineMs = localDeadlineMs,
): Promise<{ status: number; body: unknown }> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const tooLate = {
    en: `no answer within ${deadlineMs / 1000} s`,
    ja: `${deadlineMs / 1000}秒以内に応答がありません`,
  };
  return new Promise((resolve, reject) => {
    const request = http.get(
      {
        socketPath: url.slice("unix://".length),
        path,
        headers: { host: "docker" },
        signal: AbortSignal.any([signal, deadline]),
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          try {
            const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
            resolve({ status: response.statusCode ?? 0, body });
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      },
    );
    request.on("error", (error) => {
      reject(deadline.aborted ? new ToolchainError("LAB_DOCKER_SILENT", tooLate) : error);
    });
  });
}

function reasonOf(error: unknown): LocalText {
  if (hasErrorCode(error, "ENOENT")) return { en: "no socket there", ja: "ソケットがありません" };
  if (hasErrorCode(error, "ECONNREFUSED")) {
    return { en: "nothing listens there", ja: "待ち受けているものがありません" };
  }
  const lastWords = error instanceof ToolchainError ? error.details.at(-1) : undefined;
  return lastWords === undefined ? failureReason(error) : sameText(lastWords.replace(/[.?]$/, ""));
}
