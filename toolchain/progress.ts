import type { LocalText } from "./local-text.ts";

/** One thing that the toolchain brings or looks for, as a person sees it. */
export interface ProgressStep {
  /** Stable name, for tests and logs: `docker-install`. */
  readonly id: string;
  readonly title: LocalText;
}

/** How a step ended. */
interface StepEnd {
  readonly outcome: "done" | "failed";
  /** Time since the step began, in milliseconds. */
  readonly ms: number;
  /** What was found or brought, in a few words: `Engine 28.5.2`. */
  readonly note?: string;
}

/** A step that runs; steps may overlap, so each has its own. */
interface RunningStep {
  /** One line of what goes on, of which a terminal shows the newest. */
  line(text: string): void;
  end(end: StepEnd): void;
}

/** Where the toolchain says what it does; the command line renders it, tests collect it. */
export interface ProgressReporter {
  begin(step: ProgressStep): RunningStep;
  /** A sentence beside the steps, such as a decision and its reason. */
  say(text: LocalText): void;
}

/** What the work of a step may say while it runs. */
export interface StepVoice {
  line(text: string): void;
  /** Sets the few words shown when the step is done. */
  note(text: string): void;
}

/** Runs `work` as one step: begun before it, ended after it with its time, also when it throws. */
export async function inStep<T>(
  report: ProgressReporter,
  step: ProgressStep,
  work: (voice: StepVoice) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const running = report.begin(step);
  let note: string | undefined;
  const end = (outcome: StepEnd["outcome"]): void => {
    const ms = Math.round(performance.now() - startedAt);
    running.end(note === undefined ? { outcome, ms } : { outcome, ms, note });
  };
  const voice: StepVoice = {
    line: (text) => {
      running.line(text);
    },
    note: (text) => {
      note = text;
    },
  };
  try {
    const result = await work(voice);
    end("done");
    return result;
  } catch (error) {
    end("failed");
    throw error;
  }
}
