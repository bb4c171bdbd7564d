import type { Text } from "../../model/text.ts";
import { settingCheck } from "./setting.ts";

/** A setting that has to name the group of /var/mail. */
function groupSetting(name: string, title: Text) {
  return settingCheck({
    step: "6.08",
    name,
    title,
    file: "/etc/dovecot/conf.d/10-mail.conf",
    bookValue: "mail",
    packageValues: [""],
    judge: (value) =>
      value.split(/[,\s]+/).includes("mail")
        ? {
            isRight: true,
            note: {
              en: `${name} = ${value} has mail in it; the book has mail alone.`,
              ja: `${name} = ${value} にはmailが含まれています。教科書では mail だけです。`,
            },
          }
        : {
            isRight: false,
            cause: "value-wrong",
            hint: { en: "/var/mail belongs to the group mail.", ja: "/var/mail のグループは mail です。" },
          },
  });
}

/** `mail_privileged_group`: the group by which Dovecot may put a lock beside a mailbox. */
export const mailPrivilegedGroup = groupSetting("mail_privileged_group", {
  en: "Dovecot may lock the mailboxes",
  ja: "mail_privileged_group（権限が必要な操作のグループ）",
});

/** `mail_access_groups`: the group that mail processes belong to. */
export const mailAccessGroups = groupSetting("mail_access_groups", {
  en: "Dovecot's mail processes are in the group mail",
  ja: "mail_access_groups（メールプロセスのグループ）",
});
