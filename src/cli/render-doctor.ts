import type { Diagnosis } from "../lab/doctor/doctor.ts";
import type { Finding } from "../lab/doctor/judge-facts.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";

const signs: Readonly<Record<Finding["level"], string>> = { good: "✔", warning: "!", bad: "✖", unknown: "?" };
const wantedWord: Text = { en: "wanted", ja: "必要" };
const mendWord: Text = { en: "mend", ja: "対処" };

/** What was found, for people: a line a check, and what is wanted and what mends it where something is wrong. */
export function renderDiagnosis({ findings, mended }: Diagnosis, speak: Speak): string {
  const lines = findings.flatMap(({ id, level, title, found, wanted, mend }) => [
    `${signs[level]} ${speak(title)}: ${speak(found)}${mended.includes(id) ? speak({ en: " (mended)", ja: "（対処済み）" }) : ""}`,
    ...(mend === undefined
      ? []
      : [`    ${speak(wantedWord)}: ${speak(wanted)}`, `    ${speak(mendWord)}: ${speak(mend)}`]),
  ]);
  return lines.join("\n");
}

/** The labs on the engine of which this clone has no state, with everything that they hold. */
export function renderStrangers({ strangers, strangeSaves }: Diagnosis, speak: Speak): string {
  if (strangers.length === 0 && strangeSaves.length === 0) {
    return speak({
      en: "The engine holds nothing of a lab that is not of this clone.",
      ja: "このクローン以外のラボのものはエンジンにありません。",
    });
  }
  const head = speak({
    en: "Of no stack of this clone: another clone's lab, or one whose state is gone. Nothing was removed.",
    ja: "このクローンのスタックではないもの（別のクローンのラボか、状態が失われたもの）。何も消していません。",
  });
  const lines = strangers.flatMap(({ stack, owner, running, objects }) => [
    speak({
      en: `${stack} (owner ${owner}), running containers: ${running}`,
      ja: `${stack}（所有者 ${owner}）、稼働中のコンテナ: ${running}`,
    }),
    ...objects.map((name) => `    ${name}`),
  ]);
  const saves = strangeSaves.flatMap(({ name, stack, images }) => [
    speak({ en: `the save ${name} of the lab ${stack}`, ja: `ラボ${stack}の保存${name}` }),
    ...images.map((image) => `    ${image}`),
  ]);
  return [head, ...lines, ...saves].join("\n");
}
