import { LabError } from "../../model/lab-error.ts";
import type { CheckReport } from "../chapter/check.ts";
import type { StepsPicture } from "./watched-lab.ts";

/** What follows each other this closely is one reason to look. */
const settleMs = 300;
/** Between the end of a look and the next: the hosts have other work. */
const restMs = 700;
/** What nobody tells of is found by looking now and then. */
const slowLookMs = 60_000;

/** Whoever is told of the looks. */
interface StepsEars {
  readonly onLook: (isLooking: boolean, steps: StepsPicture | undefined) => void;
  readonly onProblem: (problem: LabError) => void;
}

/** Looks how far the hosts have come when there is a reason to, one look at a time. */
export class StepsWatch {
  readonly #look: () => Promise<CheckReport | undefined>;
  readonly #ears: StepsEars;
  readonly #slowLook: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isWanted = false;
  #isClosed = false;
  #steps: StepsPicture | undefined;

  /** @param look - gives nothing where there is no lab to look at. */
  constructor(look: () => Promise<CheckReport | undefined>, ears: StepsEars) {
    this.#look = look;
    this.#ears = ears;
    this.#slowLook = setInterval(() => {
      this.want();
    }, slowLookMs);
  }

  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** What the last look found. */
  get steps(): StepsPicture | undefined {
    return this.#steps;
  }

  /** Something has happened: a look is due, after the one that may go on now. */
  want(): void {
    this.#isWanted = true;
    this.#wind(settleMs);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#slowLook);
    clearTimeout(this.#timer);
  }

  #wind(delayMs: number): void {
    if (this.#isClosed || this.#isLooking || this.#timer !== undefined || !this.#isWanted) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, delayMs);
  }

  async #run(): Promise<void> {
    this.#isWanted = false;
    this.#isLooking = true;
    this.#ears.onLook(true, this.#steps);
    try {
      const report = await this.#look();
      this.#steps = report && pictureOf(report);
    } catch (error) {
      if (!this.#isClosed && error instanceof LabError) this.#ears.onProblem(error);
      else if (!this.#isClosed) throw error;
    } finally {
      this.#isLooking = false;
    }
    if (this.#isClosed) return;
    this.#ears.onLook(false, this.#steps);
    this.#wind(restMs);
  }
}

function pictureOf({ startedAt, durationMs, steps, results }: CheckReport): StepsPicture {
  return {
    lookedAt: startedAt,
    durationMs,
    steps: steps.map(({ host, step, status }) => ({ host, step, status })),
    // What another check is the reason of would hide what is to be mended.
    findings: results.filter(({ status, blockedBy }) => status !== "passed" && blockedBy === undefined),
  };
}
