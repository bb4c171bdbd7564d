import { LabError } from "../../model/lab-error.ts";
import type { Text } from "../../model/text.ts";
import { lookUp, type DnsRecords, type DnsTarget } from "../../protocols/dns.ts";
import type { LabOutputs } from "../stack/lab-outputs.ts";

/** A zone as BIND serves it. */
export interface Zone {
  readonly domain: string;
  readonly records: readonly ZoneRecord[];
  /** Why it could not be asked. */
  readonly problem?: Text;
}

/** A record of a zone. */
interface ZoneRecord {
  /** Without the dot at the end. */
  readonly name: string;
  readonly type: "SOA" | "NS" | "MX" | "A";
  /** As a zone file has it: `10 mail.example1.test`. */
  readonly value: string;
}

/** The loopback, where every lab publishes its ports. */
const loopback = "127.0.0.1";

/**
 * Asks the lab's DNS server for the records that each mail domain has: zone transfers are refused there, so a record
 * that somebody has added under another name is not found.
 */
export async function readZones(outputs: LabOutputs, signal: AbortSignal): Promise<readonly Zone[]> {
  const target = { address: loopback, port: outputs.dns.port, signal };
  return await Promise.all(
    outputs.hosts.map(async ({ name, domain }): Promise<Zone> => {
      try {
        const answers = await Promise.all([
          recordsOf(target, domain, "SOA"),
          recordsOf(target, domain, "NS"),
          recordsOf(target, domain, "MX"),
          recordsOf(target, `dns.${domain}`, "A"),
          recordsOf(target, `mail.${domain}`, "A"),
          recordsOf(target, `${name}.${domain}`, "A"),
        ]);
        return { domain, records: answers.flat() };
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        return { domain, records: [], problem: error.text };
      }
    }),
  );
}

async function recordsOf(
  target: DnsTarget,
  name: string,
  type: keyof DnsRecords,
): Promise<readonly ZoneRecord[]> {
  const { records } = await lookUp(target, name, type);
  return records.map((record) => ({ name, type, value: valueOf(record) }));
}

function valueOf(record: DnsRecords[keyof DnsRecords]): string {
  if (typeof record === "string") return record;
  if ("exchange" in record) return `${record.preference} ${record.exchange}`;
  const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = record;
  return [nsname, hostmaster, serial, refresh, retry, expire, minttl].join(" ");
}
