import { digCommand, isPlainName, parseDigAnswer } from "../../model/dig-answer.ts";
import { administrator } from "../../model/lab-secrets.ts";
import type { TraceAnswer, TraceEvent } from "../../model/trace/mail-trace.ts";
import type { SshConnection } from "../../protocols/ssh.ts";
import { onHost } from "../access/connect.ts";
import type { LabContext } from "../lab-context.ts";
import { hostNamed, type LabOutputs } from "../stack/lab-outputs.ts";

type AskedDns = Extract<TraceEvent, { readonly kind: "asked-dns" }>;

/** As many domains as are asked for: a mail to hundreds of them should not take minutes. */
const mostDomains = 10;

/**
 * Puts to each question the answer that its host gets now. The host itself asks: the server of a closed lab refuses
 * whoever isn't of the lab. Each domain is asked for once a host, and shown where it was asked last.
 */
export async function askAgain(
  { signal }: LabContext,
  outputs: LabOutputs,
  events: readonly TraceEvent[],
): Promise<readonly TraceEvent[]> {
  const latest = new Map<string, AskedDns>();
  for (const event of events) {
    if (event.kind !== "asked-dns" || !isPlainName(event.domain)) continue;
    const key = `${event.host}/${event.domain}`;
    if (latest.has(key) || latest.size < mostDomains) latest.set(key, event);
  }
  const byHost = Map.groupBy(latest.values(), ({ host }) => host);
  const answers = await Promise.all(
    [...byHost].map(([name, asked]) =>
      onHost(outputs, hostNamed(outputs, name), { user: administrator, signal }, (connection) =>
        Promise.all(
          asked.map(async (event) => [event, await answersFor(connection, event.domain, signal)] as const),
        ),
      ),
    ),
  );
  const found = new Map<TraceEvent, readonly TraceAnswer[]>(answers.flat());
  const answeredMs = Date.now();
  return events.map((event) => {
    const answersNow = found.get(event);
    return event.kind !== "asked-dns" || answersNow === undefined
      ? event
      : { ...event, answersNow, answeredMs };
  });
}

/** The MX records, and the addresses of the servers that they name; the domain's own where it has none (RFC 5321, 5.1). */
async function answersFor(
  connection: SshConnection,
  domain: string,
  signal: AbortSignal,
): Promise<readonly TraceAnswer[]> {
  const ask = async (name: string, type: TraceAnswer["type"]): Promise<TraceAnswer> => {
    const { stdout } = await connection.run(digCommand(name, type), { signal });
    return parseDigAnswer(name, type, stdout);
  };
  const mx = await ask(domain, "MX");
  if (mx.code !== "NOERROR" && mx.code !== "NODATA") return [mx];
  const servers = mx.code === "NODATA" ? [domain] : mx.records.map((record) => record.split(" ")[1] ?? "");
  const named = servers.filter(isPlainName).slice(0, mostDomains);
  return [mx, ...(await Promise.all(named.map((name) => ask(name, "A"))))];
}
