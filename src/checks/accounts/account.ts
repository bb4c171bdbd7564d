import type { Check, Verdict } from "../check.ts";
import type { AccountObservation } from "../observation.ts";
import { notYet, passed, wrong } from "../verdict.ts";

const shells = /\/(ba|da|z|k|c|tc|fi)?sh$/;

/** Every mail user has an account that a person can log in with, by the lab's password. */
export const account: Check = {
  id: "6.05/account",
  title: { en: "the mail users have their accounts", ja: "ユーザーのアカウント" },
  judge: ({ host, seen }) => {
    const verdicts = host.users.map((user) => judgeAccount(user, host.name, seen.accounts[user]));
    return verdicts.find(({ status }) => status !== "passed") ?? passed();
  },
};

function judgeAccount(user: string, hostName: string, account: AccountObservation | undefined): Verdict {
  const expected = {
    en: `account ${user} with the lab's password`,
    ja: `アカウント ${user}（パスワードはラボのもの）`,
  };
  if (account?.uid === undefined) {
    return notYet({
      cause: "account-missing",
      observed: { en: `there is no account ${user}`, ja: `アカウント ${user} がありません` },
      expected,
      where: `getent passwd ${user}`,
      hint: {
        en: `sudo adduser ${user}; ./lab passwords shows the password to type.`,
        ja: `sudo adduser ${user}（入力するパスワードは ./lab passwords で確認）`,
      },
    });
  }
  if (account.passwordState === "none") {
    return wrong({
      cause: "password-not-the-labs",
      observed: { en: `${user} has no password`, ja: `${user}にパスワードが設定されていません` },
      expected,
      where: `sudo passwd --status ${user}`,
      hint: { en: `sudo passwd ${user}`, ja: `sudo passwd ${user}` },
    });
  }
  if (account.passwordState === "locked") {
    return wrong({
      cause: "account-locked",
      observed: { en: `${user} is locked`, ja: `${user}がロックされています` },
      expected,
      where: `sudo passwd --status ${user}`,
      hint: { en: `sudo passwd --unlock ${user}`, ja: `sudo passwd --unlock ${user}` },
    });
  }
  if (account.isExpired) {
    return wrong({
      cause: "account-expired",
      observed: { en: `${user} has expired`, ja: `${user}の有効期限が切れています` },
      expected,
      where: `sudo chage --list ${user}`,
      hint: { en: `sudo chage --expiredate -1 ${user}`, ja: `sudo chage --expiredate -1 ${user}` },
    });
  }
  if (!shells.test(account.shell)) {
    return wrong({
      cause: "account-shell",
      observed: account.shell,
      expected: "/bin/bash",
      where: `getent passwd ${user}`,
      hint: { en: `sudo usermod --shell /bin/bash ${user}`, ja: `sudo usermod --shell /bin/bash ${user}` },
    });
  }
  if (!account.hasHome) {
    return wrong({
      cause: "home-missing",
      observed: {
        en: `${account.home} is missing or not ${user}'s`,
        ja: `${account.home} がないか、${user}のものではありません`,
      },
      expected: account.home,
      where: `ls -ld ${account.home}`,
      hint: {
        en: `sudo mkhomedir_helper ${user}, or sudo chown`,
        ja: `sudo mkhomedir_helper ${user}、または sudo chown`,
      },
    });
  }
  if (account.isLabPassword === false) {
    return wrong({
      cause: "password-not-the-labs",
      observed: {
        en: `${user}'s password is not the lab's`,
        ja: `${user}のパスワードがラボのものではありません`,
      },
      expected,
      where: `./lab passwords (${hostName} ${user})`,
      hint: {
        en: `./lab passwords shows it; sudo passwd ${user} sets it.`,
        ja: `./lab passwords で確認し、sudo passwd ${user} で設定します。`,
      },
    });
  }
  return passed();
}
