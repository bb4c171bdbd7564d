import type { TraceAnswer } from "./trace/mail-trace.ts";

/** A name that may be asked for: letters, digits, dots, dashes and underscores, and no option of `dig`. */
export function isPlainName(name: string): boolean {
  return /^[\w][\w.-]{0,252}$/.test(name);
}

/** The line of the shell that asks the host's own resolver, with no EDNS and no cookie: a student's own dig is known by those. */
export function digCommand(name: string, type: TraceAnswer["type"]): string {
  return `dig +nocookie +noedns +noall +comments +answer +tries=1 +time=2 -q ${name} -t ${type}`;
}

/** What `dig +comments +answer` printed. */
export function parseDigAnswer(name: string, type: TraceAnswer["type"], printed: string): TraceAnswer {
  const [, status = "NO_ANSWER"] = /, status: (\w+),/.exec(printed) ?? [];
  const records = printed.split("\n").flatMap((line) => {
    const [, of, value] = /^\S+\s+\d+\s+IN\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return of === type && value !== undefined ? [value.replace(/\.$/, "")] : [];
  });
  const code = status === "NOERROR" && records.length === 0 ? "NODATA" : status;
  return { name, type, code, records: records.sort() };
}
