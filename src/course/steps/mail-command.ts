import type { Step } from "../step.ts";
import { enter, type Answer, type Keystroke, type TypedLine } from "../transcript.ts";
import type { MailHostPlan, Topology } from "../../model/topology.ts";
import { command, firstUser, indented, peerOf, perHost } from "./writing.ts";

/** adduser's questions on a person, which the chapter leaves unanswered. */
const personalQuestions = [
  "Full Name []:",
  "Room Number []:",
  "Work Phone []:",
  "Home Phone []:",
  "Other []:",
];

function newAccount(host: MailHostPlan, user: string): TypedLine {
  const password: readonly Keystroke[] = [{ passwordOf: user }, enter];
  const answers: readonly Answer[] = [
    { prompt: "New password:", typed: password },
    { prompt: "Retype new password:", typed: password },
    ...personalQuestions.map((prompt) => ({ prompt, typed: [enter] })),
    { prompt: "Is the information correct? [Y/n]", typed: [enter] },
  ];
  return command(host, `sudo adduser ${user}`, answers);
}

function sent(from: MailHostPlan, to: MailHostPlan): TypedLine {
  const user = firstUser(from);
  return {
    ...{ kind: "command", host: from.name, user },
    line: `mail ${firstUser(to)}@${to.domain}`,
    answers: [
      { prompt: "Cc:", typed: [enter] },
      { prompt: "Subject:", typed: [`Test mail from ${user}`, enter] },
      // What comes too early for a line is shown twice, and Ctrl-D is lost.
      {
        prompt: `Test mail from ${user}`,
        atNextLine: true,
        typed: [`This is test mail from ${user}`, enter],
      },
      { prompt: `This is test mail from ${user}`, atNextLine: true, typed: [{ key: "Ctrl-D" }] },
    ],
  };
}

/** Versions differ in the mail command's own prompt. */
const atMail = { prompt: "? ", otherPrompt: "& " };

function read(host: MailHostPlan): TypedLine {
  return {
    ...{ kind: "command", host: host.name, user: firstUser(host), line: "mail" },
    answers: [
      { ...atMail, typed: ["1", enter] },
      { ...atMail, typed: ["q", enter] },
    ],
  };
}

/** Each host's user writes to the next host's, who reads the mail. */
function bothDirections(topology: Topology): readonly TypedLine[] {
  return perHost(topology, (host) => {
    const peer = peerOf(topology, host);
    return [sent(host, peer), read(peer)];
  });
}

function addresses({ hosts }: Topology): readonly string[] {
  return hosts.map(
    ({ name, domain, users }) => `${name}: ${users.map((user) => `${user}@${domain}`).join(", ")}`,
  );
}

/** The sections on accounts and the mail command. */
export const mailCommandSteps: readonly Step[] = [
  {
    id: "6.05",
    title: { ja: "アカウントの作成", en: "Make the accounts" },
    task: (topology) => ({
      ja: `メールを使う人のアカウントをadduserで作成し、メールエイリアスのデータベースを構築します。\n${indented(addresses(topology))}\nパスワードは ./lab passwords が示すものにします（確認やメールクライアントで使います）。`,
      en: `Make the accounts of those who use mail with adduser, then build the alias database.\n${indented(addresses(topology))}\nGive them the passwords that ./lab passwords shows: the checks and the mail client log in with them.`,
    }),
    hint: {
      ja: "アカウント名@ドメイン名がメールアドレスになります。/etc/aliasesを変えたときも newaliases で反映します。",
      en: "The account's name and the domain make the mail address; newaliases also takes over later changes of /etc/aliases.",
    },
    where: "hosts",
    actions: ({ host }) => [
      ...host.users.map((user) => ({ kind: "account", user }) as const),
      { kind: "commands", lines: ["sudo newaliases"] },
    ],
    transcript: (topology) =>
      perHost(topology, (host) => [
        ...host.users.map((user) => newAccount(host, user)),
        command(host, "sudo newaliases"),
      ]),
  },
  {
    id: "6.06",
    title: { ja: "mailutilsのインストール", en: "Install mailutils" },
    task: () => ({
      ja: "mailコマンドのパッケージmailutilsをaptでインストールします。",
      en: "Install mailutils, the package with the mail command, with apt.",
    }),
    hint: { ja: "mailコマンドはこのパッケージに入っています。", en: "This package has the mail command." },
    where: "hosts",
    actions: () => [{ kind: "install", packages: ["mailutils"], answers: [] }],
    transcript: (topology) =>
      perHost(topology, (host) => [
        command(host, "sudo apt install mailutils", [
          { prompt: "Do you want to continue? [Y/n] ", typed: [enter] },
        ]),
      ]),
  },
  {
    id: "6.07",
    title: { ja: "mailコマンドで送受信", en: "Send and read with the mail command" },
    task: (topology) => {
      const directions = indented(
        topology.hosts.map((host) => {
          const peer = peerOf(topology, host);
          return `${firstUser(host)}@${host.name} → ${firstUser(peer)}@${peer.domain}`;
        }),
      );
      return {
        ja: `メールを使う人のアカウントでログインし、mailコマンドでもう一方のホストへ送ります。相手のホストではmailコマンドで読みます。どちらの向きも試します。\n${directions}`,
        en: `Log in as the accounts that use mail, send to the other host with the mail command, and read there with it. Try both directions.\n${directions}`,
      };
    },
    hint: {
      ja: "本文は行の先頭でCtrl+dを押すと終わります。届かないときは sudo tail -f /var/log/mail.log を見ます。",
      en: "Ctrl-D at the start of a line ends the body; if nothing arrives, sudo tail -f /var/log/mail.log shows what happens.",
    },
    where: "hosts",
    actions: () => [],
    transcript: bothDirections,
  },
];
