import type { Start } from "../../model/lab-config.ts";
import { ratioOf, spreadOf, type Spread } from "./figures.ts";
import { fitLine, type LineFit } from "./line-fit.ts";
import type { MachineFacts } from "./machine-facts.ts";

/** Figures of both sides that a run may have; those of the kernel need an engine on this Linux. */
export interface SeatsRun {
  /** `./lab seats up`, from nothing running, to its end. */
  readonly upSeconds: number;
  /** From its start until a mail has crossed both ways in every seat; only where there is a Postfix. */
  readonly mailSeconds?: number;
  readonly downSeconds: number;
  /** Processor time of `./lab seats up` and all that it started. */
  readonly commandCpuSeconds?: number;
  /** Processor time of the containers since their start; the mails, where they cross, are in it. */
  readonly containerCpuSeconds: number;
  /** Processor time of the whole machine meanwhile, the Docker engine's and other work's with it. */
  readonly machineCpuSeconds?: number;
  /** The most that the command and all that it started had of memory of their own. */
  readonly commandPeakBytes?: number;
  /** In use by all containers. */
  readonly memoryBytes: number;
  /** What the machine had less of available memory: with the Docker engine's processes for each container and port. */
  readonly machineMemoryBytes?: number;
  /** What the containers have written. */
  readonly diskBytes: number;
  readonly containers: number;
  readonly networks: number;
  /** Inotify instances of user 0 that came with the seats. */
  readonly inotifyInstances?: number;
  /** The plain script, until sshd answers everywhere. */
  readonly baselineSeconds: number;
  /** The same until Postfix answers everywhere. */
  readonly baselineSmtpSeconds?: number;
  readonly baselineDownSeconds: number;
  readonly baselineContainerCpuSeconds: number;
  readonly baselineMachineCpuSeconds?: number;
  readonly baselineMemoryBytes: number;
}

/** A figure of a run. */
export type SeatsFigure = keyof SeatsRun;

/** What was measured of so many seats at a stage. */
export interface SeatsMeasurement {
  readonly seats: number;
  readonly stage: Start;
  readonly runs: readonly SeatsRun[];
}

/** A measurement with its figures over the runs. */
export interface SeatsSummary extends SeatsMeasurement {
  /** Of all seats together. */
  readonly figures: Partial<Readonly<Record<SeatsFigure, Spread>>>;
  readonly ratios: SeatsRatios;
}

/** Medians of the lab's figures to the script's. */
interface SeatsRatios {
  /** `seats up` to the script, until sshd answers everywhere. */
  readonly up: number;
  /** Until the mails have crossed, to the script until Postfix answers everywhere; it applies no step, sends no mail. */
  readonly mail?: number;
  /** The same to the script until sshd answers. */
  readonly mailToSshd?: number;
  readonly down: number;
}

/** How a figure grows with the seats: the line through the medians of all numbers of seats. */
export interface SeatsFit extends LineFit {
  readonly stage: Start;
  readonly figure: SeatsFigure;
}

/** What `./lab bench --seats` measured, with what it depends on. */
export interface SeatsBenchResult {
  /** The class that was measured; it is gone. */
  readonly stack: string;
  readonly machine: MachineFacts & {
    /** The most inotify instances of one user; absent where the engine is no Linux of this machine. */
    readonly inotifyLimit?: number;
  };
  readonly plugins: "official" | "offline";
  readonly measurements: readonly SeatsSummary[];
  /** None where only one number of seats was measured. */
  readonly fits: readonly SeatsFit[];
}

/** The figures of a measurement over its runs; one that a run lacks is left out. */
export function summarizeSeats(measurement: SeatsMeasurement): SeatsSummary {
  const { runs } = measurement;
  const names = Object.keys(runs[0] ?? {}) as SeatsFigure[];
  const figures = Object.fromEntries(
    names.flatMap((name) => {
      const values = runs.flatMap((run) => run[name] ?? []);
      return values.length === runs.length ? [[name, spreadOf(values)]] : [];
    }),
  ) as SeatsSummary["figures"];
  const ratio = (figure: SeatsFigure, baseline: SeatsFigure): number | undefined => {
    const [above, below] = [figures[figure], figures[baseline]];
    return above === undefined || below === undefined ? undefined : ratioOf(above, below);
  };
  const mail = ratio("mailSeconds", "baselineSmtpSeconds");
  const mailToSshd = ratio("mailSeconds", "baselineSeconds");
  return {
    ...measurement,
    figures,
    ratios: {
      up: ratio("upSeconds", "baselineSeconds") ?? Number.NaN,
      ...(mail === undefined ? {} : { mail }),
      ...(mailToSshd === undefined ? {} : { mailToSshd }),
      down: ratio("downSeconds", "baselineDownSeconds") ?? Number.NaN,
    },
  };
}

/** The lines through the medians, a stage and a figure each. */
export function fitSeats(summaries: readonly SeatsSummary[]): readonly SeatsFit[] {
  const stages = [...new Set(summaries.map(({ stage }) => stage))];
  return stages.flatMap((stage) => {
    const ofStage = summaries.filter((summary) => summary.stage === stage);
    const names = Object.keys(ofStage[0]?.figures ?? {}) as SeatsFigure[];
    return names.flatMap((figure) => {
      const points = ofStage.flatMap(({ seats, figures }) => {
        const spread = figures[figure];
        return spread === undefined ? [] : [{ x: seats, y: spread.median }];
      });
      const fit = fitLine(points);
      return fit === undefined ? [] : [{ stage, figure, ...fit }];
    });
  });
}
