import type { StrangersWay } from "../../src/checks/observe-lab.ts";
import { strangersWay as wayOf } from "../../src/lab/chapter/strangers-way.ts";
import { type HostUnderTest, labUnderTest } from "./lab-under-test.ts";

/**
 * Where somebody outside the lab reaches a host's SMTP, and from which address of the machine.
 *
 * @returns `undefined` where this machine has no such way
 */
export function strangersWay(host: HostUnderTest): StrangersWay | undefined {
  return wayOf({ network: labUnderTest() }, host);
}
