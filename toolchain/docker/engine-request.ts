import http from "node:http";

import { hasErrorCode } from "../exclusive-lock.ts";
import { sameText, type LocalText } from "../local-text.ts";
import { failureReason, ToolchainError } from "../toolchain-error.ts";
import { explainDialFailure, type DialFailure } from "./dial-failure.ts";
import { parseDockerFacts, type DockerFacts } from "./docker-facts.ts";
import { EngineDialError, engineConnection } from "./engine-dial.ts";
import type { EngineEndpoint } from "./engine-endpoints.ts";
import { engineRoute, isElsewhere } from "./engine-route.ts";

const localDeadlineMs = 3000;
/** Time that an engine on another machine has more, which has to be connected to first. */
const connectingMs = 12_000;

/** What an engine said when it was asked who it is. */
export type EngineAnswer =
  | { readonly kind: "answers"; readonly facts: DockerFacts }
  | { readonly kind: "denied" }
  | { readonly kind: "silent"; readonly reason: LocalText; readonly failure?: DialFailure };

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
  if (engineRoute(endpoint.url) === undefined) {
    return { kind: "silent", reason: { en: "that names no engine", ja: "エンジンの名前ではありません" } };
  }
  try {
    const { body } = await getFromEngine(endpoint.url, "/info", signal, deadlineMs);
    const facts = parseDockerFacts(body);
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
    if (!(error instanceof EngineDialError)) return { kind: "silent", reason: reasonOf(error) };
    const failure = explainDialFailure(endpoint.url, error.words);
    return { kind: "silent", reason: failure.reason, failure };
  }
}

/** The image's id on the engine, or undefined where it is not there. */
export async function findImage(
  endpoint: EngineEndpoint,
  reference: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = `/images/${encodeURIComponent(reference)}/json`;
  const { status, body } = await getFromEngine(endpoint.url, path, signal);
  if (status !== 200 || typeof body !== "object" || body === null || !("Id" in body)) return undefined;
  return String(body.Id);
}

function getFromEngine(
  engine: string,
  path: string,
  signal: AbortSignal,
  patienceMs = localDeadlineMs,
): Promise<{ status: number; body: unknown }> {
  const route = engineRoute(engine);
  if (route === undefined) return Promise.reject(new Error(`${engine} names no engine`));
  const deadlineMs = patienceMs + (isElsewhere(engine) ? connectingMs : 0);
  const deadline = AbortSignal.timeout(deadlineMs);
  const tooLate = {
    en: `no answer within ${deadlineMs / 1000} s`,
    ja: `${deadlineMs / 1000}秒以内に応答がありません`,
  };
  return new Promise((resolve, reject) => {
    const request = http.get(
      {
        // Asked once: only a connection to another machine is worth keeping.
        agent: false,
        ...engineConnection(route),
        protocol: "http:",
        path,
        headers: { host: "docker" },
        signal: AbortSignal.any([signal, deadline]),
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
