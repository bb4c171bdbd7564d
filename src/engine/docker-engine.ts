import Docker from "dockerode";
import { LabError, exitCode } from "../model/lab-error.ts";

/** Time for an answer to a question. */
const answerDeadlineMs = 5000;
/** Time for what the engine has to do something for: starting or removing a container on a busy machine. */
export const workDeadlineMs = 60_000;
/** Docker's port for plain HTTP, the only kind of `tcp://` address that is spoken here. */
const dockerPort = 2375;

/** The dockerode client of an engine; `host` as `DOCKER_HOST` has it, empty for the machine's own socket. */
export function dockerClient(host: string, timeout = answerDeadlineMs): Docker {
  if (host === "") return new Docker({ socketPath: "/var/run/docker.sock", timeout });
  const url = new URL(host);
  if (url.protocol === "unix:") return new Docker({ socketPath: url.pathname, timeout });
  if (url.protocol === "tcp:") {
    return new Docker({ host: url.hostname, port: Number(url.port || dockerPort), timeout });
  }
  throw new LabError(
    "LAB_ENGINE_ADDRESS",
    {
      en: `engine: ${host} is an address of a kind that the lab can't use yet.`,
      ja: `engine: ${host} はまだ使えない種類のアドレスです。`,
    },
    {
      hint: { en: "unix:///path or tcp://host:port", ja: "unix:///パス か tcp://ホスト:ポート" },
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
