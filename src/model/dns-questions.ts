/** A question that somebody asked the lab's DNS server. */
export interface DnsQuestion {
  readonly atMs: number;
  /** The address that asked. */
  readonly client: string;
  readonly name: string;
  /** `MX`, `A`, `AAAA`, `PTR`. */
  readonly type: string;
  /** BIND's letters for how it was asked: `+` recursion wanted, `E(0)` EDNS, `K` a cookie. */
  readonly flags: string;
}

/** Time in UTC, the client's address and port, the name, class, type and flags: BIND's category `queries`. */
const questionPattern =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z) client (?:@\S+ )?(\S+)#\d+ \(.*?\): (?:view \S+: )?query: (\S+) \S+ (\S+) (\S+) /;

/** The questions in BIND's file of them, oldest first; lines of another form are left out. */
export function parseDnsQuestions(log: string): readonly DnsQuestion[] {
  return log.split("\n").flatMap((line) => {
    const [, at, client, name, type, flags] = questionPattern.exec(line) ?? [];
    if (at === undefined || client === undefined || name === undefined) return [];
    if (type === undefined || flags === undefined) return [];
    return [{ atMs: Date.parse(at), client, name: name.toLowerCase(), type, flags }];
  });
}
