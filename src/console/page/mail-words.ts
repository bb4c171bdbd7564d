import type { MailEvent } from "../api.ts";
import type { Text } from "../../model/text.ts";
import type { MailState } from "./stories.ts";
import { words } from "./words.ts";

/** How a mail stands, in a word or two. */
export const stateWords: Readonly<Record<MailState, Text>> = {
  queued: words.shortQueued,
  passed: words.shortPassed,
  delivered: words.shortDelivered,
  deferred: words.shortDeferred,
  bounced: words.shortBounced,
  rejected: words.shortRejected,
};

/** The badge's colour of each state. */
export const stateLooks: Readonly<Record<MailState, string>> = {
  queued: "not-yet",
  passed: "not-yet",
  delivered: "passed",
  deferred: "unknown",
  bounced: "wrong",
  rejected: "wrong",
};

/** The sign of each state, which tells it without its colour. */
export const stateSigns: Readonly<Record<MailState, string>> = {
  queued: "…",
  passed: "→",
  delivered: "✔",
  deferred: "⏸",
  bounced: "✖",
  rejected: "✖",
};

/** What happened, as a sentence begins. */
export const eventWords: Readonly<Record<MailEvent["kind"], Text>> = {
  queued: words.queued,
  passed: words.passed,
  delivered: words.delivered,
  deferred: words.deferred,
  bounced: words.bounced,
  rejected: words.rejected,
  removed: words.removed,
};
