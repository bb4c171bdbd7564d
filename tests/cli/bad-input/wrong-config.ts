import type { BadConfig } from "./bad-input.ts";

export const host = { name: "host1", domain: "example1.test", address: "192.168.1.12", users: ["user1"] };
export const other = { name: "host2", domain: "example2.test", address: "192.168.1.13", users: ["user2"] };
export const ports = { ssh: 2201, smtp: 2501, pop3: 11_001, imap: 14_301 };

/** A row whose code is `LAB_CONFIG`. */
export function wrong(
  name: string,
  config: Readonly<Record<string, unknown>>,
  en: readonly string[],
  ja: readonly string[],
): BadConfig {
  return { name, config, code: "LAB_CONFIG", exit: 2, en, ja };
}

/** The default lab with what is wrong in its first host. */
export const withHost = (changes: object) => ({ hosts: [{ ...host, ...changes }, other] });
