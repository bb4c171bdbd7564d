import type { Addressing } from "../../model/lab-config.ts";
import { ratioOf, spreadOf, type Flood, type Spread } from "./figures.ts";
import type { MachineFacts } from "./machine-facts.ts";

/** The figures of one turn. */
export interface BenchRun {
  readonly addressing: Addressing;
  /** `./lab up` and a mail each way, from nothing running. */
  readonly labSeconds: number;
  /** The `./lab up` in it. */
  readonly upSeconds: number;
  readonly unchangedUpSeconds: number;
  readonly downSeconds: number;
  /** In use by the lab's containers together, after the second `up` and before the flood. */
  readonly memoryBytes: number;
  readonly labFlood: Flood | undefined;
  /** The same as `labSeconds` by the plain script. */
  readonly baselineSeconds: number;
  readonly baselineFlood: Flood | undefined;
}

/** What was measured, with what it depends on. */
export interface BenchResult {
  /** The lab that was measured; it is gone. */
  readonly stack: string;
  readonly machine: MachineFacts;
  /** Who stands behind Pulumi's plugins. */
  readonly plugins: "official" | "offline";
  readonly addressing: readonly Addressing[];
  readonly runs: readonly BenchRun[];
  readonly lab: Spread;
  readonly baseline: Spread;
  /** The lab's median to the baseline's. */
  readonly ratio: number;
  readonly unchangedUp: Spread;
  readonly down: Spread;
  readonly memoryBytes: Spread;
  /** Absent where no mails were asked for. */
  readonly mails?: MailFigures;
}

/** What the floods of all runs came to. */
interface MailFigures {
  /** Mails of one flood. */
  readonly sent: number;
  /** Of the lab's and the baseline's floods together. */
  readonly lost: number;
  readonly doubled: number;
  readonly labPerSecond: Spread;
  readonly baselinePerSecond: Spread;
  readonly ratio: number;
}

/** Puts the runs' figures together. */
export function summarize(
  stack: string,
  machine: MachineFacts,
  plugins: BenchResult["plugins"],
  runs: readonly BenchRun[],
): BenchResult {
  const spread = (figure: (run: BenchRun) => number): Spread => spreadOf(runs.map(figure));
  const lab = spread(({ labSeconds }) => labSeconds);
  const baseline = spread(({ baselineSeconds }) => baselineSeconds);
  const mails = mailFigures(runs);
  return {
    stack,
    machine,
    plugins,
    addressing: [...new Set(runs.map(({ addressing }) => addressing))],
    runs,
    lab,
    baseline,
    ratio: ratioOf(lab, baseline),
    unchangedUp: spread(({ unchangedUpSeconds }) => unchangedUpSeconds),
    down: spread(({ downSeconds }) => downSeconds),
    memoryBytes: spread(({ memoryBytes }) => memoryBytes),
    ...(mails === undefined ? {} : { mails }),
  };
}

function mailFigures(runs: readonly BenchRun[]): MailFigures | undefined {
  const ofLab = runs.flatMap(({ labFlood }) => labFlood ?? []);
  const ofBaseline = runs.flatMap(({ baselineFlood }) => baselineFlood ?? []);
  const [first] = ofLab;
  if (first === undefined) return undefined;
  const all = [...ofLab, ...ofBaseline];
  const labPerSecond = spreadOf(ofLab.map(({ mailsPerSecond }) => mailsPerSecond));
  const baselinePerSecond = spreadOf(ofBaseline.map(({ mailsPerSecond }) => mailsPerSecond));
  return {
    sent: first.sent,
    lost: all.reduce((sum, { lost }) => sum + lost, 0),
    doubled: all.reduce((sum, { doubled }) => sum + doubled, 0),
    labPerSecond,
    baselinePerSecond,
    ratio: ratioOf(labPerSecond, baselinePerSecond),
  };
}
