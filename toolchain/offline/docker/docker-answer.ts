import { EngineDialError } from "../../docker/engine-dial.ts";
import { PluginError } from "../rpc/plugin-error.ts";

/** The HTTP status of Docker's answer, if the error is one. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** Docker's own words, without what the client library puts around them. */
export function answerOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const json: unknown = "json" in error ? error.json : undefined;
  if (typeof json === "object" && json !== null && "message" in json && typeof json.message === "string") {
    return json.message.trim();
  }
  return error.message;
}

/** Whether Docker says that the thing does not exist. */
export function isGone(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** The result of a look at one thing, or undefined where Docker says that there is none. */
export async function unlessGone<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw unreachable(error) ?? error;
  }
}

/** Errors of a connection, not of Docker. */
const connectionErrors: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "EACCES",
  "ECONNRESET",
  "ENOTFOUND",
]);

function unreachable(error: unknown): PluginError | undefined {
  if (error instanceof EngineDialError) {
    return new PluginError("OFFLINE_DOCKER_UNREACHABLE", `Docker does not answer: ${error.message}`, {
      hint: "See that ssh, or the docker command with its certificates, gets to that engine without a question.",
      cause: error,
    });
  }
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  if (!connectionErrors.has(error.code) || !("syscall" in error)) return undefined;
  return new PluginError("OFFLINE_DOCKER_UNREACHABLE", `Docker does not answer: ${error.message}`, {
    hint: "See that the Docker engine runs and that you may use it (docker version), and that DOCKER_HOST or the provider's host names it.",
    cause: error,
  });
}

/** A failed operation: what was attempted on which thing, Docker's answer, and the next step. */
export function refusal(code: string, attempt: string, error: unknown, hint?: string): PluginError {
  if (error instanceof PluginError) return error;
  return (
    unreachable(error) ??
    new PluginError(code, `${attempt}: ${answerOf(error)}`, {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    })
  );
}

/** Labels as a sentence shows them. */
export function describeLabels(labels: Readonly<Record<string, string>> | null | undefined): string {
  const entries = Object.entries(labels ?? {});
  if (entries.length === 0) return "no labels";
  return entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}
