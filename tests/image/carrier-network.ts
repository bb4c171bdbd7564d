import { randomBytes } from "node:crypto";
import { execa } from "execa";

/** The label of everything that these tests make on the engine. */
export const testLabel = "mail-lab-image-test";

/** A name that no other run uses. */
export function uniqueName(what: string): string {
  return `imgtest-${what}-${randomBytes(3).toString("hex")}`;
}

/** A Docker network of a test; removed with `await using`. */
export interface CarrierNetwork extends AsyncDisposable {
  readonly name: string;
  readonly subnet: string;
  readonly gateway: string;
}

/**
 * Makes a network.
 *
 * @param third - the third number of its addresses, 10.77.<third>.0/24: one for each test file.
 * @param hasWayOut - without one, answers from the outside never come back, as in a room with no Internet.
 */
export async function createCarrierNetwork(third: number, hasWayOut = true): Promise<CarrierNetwork> {
  const name = uniqueName("net");
  const subnet = `10.77.${third}.0/24`;
  const gateway = `10.77.${third}.1`;
  const noWayOut = ["--opt", "com.docker.network.bridge.enable_ip_masquerade=false"];
  const words = ["--label", testLabel, "--subnet", subnet, "--gateway", gateway];
  await execa("docker", ["network", "create", ...words, ...(hasWayOut ? [] : noWayOut), name]);
  return {
    name,
    subnet,
    gateway,
    async [Symbol.asyncDispose]() {
      await execa("docker", ["network", "rm", name]);
    },
  };
}
