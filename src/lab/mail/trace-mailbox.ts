import { LabError } from "../../model/lab-error.ts";
import { administrator } from "../../model/lab-secrets.ts";
import { accountOf } from "../../model/trace/mail-trace-visits.ts";
import type { MailboxFinding, MailTrace, TraceEvent } from "../../model/trace/mail-trace.ts";
import { onHost } from "../access/connect.ts";
import type { LabContext } from "../lab-context.ts";
import { hostNamed, type LabOutputs } from "../stack/lab-outputs.ts";

/**
 * Looks through a user's mailboxes for the Message-ID on its standard input: where Postfix delivers, where the mail
 * command moves what was read, Dovecot's folders, a Maildir. Says for each message found its format, its `Status:`
 * (or a Maildir's flags) and the file. `noatime`, for a shell tells by the file's time of access that there is new mail.
 */
const lookScript = String.raw`
read -r wanted
export wanted
for file in "/var/mail/$USER" "$HOME/mbox" "$HOME"/mail/*; do
  test -f "$file" && test -r "$file" || continue
  export file
  dd if="$file" iflag=noatime bs=64k status=none | awk '
    /^From / && (NR == 1 || isBlank) { isHead = 1; isFound = 0; status = "-"; isId = 0; isBlank = 0; next }
    isHead && $0 == "" { isHead = 0; if (isFound) print "mbox\t" status "\t" ENVIRON["file"] }
    isHead && !/^[ \t]/ { isId = tolower($0) ~ /^message-id:/ }
    isHead && isId && index($0, ENVIRON["wanted"]) { isFound = 1 }
    isHead && /^Status:/ { status = $2 }
    { isBlank = $0 == "" }'
done
test -d "$HOME/Maildir" && grep -rlF -e "$wanted" "$HOME/Maildir" | while read -r file; do
  printf 'maildir\t%s\t%s\n' "$(printf '%s' "$file" | sed -n 's/.*:2,//p')-" "$file"
done
exit 0
`;

/** What the mailboxes that a mail went to show of it now. */
export async function lookIntoMailboxes(
  context: LabContext,
  outputs: LabOutputs,
  { messageId, events }: MailTrace,
): Promise<readonly TraceEvent[]> {
  const places = new Map(
    events.flatMap((event) => {
      if (event.kind !== "delivered" || event.isNotification === true) return [];
      if (event.into !== "mailbox" && event.into !== "maildir") return [];
      const user = accountOf(event.to);
      return [[`${event.host}/${user}`, { host: event.host, user }] as const];
    }),
  );
  return await Promise.all(
    [...places.values()].map(async ({ host, user }): Promise<TraceEvent> => {
      const finding = await look(context, outputs, { host, user, messageId });
      return { kind: "mailbox-looked-at", atMs: Date.now(), host, user, finding };
    }),
  );
}

async function look(
  { signal }: LabContext,
  outputs: LabOutputs,
  { host: name, user, messageId }: { host: string; user: string; messageId: string | undefined },
): Promise<MailboxFinding> {
  const host = hostNamed(outputs, name);
  if (messageId === undefined) return { is: "unknown", why: "no-message-id" };
  if (!host.users.includes(user) && user !== administrator) return { is: "unknown", why: "no-login" };
  try {
    return await onHost(outputs, host, { user, signal }, async (connection) => {
      const command = `exec sh -c '${lookScript.replaceAll("'", String.raw`'\''`)}'`;
      const { stdout } = await connection.run(command, { stdin: `${messageId}\n`, signal });
      return findingIn(stdout);
    });
  } catch (error) {
    if (signal.aborted || !(error instanceof LabError)) throw error;
    return { is: "unknown", why: error.code };
  }
}

/** What the script said; the last message of that name where there are several. */
function findingIn(printed: string): MailboxFinding {
  const last = printed
    .split("\n")
    .filter((line) => line !== "")
    .at(-1);
  if (last === undefined) return { is: "gone" };
  const [format, flags = "", path = ""] = last.split("\t");
  if (format === "maildir") {
    const isNew = path.includes("/new/");
    return { is: "there", path, state: flags.includes("S") ? "read" : isNew ? "new" : "seen" };
  }
  const state = flags.includes("R") ? "read" : flags.includes("O") ? "seen" : "new";
  return { is: "there", path, state };
}
