import type { Text } from "../model/text.ts";

/** The words of a sheet that are the same for everybody. */
export const handoutWords = {
  title: { en: "Mail server lab", ja: "メールサーバー演習" },
  seat: { en: "Seat", ja: "席" },
  honorific: { en: "", ja: "さん" },
  class: { en: "class", ja: "クラス" },
  lab: { en: "lab", ja: "ラボ" },
  about: {
    en: "A DNS server and mail servers, yours alone, with the names and addresses of chapter 6: its commands work as printed. Your lab sees no other seat's, and no mail leaves it.",
    ja: "あなた専用のDNSサーバーとメールサーバーです。名前もアドレスも教科書の第6章と同じなので、手順をそのまま試せます。ほかの席のラボとはつながっておらず、メールが外へ出ることもありません。",
  },
  logIn: { en: "Log in", ja: "ログインする" },
  logInHow: {
    en: "Open a terminal (on Windows: PowerShell) and type the host's line. The password is not shown as you type it; sudo asks for the same one.",
    ja: "端末（WindowsではPowerShell）を開き、ログインするホストの行を入力します。パスワードは入力しても表示されません。sudoのパスワードも同じです。",
  },
  fingerprints: { en: "The first time", ja: "初めてログインするとき" },
  fingerprintsHow: {
    en: "ssh shows the fingerprint of the host's key and asks whether to go on. Type yes if it is the one below; if not, type no and tell your teacher.",
    ja: "ホストの鍵のフィンガープリントが表示され、接続してよいか尋ねられます。下の値と同じなら yes、違っていたら no と入力して先生に知らせてください。",
  },
  changedKey: {
    en: "REMOTE HOST IDENTIFICATION HAS CHANGED means that an earlier lab had this port. Make ssh forget that lab's key, log in again and compare:",
    ja: "REMOTE HOST IDENTIFICATION HAS CHANGED と表示されたら、以前のラボが同じポートを使っていたためです。次の行で以前の鍵を消し、ログインし直して上の値と比べてください。",
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
  ports: { en: "Mail program (step 6.12)", ja: "メールソフトの設定（手順6.12）" },
  server: { en: "Server", ja: "サーバー" },
  firstCommand: { en: "Begin here", ja: "最初のコマンド" },
  checks: { en: "See for yourself", ja: "確かめる" },
  checksHow: {
    en: "Type these on a host. How far you are, step by step, your teacher sees on the class's board: ask when you are stuck.",
    ja: "ホストの上で入力します。どの手順まで正しくできたかは先生の画面でわかります。困ったら先生に聞いてください。",
  },
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
        en: "You make the mail accounts yourself in step 6.05. Give them these passwords: the checks use them.",
        ja: "メールのアカウントは手順6.05で作ります。必ずこの表のパスワードを設定してください（進み具合の確認に使います）。",
      };
}

/** Where the commands of the sheet are typed. */
export function placeWords(isLoopback: boolean, machine: string | undefined): Text | undefined {
  if (machine !== undefined && isLoopback) {
    return {
      en: `These lines are for the machine ${machine}, where the lab runs.`,
      ja: `ラボが動いているマシン（${machine}）の上で入力してください。`,
    };
  }
  if (!isLoopback) return undefined;
  return {
    en: "These lines are for the machine that the lab runs on.",
    ja: "ラボが動いているマシンの上で入力してください。",
  };
}

/** How a mail program gets to the servers. */
export function portWords(isLoopback: boolean): Text {
  return isLoopback
    ? {
        en: "For Thunderbird on the machine that the lab runs on:",
        ja: "ラボが動いているマシンのThunderbirdに設定します。",
      }
    : {
        en: "For Thunderbird on your computer, while the line below is open in a terminal:",
        ja: "下の行を端末で実行したまま、パソコンのThunderbirdに設定します。",
      };
}

/** When the sheet was made. */
export function madeWords(time: string): Text {
  return { en: `as of ${time}`, ja: `${time} 作成` };
}
