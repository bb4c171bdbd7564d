import { randomUUID } from "node:crypto";
import { afterEach, expect } from "vitest";
import type { EventWords } from "../../src/model/trace/mail-trace-phrases.ts";
import type { MailTrace, TraceEvent, TraceOutcome } from "../../src/model/trace/mail-trace.ts";
import type { Language } from "../../src/model/text.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { runLab } from "./lab-command.ts";
import { type HostUnderTest, labUnderTest, logIn, logInAsStep, runAsRoot, userOf } from "./lab-under-test.ts";

/** Longer than until Postfix tries a mail again that it had to put off (five minutes). */
export const fateDeadlineMs = 400_000;

/** What `./lab trace --json` prints. */
export type Told = Omit<MailTrace, "events"> & {
  readonly events: readonly (TraceEvent & { words: EventWords })[];
};

/** Runs `./lab trace --json`. */
async function runTrace(words: readonly string[]) {
  return await runLab(["trace", "--stack", labUnderTest().stack, "--json", ...words]);
}

/** What `./lab trace` tells; it has to go well. */
export async function trace(...words: string[]): Promise<Told> {
  const { exitCode, stdout, stderr } = await runTrace(words);
  expect(exitCode, stdout + stderr).toBe(0);
  return JSON.parse(stdout) as Told;
}

/** The trace of a mail once this has become of it. */
export async function traceOnce(messageId: string, outcome: TraceOutcome): Promise<Told> {
  return await traceWhere(messageId, outcome, () => true);
}

/** The same once all lines that a test needs are there: each host writes its own log, when it comes to it. */
export async function traceWhere(
  messageId: string,
  outcome: TraceOutcome,
  isWhole: (told: Told) => boolean,
): Promise<Told> {
  const awaited = `${messageId} to be ${outcome}, and all that tells of it`;
  return await waitUntil({ awaited, deadlineMs: fateDeadlineMs }, async () => {
    const { exitCode, stdout } = await runTrace([messageId]);
    // Its host may not have written a line of it yet.
    if (exitCode !== 0) return undefined;
    const told = JSON.parse(stdout) as Told;
    return told.outcome === outcome && isWhole(told) ? told : undefined;
  });
}

/** What `--last` tells once that is what was just done; a busy host's log may come a moment late. */
export async function lastOnce(outcome: TraceOutcome, via: "local" | "smtp", from?: string): Promise<Told> {
  const awaited = `the last event to be ${outcome}, ${via}, ${from ?? "of anybody"}`;
  return await waitUntil({ awaited, deadlineMs: fateDeadlineMs }, async () => {
    const told = await trace("--last");
    const isIt =
      told.outcome === outcome &&
      (from === undefined || told.from === from) &&
      (outcome !== "refused" || eventsOf(told, "refused").some(({ by }) => by.via === via));
    return isIt ? told : undefined;
  });
}

/** All that is said, in one language. */
export function saidOf(told: Told, language: Language): string {
  return told.events
    .flatMap(({ words }) => [words.what, ...words.more].map((text) => text[language]))
    .join("\n");
}

export function eventsOf<Kind extends TraceEvent["kind"]>(
  { events }: Told,
  kind: Kind,
): readonly (TraceEvent & { readonly kind: Kind })[] {
  return events.filter((event): event is typeof event & { readonly kind: Kind } => event.kind === kind);
}

/** Hands a mail to a host's sendmail, as a person's mail command does; gives its Message-ID. */
export async function hand(host: HostUnderTest, to: string): Promise<string> {
  const messageId = `${randomUUID()}@${host.domain}`;
  const mail = `Subject: fate\nMessage-ID: <${messageId}>\nTo: ${to}\n\nhello\n`;
  await using ssh = await logIn(host, userOf(host));
  const { exitCode, stderr } = await ssh.run(`/usr/sbin/sendmail -i ${to}`, { stdin: mail });
  expect(exitCode, stderr).toBe(0);
  return messageId;
}

/** What is to be put back, newest first. */
const restorings: (() => Promise<void>)[] = [];

/** Puts it back before the test's end. */
export async function undoChanges(): Promise<void> {
  while (restorings.length > 0) await restorings.pop()?.();
}

afterEach(undoChanges);

/** Changes something on a host as root; `undo` puts it back after the test. */
export async function change(host: HostUnderTest, command: string, undo: string): Promise<void> {
  const asRoot = async (line: string): Promise<void> => {
    await using ssh = await logInAsStep(host);
    const { exitCode, stderr } = await runAsRoot(ssh, `sh -ec '${line}'`);
    expect(exitCode, stderr).toBe(0);
  };
  restorings.push(() => asRoot(undo));
  await asRoot(command);
}
