import { deliveryIn } from "../../model/mail/mail-log.ts";
import type { Check, Verdict } from "../check.ts";
import { othersMailsIn } from "../crossing.ts";
import type { MailboxObservation, Scene } from "../observation.ts";
import { passed, wrong } from "../verdict.ts";

/** Each user's mailbox, as far as it is there, can be written by Postfix and read by its owner alone. */
export const mailbox: Check = {
  id: "6.07/mailbox",
  title: { en: "the mailboxes are their owners'", ja: "メールボックスの所有者と権限" },
  needs: ["6.05/account"],
  after: ["6.05/account"],
  judge: (scene) => {
    const verdicts = scene.host.users.map((user) => judgeMailbox(user, scene, scene.seen.mailboxes[user]));
    return verdicts.find(({ status }) => status !== "passed") ?? passed();
  },
};

function judgeMailbox(user: string, scene: Scene, found: MailboxObservation | undefined): Verdict {
  if (found === undefined) return passed();
  const { path, kind, owner, mode } = found;
  const where = `ls -ld ${path}`;
  const expected = {
    en: `a file, owner ${user}, mode 0600 or 0660`,
    ja: `ファイル、所有者 ${user}、モード 0600 または 0660`,
  };
  if (kind === "missing") {
    if (!hasKeptMail(user, scene)) return passed();
    const mend = `sudo install -o ${user} -g mail -m 0600 /dev/null ${path}`;
    return wrong({
      cause: "mailbox-gone",
      observed: {
        en: `mail was delivered, and ${path} is gone`,
        ja: `メールは配送されたのに ${path} がありません`,
      },
      expected,
      where,
      hint: {
        en: `The next mail makes a new one, or ${mend}`,
        ja: `次のメールで新しく作られます。すぐ作るには ${mend}`,
      },
    });
  }
  const observed = {
    en: `${kind}, owner ${owner}, mode ${mode}`,
    ja: `${kind === "file" ? "ファイル" : "ファイル以外"}、所有者 ${owner}、モード ${mode}`,
  };
  if (kind === "other") {
    return wrong({
      cause: "mailbox-no-file",
      observed,
      expected,
      where,
      hint: {
        en: `Move ${path} away; the next mail makes a file.`,
        ja: `${path} を別の場所へ移します。次のメールでファイルが作られます。`,
      },
    });
  }
  if (owner !== user) {
    return wrong({
      cause: "mailbox-owner",
      observed,
      expected,
      where,
      hint: { en: `sudo chown ${user} ${path}`, ja: `sudo chown ${user} ${path}` },
    });
  }
  // Others have no business here, and Postfix does not deliver where the owner may not write.
  if (!/[0-7][67][0-7]0$/.test(mode)) {
    return wrong({
      cause: "mailbox-mode",
      observed,
      expected,
      where,
      hint: { en: `sudo chmod 0600 ${path}`, ja: `sudo chmod 0600 ${path}` },
    });
  }
  return passed();
}

/** Whether the log knows of a mail that went to this mailbox and was not the check's own. */
function hasKeptMail(user: string, { seen, host }: Scene): boolean {
  return othersMailsIn(seen.mailLog ?? []).some(({ lines }) =>
    lines.some((line) => {
      const delivery = deliveryIn(line);
      return (
        delivery?.status === "sent" &&
        delivery.reason.includes("delivered to mailbox") &&
        delivery.to === `${user}@${host.domain}`
      );
    }),
  );
}
