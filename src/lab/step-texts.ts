import type { Text } from "../model/text.ts";

/** A step for its reader. */
export interface StepText {
  /** `foundation`, `6.05`. */
  readonly id: string;
  readonly title: Text;
  /** Hosts where it is done; empty for the foundation, and where it is done at a client. */
  readonly hosts: readonly string[];
  /** What to do; lines are parted by LF. Absent for the foundation. */
  readonly task?: Text;
  readonly hint?: Text;
}
