import type { Check } from "../check.ts";
import { notYet, passed, wrong } from "../verdict.ts";

const expected = { en: "doveconf -n shows the settings", ja: "doveconf -n で設定が表示される" };

/** Dovecot can read its configuration. */
export const dovecotSyntax: Check = {
  id: "6.11/syntax",
  title: { en: "Dovecot's files have no mistake in their writing", ja: "Dovecotの設定ファイルの書式" },
  // A name that is misspelt is that setting's own line.
  needs: [
    "6.08/mail_location",
    "6.08/mail_privileged_group",
    "6.08/mail_access_groups",
    "6.09/disable_plaintext_auth",
    "6.10/ssl",
  ],
  judge: ({ seen }) => {
    if (seen.dovecot === undefined) {
      return notYet({
        cause: "not-installed",
        observed: { en: "Dovecot is not installed", ja: "Dovecotがインストールされていません" },
        expected,
        where: "dpkg -s dovecot-imapd",
        hint: { en: "First step 6.01.", ja: "先に6.01を行います。" },
      });
    }
    const { complaint } = seen.dovecot;
    if (complaint === undefined) return passed();
    const [, file, line] = /(\/etc\/dovecot\/\S+?),? (?:line |:)(\d+)/.exec(complaint) ?? [];
    return wrong({
      cause: "configuration-unreadable",
      observed: complaint,
      expected,
      where: file === undefined || line === undefined ? "doveconf -n" : `${file}:${line}`,
      hint: {
        en: "Correct the line; until then Dovecot does not start.",
        ja: "この行を直します。直すまでDovecotは起動できません。",
      },
    });
  },
};
