import Docker from "dockerode";
import { LabError, exitCode } from "../model/lab-error.ts";

const answerDeadlineMs = 5000;
const dockerTlsPort = 2376;

/** The dockerode client of an engine; `host` as `DOCKER_HOST` has it, empty for the machine's own socket. */
export function dockerClient(host: string): Docker {
  const timeout = answerDeadlineMs;
  if (host === "") return new Docker({ socketPath: "/var/run/docker.sock", timeout });
  const url = new URL(host);
  if (url.protocol === "unix:") return new Docker({ socketPath: url.pathname, timeout });
  if (url.protocol === "tcp:") {
    return new Docker({ host: url.hostname, port: Number(url.port || dockerTlsPort), timeout });
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

/** Runs a question to the engine; where it does not answer, says so instead of the socket's own words. */
export async function askEngine<Answer>(
  host: string,
  question: (docker: Docker) => Promise<Answer>,
): Promise<Answer> {
  const docker = dockerClient(host);
  try {
    return await question(docker);
  } catch (cause) {
    if (!isUnreachable(cause)) throw cause;
    const where = host === "" ? "/var/run/docker.sock" : host;
    throw new LabError(
      "LAB_ENGINE_NO_ANSWER",
      {
        en: `The Docker engine at ${where} does not answer.`,
        ja: `Dockerエンジン（${where}）が応答しません。`,
      },
      { hint: { en: "docker info", ja: "docker info" }, exit: exitCode.unreachable, cause },
    );
  }
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
