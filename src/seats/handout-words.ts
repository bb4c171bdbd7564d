import type { Text } from "../model/text.ts";

/** The words of a sheet that are the same for everybody. */
export const handoutWords = {
  title: { en: "Mail server lab", ja: "メールサーバー演習" },
  seat: { en: "Seat", ja: "席" },
  honorific: { en: "", ja: "さん" },
  class: { en: "class", ja: "クラス" },
  lab: { en: "lab", ja: "ラボ" },
  printed: { en: "as of", ja: "作成" },
  about: {
    en: "This lab is yours alone: a DNS server and the textbook's mail servers, with the names and addresses of chapter 6, so that its commands work as printed. It does not see the labs of other seats, and no mail leaves it.",
    ja: "このラボは、あなた専用のDNSサーバーとメールサーバーです。名前もアドレスも教科書の第6章と同じなので、手順をそのまま試せます。ほかの席のラボとはつながっておらず、メールが外へ出ていくこともありません。",
  },
  logIn: { en: "Log in", ja: "ログインする" },
  logInHow: {
    en: "Open a terminal (on Windows: PowerShell) and type the line of the host. The password is not shown while you type it; sudo asks for the same one.",
    ja: "端末（WindowsではPowerShell）を開いて、ログインしたいホストの行を入力します。パスワードは入力しても画面に表示されません。sudoでも同じパスワードを入力します。",
  },
  passwordOf: { en: "Password of", ja: "パスワード" },
  fingerprints: { en: "The first time", ja: "初めてログインするとき" },
  fingerprintsHow: {
    en: "ssh shows the fingerprint of the host's key and asks whether you want to go on. Compare it with this list: type yes if it is the same, otherwise no, and tell your teacher.",
    ja: "sshがホストの鍵のフィンガープリントを表示して、接続してよいか尋ねます。下の値と比べ、同じなら yes と入力します。違っていたら no と入力して、先生に知らせてください。",
  },
  changedKey: {
    en: "If it says REMOTE HOST IDENTIFICATION HAS CHANGED, an earlier lab had the same port. Forget that lab's key with the line below, log in again, and compare:",
    ja: "REMOTE HOST IDENTIFICATION HAS CHANGED と表示されたら、以前のラボが同じポートを使っていたためです。次の行で以前の鍵を消してからログインし直し、下の値と比べてください。",
  },
  hosts: { en: "Hosts", ja: "ホスト" },
  host: { en: "Host", ja: "ホスト" },
  prompt: { en: "Machine's name", ja: "マシンの名前" },
  address: { en: "Address in the lab", ja: "ラボの中のアドレス" },
  domain: { en: "Mail domain", ja: "メールのドメイン" },
  mailName: { en: "Mail server's name", ja: "メールサーバーの名前" },
  accounts: { en: "Accounts", ja: "アカウント" },
  account: { en: "Account", ja: "アカウント" },
  password: { en: "Password", ja: "パスワード" },
  mailAddress: { en: "Mail address", ja: "メールアドレス" },
  administrator: { en: "(administrator)", ja: "（管理者）" },
  ports: { en: "Mail program", ja: "メールソフトの設定" },
  firstCommand: { en: "Begin here", ja: "最初のコマンド" },
  checks: { en: "See for yourself", ja: "確かめる" },
  keepSecret: {
    en: "There are passwords on this sheet: keep it to yourself.",
    ja: "パスワードが書かれています。ほかの人に見せないでください。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Where the lab stands when the student comes to it. */
export function stageWords(stage: string): Text {
  if (stage === "exercise") {
    return {
      en: "You begin where the chapter begins: Postfix and Dovecot are not installed yet.",
      ja: "章の始まりの状態です。PostfixとDovecotはまだインストールされていません。",
    };
  }
  if (stage === "finished") {
    return {
      en: "The whole chapter is applied already: the mail servers are running.",
      ja: "章の最後まで済んだ状態です。メールサーバーが動いています。",
    };
  }
  return {
    en: `The chapter is applied up to step ${stage}; you go on from there.`,
    ja: `手順${stage}まで済んだ状態です。その続きから始めます。`,
  };
}

/** Accounts that the student makes. */
export function accountWords(isMade: boolean): Text {
  return isMade
    ? {
        en: "The mail accounts are there.",
        ja: "メールのアカウントは作成済みです。",
      }
    : {
        en: "You make the mail accounts yourself in step 6.05. Give them these passwords: the checks log in with them.",
        ja: "メールのアカウントは手順6.05で自分で作ります。そのとき、ここにあるパスワードを設定してください（進み具合の確認に使います）。",
      };
}

/** Where the commands of the sheet are typed. */
export function placeWords(isLoopback: boolean, machine: string | undefined): Text | undefined {
  if (machine !== undefined && isLoopback) {
    return {
      en: `Type it on the machine ${machine}, where the lab runs.`,
      ja: `ラボが動いているマシン ${machine} の上で入力してください。`,
    };
  }
  if (!isLoopback) return undefined;
  return {
    en: "Type it on the machine that the lab runs on.",
    ja: "ラボが動いているマシンの上で入力してください。",
  };
}

/** What the ports are for, and how they are reached. */
export function portWords(isLoopback: boolean): Text {
  return isLoopback
    ? {
        en: "A mail program on this machine, such as Thunderbird, uses these servers and ports from step 6.12 on:",
        ja: "手順6.12でThunderbirdなどのメールソフトを使うときは、次のサーバーとポートを設定します。",
      }
    : {
        en: "From step 6.12 on a mail program on your computer, such as Thunderbird, reaches the lab through ssh. Leave this open in a terminal meanwhile, and give the program these servers and ports:",
        ja: "手順6.12でお使いのパソコンのメールソフト（Thunderbirdなど）を使うときは、sshを通して接続します。端末で次の行を実行したままにして、下のサーバーとポートを設定します。",
      };
}
