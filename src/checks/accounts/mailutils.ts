import type { Check } from "../check.ts";
import { judgePackages } from "../packages.ts";
import { passed, wrong } from "../verdict.ts";

/** The command `mail`. */
export const mailutils: Check = {
  id: "6.06/mailutils",
  title: { en: "the command mail is there", ja: "mailコマンド" },
  judge: (scene) => {
    const { packages, mailProgram } = scene.seen;
    const isOther = packages["mailutils"] === undefined && mailProgram !== undefined;
    if (isOther) {
      return passed({
        en: `mail is ${mailProgram}; the book's comes from the package mailutils and looks a little different.`,
        ja: `mailは ${mailProgram} です。教科書はmailutilsのもので、表示が少し異なります。`,
      });
    }
    const verdict = judgePackages(scene, ["mailutils"], "sudo apt install mailutils");
    if (verdict.status !== "passed" || mailProgram !== undefined) return verdict;
    return wrong({
      cause: "program-missing",
      observed: {
        en: "mailutils is installed, and there is no command mail",
        ja: "mailutilsはありますが、mailコマンドがありません",
      },
      expected: "/usr/bin/mail",
      where: "command -v mail",
      hint: { en: "sudo apt install --reinstall mailutils", ja: "sudo apt install --reinstall mailutils" },
    });
  },
};
