import type { Problem } from "../api.ts";

/** Before a question is asked again that did not get through. */
const againMs = 500;

/** What an answer that is no success carries. */
export class AskError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.name = "AskError";
    this.problem = problem;
  }
}

/** The lab that this page is about, where it is not the console's own: `#lab=class-01`. */
export function wantedLab(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get("lab") ?? undefined;
}

/** An address of the console's server with the lab and more in its query. */
export function addressOf(path: string, query: Readonly<Record<string, string>> = {}): string {
  const lab = wantedLab();
  const all = new URLSearchParams({ ...(lab === undefined ? {} : { lab }), ...query });
  return all.size === 0 ? path : `${path}?${all}`;
}

/**
 * Asks the console's server.
 *
 * @throws AskError where it answers with a problem, TypeError where it does not answer.
 */
export async function ask<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const question = (): Promise<Response> => fetch(addressOf(path), { signal: signal ?? null });
  try {
    return await answerOf<Answer>(await question());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // A browser drops its questions when the machine's networks change, as they do with each lab that comes up.
    await new Promise((resolve) => setTimeout(resolve, againMs));
    return await answerOf<Answer>(await question());
  }
}

/**
 * Has the console's server do something.
 *
 * @throws AskError where it answers with a problem, TypeError where it does not answer.
 */
export async function tell<Answer>(path: string, form: object): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  return answerOf<Answer>(
    await fetch(addressOf(path), { method: "POST", headers, body: JSON.stringify(form) }),
  );
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as Answer;
  throw new AskError(isProblem(body) ? body : unknownProblem(response.status));
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "text" in body;
}

function unknownProblem(status: number): Problem {
  const text = {
    ja: `コンソールが状態${status}を返しました。`,
    en: `The console answered with status ${status}.`,
  };
  return { code: `HTTP ${status}`, text };
}
