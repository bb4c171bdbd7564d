import { ToolchainError } from "../../toolchain/toolchain-error.ts";
import { LabError } from "../model/lab-error.ts";
import { sameText } from "../model/text.ts";
import type { SeatFault } from "./class-record.ts";

/** What is kept of an error that ended the work on a seat. What is none of the lab's own is a bug, with its stack. */
export function faultOf(error: unknown): SeatFault {
  if (error instanceof LabError || error instanceof ToolchainError) {
    const { code, text, details, hint } = error;
    return { code, text, details: [...details], ...(hint === undefined ? {} : { hint }) };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "LAB_BUG", text: sameText(String(error)), details: stack.split("\n") };
}
