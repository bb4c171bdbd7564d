import type { Text } from "../../model/text.ts";
import type { Check, CheckId, Verdict } from "../check.ts";
import { misspeltName } from "../../model/misspelt.ts";
import type { DovecotObservation, Scene } from "../observation.ts";
import { notYet, packageValueHint, passed, type ValueJudgement, wrong } from "../verdict.ts";

/** A setting of Dovecot that a step makes. */
export interface SettingRule {
  readonly step: string;
  readonly name: string;
  readonly title: Text;
  /** The file of the book. */
  readonly file: string;
  readonly bookValue: string;
  /** Values that the package brings and that are not what the step wants. */
  readonly packageValues?: readonly string[];
  readonly judge: (value: string, scene: Scene) => ValueJudgement;
}

/** A check of one setting of Dovecot. */
export function settingCheck(rule: SettingRule): Check {
  const id: CheckId = `${rule.step}/${rule.name}`;
  return { id, title: rule.title, judge: (scene) => judgeSetting(rule, scene) };
}

function judgeSetting(rule: SettingRule, scene: Scene): Verdict {
  const { name, file, bookValue } = rule;
  const { dovecot } = scene.seen;
  const expected = `${name} = ${bookValue}`;
  if (dovecot === undefined) {
    return notYet({
      cause: "not-installed",
      observed: { en: "Dovecot is not installed", ja: "Dovecotがインストールされていません" },
      expected,
      where: "dpkg -s dovecot-imapd",
      hint: { en: "First step 6.01.", ja: "先に6.01を行います。" },
    });
  }
  const line = dovecot.lines.findLast((candidate) => candidate.name === name);
  const where = line === undefined ? file : `${line.file}:${line.line}`;
  // Where Dovecot can't read its files, what stands in them is all there is.
  const value = dovecot.set[name] ?? line?.value;
  if (value === undefined) {
    const misspelt = misspeltLine(dovecot, name, rule.file);
    if (misspelt !== undefined) {
      return wrong({
        cause: "parameter-misspelt",
        observed: `${misspelt.name} = ${misspelt.value}`,
        expected,
        where: `${misspelt.file}:${misspelt.line}`,
        hint: {
          en: `Dovecot knows no ${misspelt.name}; the name is ${name}.`,
          ja: `${misspelt.name} という設定はありません。正しい名前は ${name} です。`,
        },
      });
    }
    return notYet({
      cause: "parameter-missing",
      observed: { en: `${name} is not set`, ja: `${name} が設定されていません` },
      expected,
      where,
      hint: { en: `Set it in ${file}.`, ja: `${file} で設定します。` },
    });
  }
  if (value === bookValue) return passed();
  const observed = `${name} = ${value}`;
  if (rule.packageValues?.includes(value) === true) {
    return notYet({
      cause: "value-default",
      observed,
      expected,
      where,
      hint: packageValueHint,
    });
  }
  const judgement = rule.judge(value, scene);
  return judgement.isRight
    ? passed(judgement.note)
    : wrong({ cause: judgement.cause, observed, expected, where, hint: judgement.hint });
}

/** A line of the setting's own file whose name is almost the setting's, and which Dovecot does not know. */
function misspeltLine({ lines, complaint }: DovecotObservation, name: string, file: string) {
  const candidates = lines.filter((line) => line.file === file && !(complaint === undefined));
  const misspelt = misspeltName(
    name,
    candidates.map((line) => line.name).filter((candidate) => complaint?.includes(candidate) === true),
  );
  return candidates.find((line) => line.name === misspelt);
}
