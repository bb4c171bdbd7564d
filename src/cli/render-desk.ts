import type { OpenDesk } from "../lab/access/desk.ts";
import type { LocalAccount, SeenClient } from "../lab/access/local-mail-program.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";
import { plainTable } from "./plain-table.ts";

/** Thunderbird's own words of its dialog for a manual set-up. */
const words = {
  incoming: { en: "Incoming server", ja: "受信サーバー" },
  outgoing: { en: "Outgoing server", ja: "送信サーバー" },
  protocol: { en: "Protocol", ja: "プロトコル" },
  hostname: { en: "Hostname", ja: "ホスト名" },
  port: { en: "Port", ja: "ポート番号" },
  security: { en: "Connection security", ja: "接続の保護" },
  none: { en: "None", ja: "なし" },
  authentication: { en: "Authentication method", ja: "認証方式" },
  normalPassword: { en: "Normal password", ja: "通常のパスワード認証" },
  username: { en: "Username", ja: "ユーザー名" },
} as const satisfies Record<string, Text>;

/** Servers of an account as a mail program is told of them. */
interface AccountServers {
  readonly user: string;
  readonly server: string;
  readonly imapPort: number;
  readonly smtpPort: number;
}

function serverTable({ user, server, imapPort, smtpPort }: AccountServers, speak: Speak): string {
  const both = (heading: Text, value: string): readonly string[] => [`  ${speak(heading)}`, value, value];
  return plainTable([
    ["", speak(words.incoming), speak(words.outgoing)],
    [`  ${speak(words.protocol)}`, "IMAP", "SMTP"],
    both(words.hostname, server),
    [`  ${speak(words.port)}`, String(imapPort), String(smtpPort)],
    both(words.security, speak(words.none)),
    both(words.authentication, speak(words.normalPassword)),
    both(words.username, user),
  ]);
}

/** How to get to the desk, and what is to be done there. */
export function renderDesk(open: OpenDesk, speak: Speak): string {
  const { account } = open;
  const setUp = open.isAccountSetUp
    ? [
        speak({
          en: `The account ${account.address} is set up: write a mail, and read the answer.`,
          ja: `アカウント ${account.address} は設定済みです。メールを書いて送り、返事を読めます。`,
        }),
      ]
    : [
        speak({
          en: `Thunderbird starts without an account. Give it the name ${account.user}, the address ${account.address} and the password ${account.password}, and set the servers up by hand:`,
          ja: `Thunderbirdにはまだアカウントがありません。名前 ${account.user}、アドレス ${account.address}、パスワード ${account.password} を入力し、「手動設定」で次のとおりに設定します。`,
        }),
        "",
        serverTable(account, speak),
        "",
        speak({
          en: "It warns that the connection is not protected: read why, and accept the risk, here in the lab alone.",
          ja: "接続が保護されないという警告が出ます。理由を読み、このラボの中に限り、承知のうえで進めてください。",
        }),
      ];
  return [
    open.directUrl,
    "",
    speak({
      en: `Open this address in a browser of this machine. Where the page asks for a password: ${open.password}`,
      ja: `このマシンのブラウザでこのアドレスを開いてください。パスワードを聞かれたら: ${open.password}`,
    }),
    ...setUp,
    speak({
      en: "Japanese: Ctrl+Space switches the input method on the desk on and off; or paste through noVNC's clipboard (the tab at the left edge, then Ctrl+V).",
      ja: "日本語入力: デスクの中でCtrl+スペースを押すと切り替わります。noVNCのクリップボード（左端のタブ）に貼り付けて、Ctrl+Vで入れることもできます。",
    }),
    speak({
      en: "Closing the browser loses nothing; ./lab reset desk begins anew.",
      ja: "ブラウザを閉じても何も失われません。はじめからやり直すには ./lab reset desk。",
    }),
  ].join("\n");
}

/** Folders in which an installed Thunderbird looks for a domain's settings, by system. */
const settingsFolders = [
  ["Windows", String.raw`C:\Program Files\Mozilla Thunderbird\isp`],
  ["macOS", "/Applications/Thunderbird.app/Contents/Resources/isp"],
  ["Debian, Ubuntu (apt)", "/usr/lib/thunderbird/isp"],
] as const;

/** What is shown of the settings for a mail program of one's own. */
export interface LocalSettings {
  readonly accounts: readonly LocalAccount[];
  readonly client: SeenClient;
  /** The autoconfiguration's files. */
  readonly files: readonly string[];
}

/** The settings for Thunderbird on this machine, and how it finds them by itself. */
export function renderLocalSettings({ accounts, client, files }: LocalSettings, speak: Speak): string {
  const relaying = client.mayRelay
    ? {
        en: `The mail server sees ${client.address}, which is inside mynetworks: it takes mail to other domains with or without SMTP authentication.`,
        ja: `メールサーバーから見た接続元は ${client.address} です。mynetworksの中なので、SMTP認証をしてもしなくても、ほかのドメイン宛のメールを受け付けます。`,
      }
    : {
        en: `The mail server sees ${client.address}, which is outside mynetworks: mail to other domains needs SMTP authentication, so it is refused (“Relay access denied”) until the chapter has set that up.`,
        ja: `メールサーバーから見た接続元は ${client.address} です。mynetworksの外なので、ほかのドメイン宛のメールにはSMTP認証が必要です。章の手順で設定するまでは拒否されます（Relay access denied）。`,
      };
  return [
    speak({
      en: "For a mail program on this machine (passwords: ./lab passwords):",
      ja: "このマシンのメールソフトで使う設定（パスワードは ./lab passwords）:",
    }),
    ...accounts.flatMap((account) => ["", account.address, serverTable(account, speak)]),
    "",
    speak(relaying),
    "",
    speak({ en: "For Thunderbird to find this by itself:", ja: "Thunderbirdに自動で見つけさせるには:" }),
    ...files.map((file) => `  ${file}`),
    speak({
      en: "copy these files into the folder isp of the installed Thunderbird (make it where there is none) and start Thunderbird again. A new account then needs the name, the address and the password alone.",
      ja: "これらのファイルを、インストールされたThunderbirdのispフォルダー（なければ作成）にコピーし、Thunderbirdを起動し直します。新しいアカウントは、名前・アドレス・パスワードを入れるだけで設定できます。",
    }),
    plainTable(settingsFolders.map(([system, folder]) => [`  ${system}`, folder])),
    speak({
      en: "A Snap, a Flatpak or the Microsoft Store's has no such folder: set it up by hand, with the tables above.",
      ja: "Snap版・Flatpak版・Microsoft Store版にはこのフォルダーがありません。上の表のとおり手動で設定してください。",
    }),
  ].join("\n");
}
