import type { MailHostPlan } from "../../model/topology.ts";

/** The two hosts that write to each other, as the scripts take them: host, address, host, address. */
export function correspondents(
  hosts: readonly Pick<MailHostPlan, "name" | "domain" | "users">[],
): readonly string[] {
  const pair = hosts.slice(0, 2).flatMap(({ name, domain, users }) => [name, `${users[0] ?? ""}@${domain}`]);
  if (pair.length < 4) throw new Error("mails cross between two hosts, and the configuration has one");
  return pair;
}
