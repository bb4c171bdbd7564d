import type { Text } from "../model/text.ts";

/** A zone as BIND serves it. */
export interface Zone {
  readonly domain: string;
  readonly records: readonly ZoneRecord[];
  /** Why it could not be asked. */
  readonly problem?: Text;
}

/** A record of a zone. */
export interface ZoneRecord {
  /** Without the dot at the end. */
  readonly name: string;
  readonly type: "SOA" | "NS" | "MX" | "A";
  /** As a zone file has it: `10 mail.example1.test`. */
  readonly value: string;
}
