import { steps } from "../course/steps.ts";
import { sameText, type Text } from "../model/text.ts";
import { catalogue, foundation } from "./catalogue.ts";
import {
  stepOf,
  type Check,
  type CheckId,
  type CheckResult,
  type CheckStatus,
  type Verdict,
} from "./check.ts";
import type { CheckedLab, ObservedHost, Scene } from "./observation.ts";
import { peerOf, type LabObservation } from "./observe-lab.ts";

/** What was observed of a lab, with what the engine knows of it. */
export interface JudgedLab {
  readonly lab: CheckedLab;
  readonly observed: LabObservation;
  /** Host name to when its container was made, in milliseconds. */
  readonly createdMs: ReadonlyMap<string, number>;
}

/** A result before it is known what it stands on. */
interface Raw {
  readonly check: Check;
  readonly host: string;
  readonly verdict: Verdict | undefined;
}

/** Judges every check on every host, host by host, in the chapter's order. */
export function judgeLab(judged: JudgedLab, checks: readonly Check[] = catalogue): readonly CheckResult[] {
  const raw = judged.observed.hosts.flatMap((observed) => {
    const scene = sceneOf(judged, observed);
    return checks.map((check): Raw => {
      const canJudge = observed.seen !== undefined || check.isBlind === true;
      return { check, host: observed.host.name, verdict: canJudge ? check.judge(scene) : undefined };
    });
  });
  return new Settlement(raw).results();
}

function sceneOf({ lab, observed, createdMs }: JudgedLab, own: ObservedHost): Scene {
  const peer = peerOf(
    observed.hosts.map(({ host }) => host),
    own.host.name,
  );
  return {
    lab,
    host: own.host,
    // A check that is not blind is never asked where this is missing.
    seen: own.seen as Scene["seen"],
    failure: own.failure,
    probes: own.probes,
    peer: observed.hosts.find(({ host }) => host.name === peer?.name) ?? own,
    others: observed.hosts.filter(({ host }) => host.name !== own.host.name),
    dns: observed.dns,
    createdMs: createdMs.get(own.host.name),
  };
}

const reasons = {
  "step-before": {
    observed: { en: "a step before is not done yet", ja: "前の手順がまだです" },
    hint: {
      en: "It follows by itself, or is looked at, once that one is done.",
      ja: "先にそちらを行います。",
    },
  },
  blocked: {
    observed: {
      en: "does not work, because of another line",
      ja: "別の行の問題のため、動作しません（または調べられません）",
    },
    hint: { en: "Mend that one first.", ja: "先にそちらを直します。" },
  },
} as const;

/** Finds out which failure is only another one's consequence. */
class Settlement {
  readonly #raw: readonly Raw[];
  readonly #hosts: readonly string[];
  readonly #settled = new Map<string, CheckResult>();

  constructor(raw: readonly Raw[]) {
    this.#raw = raw;
    this.#hosts = [...new Set(raw.map(({ host }) => host))];
  }

  results(): readonly CheckResult[] {
    return this.#raw.map(({ check, host }) => this.#settle(host, check.id));
  }

  #settle(host: string, id: CheckId): CheckResult {
    const key = `${host} ${id}`;
    const known = this.#settled.get(key);
    if (known !== undefined) return known;
    const raw = this.#raw.find((one) => one.host === host && one.check.id === id);
    if (raw === undefined) throw new Error(`there is no check ${key}`);
    const { check, verdict } = raw;
    const common = { host, id, step: stepOf(id), title: check.title };
    const result = this.#resultOf(common, check, verdict);
    this.#settled.set(key, result);
    return result;
  }

  #resultOf(
    common: Pick<CheckResult, "host" | "id" | "step" | "title">,
    check: Check,
    verdict: Verdict | undefined,
  ): CheckResult {
    const { host } = common;
    if (verdict === undefined) return blocked(common, "unknown", `${host} foundation/login`);
    const [earlier] = check.after ?? [];
    if (earlier !== undefined && check.after?.every((id) => this.#isUntouched(host, id)) === true) {
      return blocked(common, "not-yet", `${host} ${earlier}`);
    }
    if (verdict.status === "passed") return { ...common, ...verdict };
    const needed = (check.needs ?? []).flatMap((need) => this.#needed(host, need));
    const failing = needed.filter(({ status }) => status !== "passed");
    const reason =
      failing.find(({ status }) => status === "wrong") ?? failing.find(({ status }) => status === "unknown");
    if (reason !== undefined)
      return blocked(common, "unknown", reason.blockedBy ?? `${reason.host} ${reason.id}`);
    const [first] = failing;
    if (first !== undefined)
      return blocked(common, "not-yet", first.blockedBy ?? `${first.host} ${first.id}`);
    return { ...common, ...verdict };
  }

  #needed(host: string, need: string): readonly CheckResult[] {
    const [id, where] = need.split("@") as [CheckId, "others" | undefined];
    const hosts = where === "others" ? this.#hosts.filter((name) => name !== host) : [host];
    return hosts.map((name) => this.#settle(name, id));
  }

  /** Whether what a check looks at is as before its step, whatever else it stands on. */
  #isUntouched(host: string, id: CheckId): boolean {
    const raw = this.#raw.find((one) => one.host === host && one.check.id === id);
    return raw?.verdict?.status === "not-yet";
  }
}

function blocked(
  common: Pick<CheckResult, "host" | "id" | "step" | "title">,
  status: "unknown" | "not-yet",
  blockedBy: string,
): CheckResult {
  const cause = status === "unknown" ? "blocked" : "step-before";
  return { ...common, status, cause, blockedBy, ...reasons[cause] };
}

/** From good to bad; a step is as bad as its worst check. */
const order: readonly CheckStatus[] = ["passed", "not-yet", "unknown", "wrong"];

/** How a step stands on a host. */
export interface StepResult {
  readonly host: string;
  readonly step: string;
  readonly title: Text;
  readonly status: CheckStatus;
}

/** Each step's own result on each host: the worst of its checks'. */
export function stepResults(results: readonly CheckResult[]): readonly StepResult[] {
  const byKey = new Map<string, StepResult>();
  for (const { host, step, status } of results) {
    const key = `${host} ${step}`;
    const before = byKey.get(key)?.status ?? "passed";
    const isWorse = order.indexOf(status) > order.indexOf(before);
    byKey.set(key, { host, step, title: titleOf(step), status: isWorse ? status : before });
  }
  return [...byKey.values()];
}

/** What the foundation is called, which is no step of the chapter. */
export const foundationTitle: Text = {
  en: "Foundation: hosts, DNS, network",
  ja: "土台（ホスト・DNS・ネットワーク）",
};

function titleOf(step: string): Text {
  return (
    steps.find(({ id }) => id === step)?.title ?? (step === foundation ? foundationTitle : sameText(step))
  );
}
