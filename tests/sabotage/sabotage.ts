import type { CheckId } from "../../src/checks/check.ts";
import type { Cause } from "../../src/checks/cause.ts";
import type { Text } from "../../src/model/text.ts";

/** A mail host of the lab. */
export type HostName = "host1" | "host2";

/** A container of the lab. */
export type NodeName = HostName | "dns";

/**
 * Something that is done to the lab, as POSIX shell lines that root runs; `set -eu` and the functions of
 * shell-functions.sh are there.
 */
export interface Deed {
  /**
   * administrator  by ssh and sudo, as a person does it
   * engine         by the engine in the node's container: the DNS server has no ssh, a broken host may have none
   * network        in a short-lived container that shares the node's network, and nothing else of it
   * machine        by the machine's root, in what the node sees mounted
   * container      the engine's own word (`stop`, `start`) for the node's container
   */
  readonly as: "administrator" | "engine" | "network" | "machine" | "container";
  readonly on: NodeName;
  readonly lines: string;
}

/** A check that has to fail by itself, and for which reason. */
export interface Finding {
  readonly host: HostName;
  readonly id: CheckId;
  readonly cause: Cause;
}

/** A way to change a finished lab, and the way back. */
export interface Change {
  /** Stable word, kebab-case. */
  readonly id: string;
  readonly title: Text;
  /** Files that are copied aside before, and are put back with owner, mode and time (or removed again) after. */
  readonly keeps: Partial<Record<NodeName, readonly string[]>>;
  readonly deeds: readonly Deed[];
  /** What is done once the kept files are back. */
  readonly mends: readonly Deed[];
}

/** Something broken, and what the checks have to say of it. */
export interface Sabotage extends Change {
  /** Every check that fails by itself. Those that fail because one of these does are not listed. */
  readonly finds: readonly Finding[];
}

/** Another right answer: it works, and whoever chose it is told where it differs from the book. */
export interface Variant extends Change {
  /** Checks that pass and name a difference. */
  readonly notes: readonly { readonly host: HostName; readonly id: CheckId }[];
}

/** What is told of a change of one host, done by its administrator. */
interface HostChange {
  readonly on: HostName;
  readonly title: Text;
  readonly keeps?: readonly string[];
  /** What is done. */
  readonly does: string;
  /** What is done once the kept files are back. */
  readonly mends?: string;
}

/** A change that the administrator of one host makes, and takes back. */
export function onHost(id: string, { on, title, keeps = [], does, mends }: HostChange): Change {
  return {
    id,
    title,
    keeps: { [on]: keeps },
    deeds: [{ as: "administrator", on, lines: does }],
    mends: mends === undefined ? [] : [{ as: "administrator", on, lines: mends }],
  };
}

/** What is broken may be just what a start needs. */
function tryRestart(service: string): string {
  return `restart ${service} || echo "${service} does not start"`;
}

/** Postfix's main.cf changed, and Postfix restarted, as the chapter says. */
export function mainCf(id: string, change: Omit<HostChange, "keeps" | "mends">): Change {
  return onHost(id, {
    ...change,
    keeps: ["/etc/postfix/main.cf"],
    does: `${change.does}\n${tryRestart("postfix")}`,
    mends: "restart postfix",
  });
}

/** A file of Dovecot's conf.d changed, and Dovecot restarted. */
export function dovecotFile(
  id: string,
  file: string,
  change: Omit<HostChange, "keeps" | "mends" | "does"> & { readonly does: (path: string) => string },
): Change {
  const path = `/etc/dovecot/conf.d/${file}`;
  return onHost(id, {
    ...change,
    keeps: [path],
    does: `${change.does(path)}\n${tryRestart("dovecot")}`,
    mends: "restart dovecot",
  });
}

/** A check that fails by itself, and why. */
export type IdAndCause = readonly [id: CheckId, cause: Cause];

/** Adds to a change of a host what its checks must find. */
export function found(change: Change, on: HostName, ...finds: readonly IdAndCause[]): Sabotage {
  return { ...change, finds: findingsOn(on, ...finds) };
}

/**
 * A row during which Dovecot does not answer. Postfix's smtpd then ends as soon as it starts, and master(8) holds it
 * back for a minute: Postfix has to be restarted with Dovecot.
 */
export function withoutDovecot(sabotage: Sabotage): Sabotage {
  const mends = sabotage.mends.map((deed) => ({ ...deed, lines: `${deed.lines}\nrestart postfix` }));
  return { ...sabotage, mends };
}

/** Findings of one host. */
export function findingsOn(host: HostName, ...finds: readonly IdAndCause[]): readonly Finding[] {
  return finds.map(([id, cause]) => ({ host, id, cause }));
}

/** What belongs to a host of the chapter, and to the other one. */
export const hostFacts = {
  host1: { domain: "example1.test", address: "192.168.1.12", user: "user1", other: "host2" },
  host2: { domain: "example2.test", address: "192.168.1.13", user: "user2", other: "host1" },
} as const;

/** A right answer on one host, and the checks there that name how it differs from the book. */
export function variant(change: Change, on: HostName, ...ids: CheckId[]): Variant {
  return { ...change, notes: ids.map((id) => ({ host: on, id })) };
}
