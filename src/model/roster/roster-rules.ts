import { joined, quoted } from "./roster-problem.ts";
import type { Text } from "../text.ts";

/** With the longest class and two hyphens it is a stack's 41 characters. */
const longestSeat = 19;
/** More would not fit on a sheet's one line. */
const longestName = 60;

const seatEmpty: Text = { en: "the seat is empty", ja: "席が空です" };
const nameEmpty: Text = { en: "the name is empty", ja: "名前が空です" };

/** What is wrong with a seat's name, or undefined. */
export function seatProblem(value: string): Text | undefined {
  if (value === "") return seatEmpty;
  const length = Array.from(value).length;
  if (length > longestSeat) {
    return {
      en: `the seat has ${length} characters; ${longestSeat} are the most`,
      ja: `席が${length}文字あります。${longestSeat}文字までにしてください`,
    };
  }
  if (isSeat(value)) return undefined;
  const plain = value.normalize("NFKC").replaceAll(/[\s_.]+/g, "-");
  const rule: Text = {
    en: `seat: ${quoted(value).en} has to be of the letters a to z, digits and hyphens, and begin and end with none of the hyphens`,
    ja: `seat: ${quoted(value).ja}は使えません。半角の英字・数字・ハイフンで書き、ハイフンで始めたり終えたりしないでください`,
  };
  return isSeat(plain) ? joined(rule, suggestion(plain)) : rule;
}

function isSeat(value: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(value);
}

function suggestion(value: string): Text {
  return { en: `; did you mean ${value}?`, ja: `（${value} のことですか）` };
}

/** What is wrong with a student's name, or undefined. */
export function nameProblem(value: string): Text | undefined {
  if (value === "") return nameEmpty;
  const length = Array.from(value).length;
  if (length > longestName) {
    return {
      en: `the name has ${length} characters; ${longestName} are the most`,
      ja: `名前が${length}文字あります。${longestName}文字までにしてください`,
    };
  }
  if (/[\n\r]/.test(value)) {
    return { en: "the name goes over several lines", ja: "名前の途中に改行があります" };
  }
  // Joiners are part of names (Persian, Hindi); what else can't be seen could show a board or a sheet otherwise.
  const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u{FFFD}]|(?![\u{200C}\u{200D}])\p{Cf}/u.exec(value)?.[0];
  if (unseen === undefined) return undefined;
  const code = `U+${(unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return {
    en: `the name has a character that can't be shown, ${code}; type it again`,
    ja: `名前に表示できない文字（${code}）があります。打ち直してください`,
  };
}

/**
 * What is wrong with a stage, or undefined.
 *
 * @param stages - every stage that there is.
 */
export function stageProblem(value: string, stages: readonly string[]): Text | undefined {
  if (stages.includes(value)) return undefined;
  const lower = value.toLowerCase();
  // A spreadsheet takes 6.10 for a number and keeps 6.1 of it.
  const meant = [lower, `${value}0`, value.replace(".", ".0")].find((candidate) =>
    stages.includes(candidate),
  );
  const isOfForm = /^\d+\.\d\d$/.test(value) || /^[a-z]+$/.test(value);
  const first = stages.find((stage) => /^\d/.test(stage)) ?? "";
  const last = stages.findLast((stage) => /^\d/.test(stage)) ?? "";
  const wrong: Text = isOfForm
    ? {
        en: `there is no stage ${quoted(value).en}; there are exercise, ${first} to ${last}, and finished`,
        ja: `${quoted(value).ja}という段階はありません（exercise、${first}〜${last}、finished があります）`,
      }
    : {
        en: `stage: ${quoted(value).en} has to be exercise, finished or a step such as ${first}`,
        ja: `stage: ${quoted(value).ja}は使えません。exercise、finished、または ${first} のような手順の番号を書いてください`,
      };
  return meant === undefined ? wrong : joined(wrong, suggestion(meant));
}

/** What people write for a language. */
const languageWords: Readonly<Record<string, string>> = {
  jp: "ja",
  jpn: "ja",
  japanese: "ja",
  日本語: "ja",
  eng: "en",
  english: "en",
  英語: "en",
};

/** What is wrong with a language, or undefined. */
export function languageProblem(value: string): Text | undefined {
  const lower = value.toLowerCase();
  if (lower === "ja" || lower === "en") return undefined;
  const wrong: Text = {
    en: `language: ${quoted(value).en} has to be ja or en`,
    ja: `language: ${quoted(value).ja}は使えません。ja か en を書いてください`,
  };
  const meant = languageWords[lower];
  return meant === undefined ? wrong : joined(wrong, suggestion(meant));
}

/** What is wrong with an engine's address or context, or undefined. */
export function engineProblem(value: string): Text | undefined {
  const isAddress = /^(?:unix|tcp|ssh|npipe|https?):\/\/[^\s\p{Cc}]+$/u.test(value);
  // As Docker's own client wants a context's name.
  const isContext = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/.test(value);
  if (isAddress || isContext) return undefined;
  return {
    en: `engine: ${quoted(value).en} has to be an address such as ssh://user@host or a Docker context's name`,
    ja: `engine: ${quoted(value).ja}は使えません。ssh://ユーザー@ホスト のようなアドレスか、Dockerコンテキストの名前を書いてください`,
  };
}
