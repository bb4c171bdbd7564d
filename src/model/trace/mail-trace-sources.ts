import type { DnsQuestion } from "../dns-questions.ts";
import type { LoggedHost, MailLogLine } from "../mail/mail-log.ts";
import { readLocalRefusals, readMailboxSessions, readSmtpSessions } from "./mail-trace-sessions.ts";
import type { LocalRefusal, MailboxSession, SmtpSession } from "./mail-trace-sessions.ts";
import { groupStays, type StayGroup } from "./mail-trace-stays.ts";
import type { TraceClient } from "./mail-trace.ts";
import { readStays } from "../mail/queue-stays.ts";

/** What a trace is made from. */
export interface TraceSources {
  readonly hosts: readonly LoggedHost[];
  /** All hosts' lines, in order of time. */
  readonly lines: readonly MailLogLine[];
  /** Host name to its accounts: uid to name. */
  readonly accounts: ReadonlyMap<string, ReadonlyMap<number, string>>;
  /** Address to the lab's name of a machine that is no mail host: `dns`, `desk`. */
  readonly otherNodes: ReadonlyMap<string, string>;
  /** What the DNS server was asked; absent where its log could not be read. */
  readonly questions?: readonly DnsQuestion[];
  /** ` --stack NAME` for the commands that a reason names; empty for the default lab. */
  readonly stackWords: string;
}

/** The same, put in order: each mail, each connection. */
export interface SortedSources extends TraceSources {
  readonly groups: readonly StayGroup[];
  readonly sessions: readonly SmtpSession[];
  readonly localRefusals: readonly LocalRefusal[];
  readonly visits: readonly MailboxSession[];
}

/** Puts the lines of the logs in order. */
export function sortSources(sources: TraceSources): SortedSources {
  const { lines, hosts } = sources;
  return {
    ...sources,
    groups: groupStays(readStays(lines), hosts),
    sessions: readSmtpSessions(lines),
    localRefusals: readLocalRefusals(lines),
    visits: readMailboxSessions(lines),
  };
}

/** Who has an address: a host of the lab, another of its machines, else somebody outside of it. */
export function clientAt(sources: TraceSources, on: string, address: string, name = "unknown"): TraceClient {
  const isHere = address.startsWith("127.") || address === "::1";
  const host = sources.hosts.find((candidate) => candidate.address === address)?.name;
  const node = isHere ? on : (host ?? sources.otherNodes.get(address));
  return { name, address, ...(node === undefined ? {} : { node }) };
}
