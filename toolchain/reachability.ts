import { sameText, type LocalText } from "./local-text.ts";

const bodyLimitBytes = 64 * 1024;

/** A site that the toolchain downloads from, and how its own answer is told from a school's block page. */
export interface Site {
  readonly name: string;
  readonly url: string;
  readonly isOwnAnswer: (answer: SiteAnswer) => boolean;
}

/** What came back from a site. */
interface SiteAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Whether a site was reached, and why not. */
export interface Reachability {
  readonly isReachable: boolean;
  readonly reason: LocalText;
}

/** Asks `site` once, with one short deadline for everything; it never throws but for `signal`. */
export async function probeSite(
  site: Site,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<Reachability> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetch(site.url, { signal: AbortSignal.any([deadline, signal]) });
    const body = (await response.text()).slice(0, bodyLimitBytes);
    const isOwn = site.isOwnAnswer({ status: response.status, headers: response.headers, body });
    return {
      isReachable: isOwn,
      reason: isOwn
        ? { en: "answers", ja: "応答あり" }
        : {
            en: `something else answers in its place (status ${response.status})`,
            ja: `別のものが応答しています: 状態コード${response.status}`,
          },
    };
  } catch (error) {
    signal.throwIfAborted();
    return {
      isReachable: false,
      reason: deadline.aborted
        ? {
            en: `no answer within ${deadlineMs / 1000} s`,
            ja: `${deadlineMs / 1000}秒以内に応答がありません`,
          }
        : rootCause(error),
    };
  }
}

/** `fetch failed` says nothing; the innermost cause does (`ENOTFOUND`). */
function rootCause(error: unknown): LocalText {
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  return sameText(cause instanceof Error ? cause.message || cause.name : String(cause));
}
