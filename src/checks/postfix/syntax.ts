import type { Check } from "../check.ts";
import { notYet, passed, wrong } from "../verdict.ts";
import { notInstalled, placeOf, unusedParameters } from "./parameter.ts";

const expected = { en: "postfix check says nothing", ja: "postfix check が何も表示しない" };

/** `postfix check`: main.cf and master.cf can be read, and every name in them means something. */
export const syntax: Check = {
  id: "6.04/syntax",
  title: { en: "main.cf has no mistake in its writing", ja: "main.cfの書式" },
  // A name that is misspelt is that parameter's own line.
  needs: [
    "6.02/myhostname",
    "6.02/mydomain",
    "6.02/inet_interfaces",
    "6.02/mydestination",
    "6.02/mynetworks",
    "6.03/smtpd_sasl_auth_enable",
    "6.03/smtpd_sasl_type",
    "6.03/smtpd_sasl_path",
    "6.03/smtpd_recipient_restrictions",
  ],
  after: ["6.02/mydomain", "6.02/mynetworks", "6.03/smtpd_sasl_auth_enable"],
  judge: ({ seen }) => {
    const { postfix } = seen;
    if (postfix === undefined) return notInstalled(expected);
    const [unused] = unusedParameters(postfix);
    if (unused !== undefined) {
      return wrong({
        cause: "unused-parameter",
        observed: postfix.complaints.find((line) => line.includes(`unused parameter: ${unused}`)) ?? unused,
        expected,
        where: placeOf(postfix, unused),
        hint: {
          en: `Nothing in Postfix is called ${unused}: correct its name.`,
          ja: `${unused} というパラメータは使われていません。名前を確かめます。`,
        },
      });
    }
    const isDouble = (line: string): boolean => line.includes("overriding earlier entry");
    const trouble = postfix.complaints.find((line) => /fatal|error|warning/.test(line) && !isDouble(line));
    if (trouble === undefined) {
      const double = postfix.complaints.find(isDouble);
      return double === undefined
        ? passed()
        : passed({
            en: `A parameter is set twice, and the last line counts: ${double}`,
            ja: `同じパラメータが2回設定されています（後の行が有効です）: ${double}`,
          });
    }
    const failure = {
      cause: "configuration-unreadable",
      observed: trouble,
      expected,
      where: trouble.replace(/^.*?(\/etc\/postfix\/\S+?)(?:, line |: line |:)(\d+).*$/, "$1:$2").slice(0, 60),
      hint: {
        en: "sudo postfix check names file and line.",
        ja: "sudo postfix check がファイルと行を示します。",
      },
    } as const;
    return /No such file/.test(trouble) ? notYet(failure) : wrong(failure);
  },
};
