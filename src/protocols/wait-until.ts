import { setTimeout as pause } from "node:timers/promises";
import { LabError } from "../model/lab-error.ts";
import type { Text } from "../model/text.ts";
import { Deadline } from "./deadline.ts";
import { formatSeconds } from "./protocol-error.ts";

/** What is waited for, and how long. */
export interface Wait {
  /** What is waited for and where: `<id> in /var/mail/user2 on host2`. */
  awaited: string;
  /** 30 s unless given. */
  deadlineMs?: number;
  /** Time between two looks; 0.1 s unless given. */
  intervalMs?: number;
  signal?: AbortSignal;
}

const WAITING_BUDGET_MS = 30_000;
const LOOK_INTERVAL_MS = 100;

/**
 * Looks again and again until the look finds something.
 *
 * @param look gives what it found, or `undefined`; what it throws ends the wait
 * @throws LabError `LAB_WAIT_OVER`: "waiting for … : not there after 10 s"
 */
export async function waitUntil<T>(wait: Wait, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = new Deadline(wait.deadlineMs ?? WAITING_BUDGET_MS, wait.signal);
  const over = (observed: Text) => {
    const { awaited } = wait;
    const { en, ja } = formatSeconds(deadline.budgetMs);
    return deadline.isOver
      ? new LabError("LAB_WAIT_OVER", {
          en: `waiting for ${awaited}: not there after ${en}`,
          ja: `${awaited} を待っていましたが、${ja}たってもありません`,
        })
      : new LabError("LAB_WAIT_STOPPED", {
          en: `waiting for ${awaited}: ${observed.en}`,
          ja: `${awaited} の待機: ${observed.ja}`,
        });
  };
  for (;;) {
    const found = await deadline.race(look(), over);
    if (found !== undefined) return found;
    await deadline.race(pause(wait.intervalMs ?? LOOK_INTERVAL_MS), over);
  }
}
