import type { Check } from "../check.ts";
import { notYet, passed, wrong } from "../verdict.ts";

const file = "/etc/aliases";
/** newaliases may write the database in the same moment as an editor the file. */
const toleranceMs = 50;

/** The alias database has been built from /etc/aliases as it is now. */
export const aliases: Check = {
  id: "6.05/aliases",
  title: { en: "the alias database is built", ja: "メールエイリアスのデータベース" },
  // Where Postfix can't read its configuration, postalias says nothing.
  needs: ["6.01/packages", "6.01/mailname", "6.02/inet_interfaces", "6.04/syntax"],
  judge: ({ host, seen }) => {
    const { text, textChangedMs, databaseChangedMs, postmaster } = seen.aliases;
    const expected = {
      en: "/etc/aliases.db, younger than /etc/aliases",
      ja: "/etc/aliases より新しい /etc/aliases.db",
    };
    const hint = { en: "sudo newaliases", ja: "sudo newaliases" };
    const broken = text === undefined ? undefined : brokenLine(text);
    if (broken !== undefined) {
      return wrong({
        cause: "alias-file-broken",
        observed: broken.text,
        expected: { en: "name: address", ja: "名前: 宛先" },
        where: `${file}:${broken.line}`,
        hint: {
          en: "Correct the line, then sudo newaliases.",
          ja: "この行を直してから sudo newaliases を行います。",
        },
      });
    }
    if (databaseChangedMs === undefined || text === undefined) {
      const failure = {
        cause: "alias-database-missing",
        observed:
          text === undefined
            ? { en: "no /etc/aliases", ja: "/etc/aliasesがありません" }
            : { en: "no /etc/aliases.db", ja: "/etc/aliases.dbがありません" },
        expected,
        where: `ls -l ${file}*`,
        hint,
      } as const;
      return notYet(failure);
    }
    if ((textChangedMs ?? 0) > databaseChangedMs + toleranceMs) {
      return notYet({
        cause: "alias-database-old",
        observed: {
          en: "/etc/aliases is younger than its database",
          ja: "/etc/aliasesの変更がデータベースに反映されていません",
        },
        expected,
        where: `ls -l --time-style=full-iso ${file}*`,
        hint,
      });
    }
    const taken = host.users.find((user) => new RegExp(`^"?${user}"?\\s*:`, "im").test(text));
    if (taken !== undefined) {
      return wrong({
        cause: "alias-takes-mail",
        observed: {
          en: `an alias takes ${taken}'s mail elsewhere`,
          ja: `エイリアスで${taken}宛のメールが別の宛先に変わります`,
        },
        expected: { en: `no alias ${taken}`, ja: `エイリアス ${taken} がない` },
        where: `${file}:${text.split("\n").findIndex((line) => new RegExp(`^"?${taken}"?\\s*:`, "i").test(line)) + 1}`,
        hint: {
          en: "Take the line out, then sudo newaliases.",
          ja: "この行を消してから sudo newaliases を行います。",
        },
      });
    }
    if (postmaster === undefined && /^postmaster\s*:/im.test(text)) {
      return wrong({
        cause: "alias-file-broken",
        observed: { en: "the database does not know postmaster", ja: "データベースにpostmasterがありません" },
        expected: "postmaster: root",
        where: "postalias -q postmaster hash:/etc/aliases",
        hint,
      });
    }
    return passed();
  },
};

/** The first line that is no `name: value`, no continuation and no comment (aliases(5)). */
function brokenLine(text: string): { readonly line: number; readonly text: string } | undefined {
  let isContinued = false;
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (/^\s/.test(line) && isContinued) continue;
    if (!/^("[^"]+"|[^\s:#]+)\s*:\s*\S/.test(line)) return { line: index + 1, text: line };
    isContinued = true;
  }
  return undefined;
}
