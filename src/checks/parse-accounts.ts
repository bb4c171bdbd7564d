import type { AccountObservation, MailboxObservation, QueuedMailObservation } from "./observation.ts";

const dayMs = 86_400_000;

/** An account out of look-at-host.sh's sections `passwd`, `shadow`, `passwords` and `homes`. */
export function readAccount(
  user: string,
  lines: (name: string) => readonly string[],
  atMs: number,
): AccountObservation {
  const entry =
    lines("passwd")
      .find((line) => line.startsWith(`${user}:`))
      ?.split(":") ?? [];
  const shadow =
    lines("shadow")
      .find((line) => line.startsWith(`${user}:`))
      ?.split(":") ?? [];
  const [, , uid, , , home = "", shell = ""] = entry;
  const [, state, changedDay, maximumDays, expiryDay] = shadow;
  const password = lines("passwords").find((line) => line.startsWith(`${user} `));
  const today = atMs / dayMs;
  const isOver = (day: string | undefined, allowed = "0"): boolean =>
    day !== undefined && day !== "" && allowed !== "" && Number(day) + Number(allowed) < Math.floor(today);
  return {
    uid: uid === undefined ? undefined : Number(uid),
    home,
    shell,
    hasHome: lines("homes").includes(`${user} ${user} directory`),
    passwordState: state === "set" || state === "locked" ? state : "none",
    isLabPassword: password === undefined ? undefined : password.endsWith(" right"),
    isExpired: isOver(expiryDay) || isOver(changedDay, maximumDays ?? ""),
  };
}

/** A mailbox out of the section `mailboxes`. */
export function readMailbox(user: string, lines: readonly string[]): MailboxObservation {
  const path = `/var/mail/${user}`;
  const line = lines.find((candidate) => candidate.startsWith(`${user} `)) ?? "";
  const [, owner, mode, stamp, type] = /^\S+ (\S+) (\d+) (\d+ [\d.]+ [\d.]+) (.*)$/.exec(line) ?? [];
  if (owner === undefined || mode === undefined || stamp === undefined) {
    return { path, kind: "missing", owner: "", mode: "", stamp: "" };
  }
  const kind = type?.startsWith("regular") === true ? "file" : "other";
  return { path, kind, owner, mode: mode.padStart(4, "0"), stamp };
}

interface PostqueueEntry {
  readonly queue_name: string;
  readonly queue_id: string;
  readonly arrival_time: number;
  readonly sender: string;
  readonly recipients: readonly { readonly address: string; readonly delay_reason?: string }[];
}

/** A line of `postqueue -j`; whatever else a program in its place may say is none. */
export function readQueuedMail(line: string): readonly QueuedMailObservation[] {
  const entry = parseEntry(line);
  if (entry === undefined) return [];
  return [
    {
      queueId: entry.queue_id,
      queue: entry.queue_name,
      arrivedMs: entry.arrival_time * 1000,
      sender: entry.sender,
      recipients: entry.recipients.map(({ address, delay_reason: reason }) => ({ address, reason })),
    },
  ];
}

function parseEntry(line: string): PostqueueEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null && "recipients" in entry
      ? (entry as PostqueueEntry)
      : undefined;
  } catch {
    return undefined;
  }
}
