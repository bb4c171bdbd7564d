import type { Step } from "../step.ts";
import { command, firstUser, indented, peerOf, perHost } from "./writing.ts";

/** The sections on the mail client, and on what to look at when something fails. */
export const clientSteps: readonly Step[] = [
  {
    id: "6.12",
    title: { ja: "メールクライアントの設定と送受信", en: "Set up a mail client, send and receive" },
    task: (topology) => {
      const accounts = indented(
        topology.hosts.map((host) => `${firstUser(host)}@${host.domain} (${host.mailName})`),
      );
      const [host] = topology.hosts;
      const peer = host && peerOf(topology, host);
      const own = host ? `${firstUser(host)}@${host.domain}` : "";
      const other = peer ? `${firstUser(peer)}@${peer.domain}` : "";
      return {
        ja: `DNSサーバーを${topology.dns.address}にしたクライアントで、Thunderbirdに手動設定でアカウントを加えます。\n${accounts}\n  受信: IMAP、ポート143、接続の保護なし、通常のパスワード認証\n  送信: SMTP、ポート25、接続の保護なし、通常のパスワード認証\n  ユーザー名はアカウント名（@より前）だけです。\n自分宛（${own}）と別サーバー宛（${other}）に送り、届くことと、返信を受信できることを確認します。`,
        en: `On a client whose DNS server is ${topology.dns.address}, add an account to Thunderbird by manual configuration:\n${accounts}\n  incoming: IMAP, port 143, no connection security, normal password\n  outgoing: SMTP, port 25, no connection security, normal password\n  the user name is the account's alone, without the domain\nSend a mail to yourself (${own}) and one to the other server (${other}), see both arrive, and receive an answer.`,
      };
    },
    hint: {
      ja: "受信はIMAPの143番、送信は25番、どちらも接続の保護なし、通常のパスワード認証です。",
      en: "IMAP on port 143 and SMTP on port 25, both without connection security, normal password.",
    },
    where: "client",
    actions: () => [],
    transcript: () => [],
  },
  {
    id: "6.13",
    title: { ja: "うまく動作しないとき", en: "When it does not work" },
    task: ({ dns, hosts }) => {
      const names = indented(hosts.map(({ domain, mailName }) => `${domain} (MX), ${mailName} (A)`));
      return {
        ja: `DNSサーバー${dns.address}が正しく答えるかをdigで調べ、/var/log/mail.logにエラーが出ていないかを見ます。\n${names}`,
        en: `Ask the DNS server ${dns.address} with dig, and look for errors in /var/log/mail.log.\n${names}`,
      };
    },
    hint: {
      ja: "まずdigでDNSを、それから/var/log/mail.logを確かめます。",
      en: "First ask DNS with dig, then read /var/log/mail.log.",
    },
    where: "hosts",
    actions: () => [],
    transcript: (topology) =>
      perHost(topology, (host) => {
        const peer = peerOf(topology, host);
        return [
          command(host, `dig ${peer.domain} mx`),
          command(host, `dig ${peer.mailName}`),
          command(host, "sudo tail -f /var/log/mail.log", [
            { prompt: "postfix/", typed: [{ key: "Ctrl-C" }] },
          ]),
        ];
      }),
  },
];
