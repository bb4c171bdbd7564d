import { randomBytes } from "node:crypto";

/**
 * A name that no other run uses, such as `conf-live-3f9ac1`, for what a test makes on the engine and for its label:
 * another clone that tests there at the same time has its own, and neither removes the other's.
 */
export function runName(what: string): string {
  return `conf-${what}-${randomBytes(3).toString("hex")}`;
}
