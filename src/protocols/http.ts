import { Deadline } from "./deadline.ts";
import { describeCause, protocolError, statusHint } from "./protocol-error.ts";

/** Which server to ask. */
export interface HttpTarget {
  /** An IP address. */
  readonly address: string;
  readonly port: number;
  /** Time for the answer; 3 s unless given. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

const ANSWER_BUDGET_MS = 3_000;

/**
 * Asks a web server for its first page.
 *
 * @returns the status of its answer, 200 where all is well (RFC 9110, section 15).
 * @throws LabError `LAB_HTTP_NO_ANSWER`
 */
export async function firstPageStatus(target: HttpTarget): Promise<number> {
  const where = `${target.address}:${target.port}`;
  const deadline = new Deadline(target.deadlineMs ?? ANSWER_BUDGET_MS, target.signal);
  try {
    const answer = await fetch(`http://${where}/`, { signal: deadline.signal, redirect: "manual" });
    await answer.body?.cancel();
    return answer.status;
  } catch (cause) {
    throw protocolError({
      code: "LAB_HTTP_NO_ANSWER",
      what: { en: "asking for the page", ja: "ページの取得" },
      where,
      observed: deadline.isOver
        ? { en: "no answer in time", ja: "時間内に応答がありません" }
        : describeCause(cause instanceof Error && cause.cause !== undefined ? cause.cause : cause),
      ...(deadline.isOver ? { budgetMs: deadline.budgetMs } : {}),
      hint: statusHint,
      cause,
    });
  }
}
