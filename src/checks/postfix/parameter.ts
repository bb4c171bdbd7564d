import type { Text } from "../../model/text.ts";
import type { Check, CheckId, Verdict } from "../check.ts";
import { misspeltName } from "../../model/misspelt.ts";
import type { CheckedHost, PostfixObservation, Scene } from "../observation.ts";
import { notYet, packageValueHint, passed, type ValueJudgement, wrong } from "../verdict.ts";

const mainCf = "/etc/postfix/main.cf";

/** A parameter of main.cf that a step sets. */
export interface ParameterRule {
  readonly step: string;
  readonly name: string;
  readonly title: Text;
  /** The book's value, as it is written. */
  readonly bookValue: (host: CheckedHost, scene: Scene) => string;
  /** Judges what is in effect, with every `$name` put in. */
  readonly judge: (value: string, scene: Scene) => ValueJudgement;
  /** Whether a value that would do is only what the package or Postfix itself brings. */
  readonly isUntouched?: (scene: Scene, postfix: PostfixObservation) => boolean;
}

/** A check of one parameter of main.cf. */
export function parameterCheck(rule: ParameterRule): Check {
  const id: CheckId = `${rule.step}/${rule.name}`;
  return { id, title: rule.title, judge: (scene) => judgeParameter(rule, scene) };
}

function judgeParameter(rule: ParameterRule, scene: Scene): Verdict {
  const { name } = rule;
  const { postfix } = scene.seen;
  const expected = `${name} = ${rule.bookValue(scene.host, scene)}`;
  if (postfix === undefined) return notInstalled(expected);
  const written = valueAsWritten(postfix, name);
  const where = placeOf(postfix, name);
  if (written === undefined) {
    const misspelt = misspeltName(name, unusedParameters(postfix));
    if (misspelt !== undefined) {
      return wrong({
        cause: "parameter-misspelt",
        observed: misspelt,
        expected,
        where: placeOf(postfix, misspelt),
        hint: {
          en: `Postfix knows no ${misspelt}; the name is ${name}.`,
          ja: `${misspelt} というパラメータはありません。正しい名前は ${name} です。`,
        },
      });
    }
    return notYet({
      cause: "parameter-missing",
      observed: { en: `${name} is not set in main.cf`, ja: `main.cfに ${name} がありません` },
      expected,
      where: `postconf -n ${name}`,
      hint: { en: `Add the line to ${mainCf}.`, ja: `${mainCf} にこの行を書きます。` },
    });
  }
  const observed = `${name} = ${written}`;
  const value = postfix.effective[name] ?? written;
  if (sameWords(written, rule.bookValue(scene.host, scene))) return passed();
  if (rule.isUntouched?.(scene, postfix) === true) {
    return notYet({
      cause: "value-default",
      observed,
      expected,
      where,
      hint: packageValueHint,
    });
  }
  const judgement = rule.judge(value, scene);
  if (judgement.isRight) return passed(judgement.note);
  const owner = scene.others.find(({ host }) => sameWords(value, bookValueInFull(rule, host, scene)));
  if (owner !== undefined) {
    return wrong({
      cause: "value-of-other-host",
      observed,
      expected,
      where,
      hint: {
        en: `This is the value of ${owner.host.name}.`,
        ja: `これは${owner.host.name}の設定値です。`,
      },
    });
  }
  return wrong({ cause: judgement.cause, observed, expected, where, hint: judgement.hint });
}

/** The book's value with the host's own domain put in. */
function bookValueInFull(rule: ParameterRule, host: CheckedHost, scene: Scene): string {
  return rule.bookValue(host, scene).replaceAll("$mydomain", host.domain);
}

/** What main.cf says of a parameter. Where Postfix can't read it, what stands in it is all there is. */
export function valueAsWritten(
  { set, lines, complaints }: PostfixObservation,
  name: string,
): string | undefined {
  if (set[name] !== undefined || !complaints.some((line) => line.includes("fatal:"))) return set[name];
  return lines.findLast((line) => line.name === name)?.value;
}

/** The entries of a value: Postfix parts them by commas and white space. */
export function entriesOf(value: string): readonly string[] {
  return value.split(/[,\s]+/).filter((entry) => entry !== "");
}

function sameWords(left: string, right: string): boolean {
  return entriesOf(left).join(" ").toLowerCase() === entriesOf(right).join(" ").toLowerCase();
}

/** Postfix isn't there, so nothing of it is set. */
export function notInstalled(expected: Text | string): Verdict {
  return notYet({
    cause: "not-installed",
    observed: { en: "Postfix is not installed", ja: "Postfixがインストールされていません" },
    expected,
    where: "dpkg -s postfix",
    hint: { en: "First step 6.01.", ja: "先に6.01を行います。" },
  });
}

/** Parameters in main.cf that nothing in Postfix uses. */
export function unusedParameters({ complaints }: PostfixObservation): readonly string[] {
  return complaints.flatMap((line) => /unused parameter: ([^=\s]+)/.exec(line)?.[1] ?? []);
}

/** Where main.cf sets a parameter: the last line of that name counts. */
export function placeOf({ lines }: PostfixObservation, name: string): string {
  const line = lines.findLast((candidate) => candidate.name === name);
  return line === undefined ? `postconf -n ${name}` : `${line.file}:${line.line}`;
}

/** Whether main.cf's part of step 6.02 is still as the package's installation wrote it. */
export function isMainCfUntouched({ host }: Scene, { set }: PostfixObservation): boolean {
  const name = set["myhostname"] ?? "";
  const isInstallersName = name === "" || name.startsWith(host.hostname) || name.startsWith("localhost");
  return (
    set["mydomain"] === undefined &&
    isInstallersName &&
    (set["inet_interfaces"] ?? "all") === "all" &&
    !(set["mynetworks"] ?? "").includes(".0/24")
  );
}
