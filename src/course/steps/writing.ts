import { administrator } from "../../model/lab-secrets.ts";
import type { MailHostPlan, Topology } from "../../model/topology.ts";
import type { Setting } from "../step.ts";
import type { Answer, Edit, Place, TypedLine } from "../transcript.ts";

/** The lines that one makes for each host, in the hosts' order. */
export function perHost<Line>(
  { hosts }: Topology,
  linesOf: (host: MailHostPlan) => readonly Line[],
): readonly Line[] {
  return hosts.flatMap(linesOf);
}

/** A block of indented lines. */
export function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}

/** `name = value`, as it stands in a configuration file. */
export function settingLine([name, value]: Setting): string {
  return `${name} = ${value}`;
}

/** A command typed by the administrator. */
export function command(host: MailHostPlan, line: string, answers: readonly Answer[] = []): TypedLine {
  return { kind: "command", host: host.name, user: administrator, line, answers };
}

/** A file that the administrator opens in vi. */
export function edit(host: MailHostPlan, file: string, edits: readonly Edit[]): TypedLine {
  return { kind: "edit", host: host.name, user: administrator, line: `sudo vi ${file}`, file, edits };
}

/** Settings as edits, each at its place. */
export function editsOf(settings: readonly Setting[], placeOf: (name: string) => Place): readonly Edit[] {
  return settings.map(([name, value]) => ({ kind: "setting", name, value, place: placeOf(name) }));
}

/** The host that a host's user writes to: the next one, so that everybody gets a mail. */
export function peerOf({ hosts }: Topology, host: MailHostPlan): MailHostPlan {
  return hosts[(hosts.indexOf(host) + 1) % hosts.length] ?? host;
}

/** The first mail user of a host, the one that the chapter works with. */
export function firstUser(host: MailHostPlan): string {
  return host.users[0] ?? administrator;
}
