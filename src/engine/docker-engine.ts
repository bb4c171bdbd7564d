import Docker from "dockerode";
import { explainDialFailure } from "../../toolchain/docker/dial-failure.ts";
import { EngineDialError, engineConnection } from "../../toolchain/docker/engine-dial.ts";
import { engineRoute, isElsewhere, type EngineRoute } from "../../toolchain/docker/engine-route.ts";
import { LabError, exitCode } from "../model/lab-error.ts";

/** Time for an answer to a question. */
const answerDeadlineMs = 5000;
/** Time that an engine on another machine has more: for a login there by ssh, on a busy line. */
const connectingMs = 20_000;
/** Time for what the engine has to do something for: starting or removing a container on a busy machine. */
export const workDeadlineMs = 60_000;

/**
 * The dockerode client of an engine.
 *
 * @param host - as `DOCKER_HOST` has it, or a Docker context's name; empty for the machine's own socket.
 * @throws LabError `LAB_ENGINE_ADDRESS`
 */
export function dockerClient(host: string, timeout = answerDeadlineMs): Docker {
  const route = requireRoute(host);
  return new Docker({
    ...engineConnection(route),
    timeout: timeout + (isElsewhere(host) ? connectingMs : 0),
  });
}

/**
 * The way to an engine.
 *
 * @throws LabError `LAB_ENGINE_ADDRESS`
 */
export function requireRoute(host: string): EngineRoute {
  const route = engineRoute(host);
  if (route !== undefined) return route;
  throw new LabError(
    "LAB_ENGINE_ADDRESS",
    {
      en: `engine: ${host} is neither an address of an engine nor the name of a Docker context.`,
      ja: `engine: ${host} は、エンジンのアドレスでもDockerコンテキストの名前でもありません。`,
    },
    {
      hint: {
        en: "unix:///path, ssh://user@host, tcp://host:2376, or a name of docker context ls",
        ja: "unix:///パス、ssh://ユーザー@ホスト、tcp://ホスト:2376、または docker context ls にある名前",
      },
      exit: exitCode.usage,
    },
  );
}

/**
 * Runs a question to the engine.
 *
 * @param deadlineMs - how long the engine may be silent; more than usual where it works before it answers.
 * @throws LabError `LAB_ENGINE_NO_ANSWER`, or `LAB_ENGINE_REFUSED` with the engine's own sentence.
 */
export async function askEngine<Answer>(
  host: string,
  question: (docker: Docker) => Promise<Answer>,
  deadlineMs = answerDeadlineMs,
): Promise<Answer> {
  const docker = dockerClient(host, deadlineMs);
  try {
    return await question(docker);
  } catch (cause) {
    const where = host === "" ? "/var/run/docker.sock" : host;
    if (cause instanceof EngineDialError) throw notReached(where, cause);
    if (isUnreachable(cause)) {
      throw new LabError(
        "LAB_ENGINE_NO_ANSWER",
        {
          en: `The Docker engine at ${where} does not answer.`,
          ja: `Dockerエンジン（${where}）が応答しません。`,
        },
        { hint: { en: "docker info", ja: "docker info" }, exit: exitCode.unreachable, cause },
      );
    }
    if (!isRefusal(cause)) throw cause;
    throw new LabError(
      "LAB_ENGINE_REFUSED",
      {
        en: `The Docker engine refused: ${refusalOf(cause)}`,
        ja: `Dockerエンジンが拒否しました: ${refusalOf(cause)}`,
      },
      { hint: { en: "docker ps --all", ja: "docker ps --all" }, cause },
    );
  }
}

function notReached(where: string, cause: EngineDialError): LabError {
  const { code, reason, hint } = explainDialFailure(where, cause.words);
  return new LabError(
    code,
    {
      en: `The Docker engine at ${where} can't be reached: ${reason.en}.`,
      ja: `Dockerエンジン（${where}）に接続できません: ${reason.ja}。`,
    },
    { details: tailOf(cause.words), hint, exit: exitCode.unreachable, cause },
  );
}

const shownLines = 5;

function tailOf(words: string): readonly string[] {
  return words
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-shownLines);
}

/** An answer of the engine that is no success, as dockerode throws it. */
interface Refusal extends Error {
  readonly statusCode: number;
  readonly json?: { readonly message?: string };
}

function isRefusal(cause: unknown): cause is Refusal {
  return cause instanceof Error && "statusCode" in cause && typeof cause.statusCode === "number";
}

function refusalOf(cause: Refusal): string {
  return cause.json?.message ?? cause.message;
}

const unreachableCodes: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "EACCES",
  "ETIMEDOUT",
  "ECONNRESET",
]);

function isUnreachable(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && unreachableCodes.has(cause.code);
}
