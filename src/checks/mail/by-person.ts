import type { Check } from "../check.ts";
import { hasSentByHand, isAppliedByStage } from "../person.ts";
import { notYet, passed } from "../verdict.ts";

/** Somebody has sent a mail with `mail` from this host's user to the other host's. */
export const sentByPerson: Check = {
  id: "6.07/by-person",
  title: { en: "somebody has sent with mail", ja: "mailコマンドで送信した" },
  needs: ["foundation/login@others"],
  judge: (scene) => {
    const { host, peer } = scene;
    if (isAppliedByStage(scene, "6.07") || hasSentByHand(scene)) return passed();
    const user = host.users[0] ?? "";
    const to = `${peer.host.users[0] ?? ""}@${peer.host.domain}`;
    return notYet({
      cause: "not-done-by-person",
      observed: {
        en: `no mail from ${user} of ${host.name} to ${to} yet`,
        ja: `${host.name}の${user}から${to}へのメールがまだありません`,
      },
      expected: {
        en: `a mail sent by ${user} with mail, arrived at ${to}`,
        ja: `${user}がmailで送り、${to}に届いたメール`,
      },
      where: "sudo grep postfix/ /var/log/mail.log",
      hint: {
        en: `./lab ssh ${user}@${host.name}, then mail ${to}; then read it on ${peer.host.name}.`,
        ja: `./lab ssh ${user}@${host.name} でログインして mail ${to} を実行し、${peer.host.name}で読みます。`,
      },
    });
  },
};
