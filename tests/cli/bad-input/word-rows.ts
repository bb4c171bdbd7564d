import type { BadMachine } from "./bad-input.ts";

/** A row whose code is `LAB_USAGE`. */
function refused(words: readonly string[], en: string, ja: string): BadMachine {
  return { name: `./lab ${words.join(" ")}`, words, code: "LAB_USAGE", exit: 2, en: [en], ja: [ja] };
}

/** Words that the command line doesn't know. */
export const wordRows: readonly BadMachine[] = [
  refused(
    ["upp"],
    "Unknown command 'upp' (Did you mean up?)",
    "「upp」というコマンドはありません。もしかして: up",
  ),
  refused(["up", "--fast"], "Unknown option '--fast'.", "「--fast」というオプションはありません。"),
  refused(["up", "now"], "oo many arguments", "引数が多すぎます。"),
  refused(["ssh"], "Missing required argument 'user@host'.", "引数 <user@host> が必要です。"),
  refused(["ssh", "--stack"], "'--stack <name>' argument missing.", "「--stack <name>」には値が必要です。"),
  refused(["ssh", "host1"], "“host1” is not USER@HOST.", "「host1」はユーザー@ホストの形ではありません。"),
  refused(["ssh", "host1", "--", "--json"], "oo many arguments", "引数が多すぎます。"),
  refused(
    ["test", "--project", "nothing"],
    "'nothing' is invalid",
    "「nothing」は使えません。使えるもの: unit, ",
  ),
  refused(
    ["status", "--lang", "fr"],
    "Allowed choices are en, ja.",
    "「fr」は使えません。使えるもの: en, ja",
  ),
  refused(["doctor", "--labs", "0"], "'0' is invalid. 1 … 1000.", "「0」は使えません。"),
  refused(["doctor", "--labs", "many"], "'many' is invalid. 1 … 1000.", "「many」は使えません。"),
  refused(["doctor", "--labs", "1.5"], "'1.5' is invalid. 1 … 1000.", "「1.5」は使えません。"),
  {
    name: "a stack's name with a space and a capital",
    words: ["up", "--stack", "Dev Lab"],
    code: "LAB_STACK_NAME",
    exit: 2,
    en: ["--stack: “Dev Lab” can't name a stack; up to 41 lower-case letters, digits and hyphens"],
    ja: ["--stack: 「Dev Lab」はスタック名に使えません。英小文字・数字・ハイフンで41文字まで"],
  },
  {
    name: "./lab up --listen with the textbook's own range",
    words: ["up", "--listen", "192.168.1.0/24", "--stack", "never-there"],
    code: "LAB_CONFIG",
    exit: 2,
    en: ["listen: must be empty, 0.0.0.0 or an IPv4 address of this machine", '"192.168.1.0/24"'],
    ja: ["listen: 空にするか、0.0.0.0、または", '"192.168.1.0/24"'],
  },
  {
    name: "a lab that was never built, asked for its logs",
    words: ["logs", "--stack", "never-there", "--host", "host9"],
    code: "LAB_NOT_UP",
    exit: 4,
    en: ["The lab never-there is not up."],
    ja: ["ラボnever-thereは立ち上がっていません。"],
  },
];
