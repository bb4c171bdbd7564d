import type { MxRecord, SoaRecord } from "node:dns";
import { Resolver } from "node:dns/promises";
import { Deadline } from "./deadline.ts";
import { describeCause, protocolError, statusHint } from "./protocol-error.ts";

/** The records that a lookup may ask for, and what each gives. */
export interface DnsRecords {
  A: string;
  MX: { exchange: string; preference: number };
  NS: string;
  SOA: SoaRecord;
}

/** A server's answer; an answer without records is an answer. NODATA is NOERROR with no record of the type. */
export interface DnsAnswer<Type extends keyof DnsRecords> {
  code: "NOERROR" | "NODATA" | "NXDOMAIN" | "REFUSED" | "SERVFAIL";
  records: DnsRecords[Type][];
}

/** Which server to ask. */
export interface DnsTarget {
  /** An IP address. */
  address: string;
  port: number;
  /** Time for the answer; 3 s unless given. */
  deadlineMs?: number;
  signal?: AbortSignal;
}

const ANSWER_BUDGET_MS = 3_000;

const RESPONSE_CODES: Partial<Record<string, DnsAnswer<"A">["code"]>> = {
  ENODATA: "NODATA",
  ENOTFOUND: "NXDOMAIN",
  EREFUSED: "REFUSED",
  ESERVFAIL: "SERVFAIL",
};

/**
 * Asks one DNS server.
 *
 * @throws LabError `LAB_DNS_NO_ANSWER`
 */
export async function lookUp<Type extends keyof DnsRecords>(
  target: DnsTarget,
  name: string,
  type: Type,
): Promise<DnsAnswer<Type>> {
  const where = `${target.address}:${target.port}`;
  const deadline = new Deadline(target.deadlineMs ?? ANSWER_BUDGET_MS, target.signal);
  // one try: a server in the lab that needs a second one is not well
  const resolver = new Resolver({ timeout: deadline.budgetMs, tries: 1 });
  resolver.setServers([where]);
  try {
    const records = await deadline.race(resolve(resolver, name, type));
    return { code: "NOERROR", records };
  } catch (cause) {
    const systemCode = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const code = RESPONSE_CODES[systemCode];
    if (code !== undefined) return { code, records: [] };
    throw protocolError({
      code: "LAB_DNS_NO_ANSWER",
      what: { en: `asking for ${type} of ${name}`, ja: `${name} の ${type} の問い合わせ` },
      where,
      observed: describeCause(cause),
      budgetMs: deadline.budgetMs,
      hint: statusHint,
      cause,
    });
  } finally {
    resolver.cancel();
  }
}

async function resolve<Type extends keyof DnsRecords>(
  resolver: Resolver,
  name: string,
  type: Type,
): Promise<DnsRecords[Type][]> {
  const ask: { [T in keyof DnsRecords]: () => Promise<DnsRecords[T][]> } = {
    A: () => resolver.resolve4(name),
    MX: async () => (await resolver.resolveMx(name)).map(toMx),
    NS: () => resolver.resolveNs(name),
    SOA: async () => [await resolver.resolveSoa(name)],
  };
  return await ask[type]();
}

function toMx({ exchange, priority }: MxRecord): DnsRecords["MX"] {
  return { exchange, preference: priority };
}
