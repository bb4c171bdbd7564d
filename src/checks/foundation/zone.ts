import type { Check, FailedVerdict } from "../check.ts";
import type { Cause } from "../cause.ts";
import type { NameAnswer } from "../observation.ts";
import { passed, unknown, wrong } from "../verdict.ts";

/** The lab's DNS server, asked itself, has the host's domain: who receives its mail, and where that is. */
export const zone: Check = {
  id: "foundation/zone",
  title: { en: "DNS has the domain's MX and A records", ja: "DNSのゾーン（MXレコードとAレコード）" },
  isBlind: true,
  judge: ({ host, lab, dns, others }) => {
    const mx = dns.names[`MX ${host.domain}`];
    const address = dns.names[`A ${host.mailName}`];
    const server = `dig @127.0.0.1 -p ${lab.dns.port}`;
    const fail = (cause: Cause, observed: string, isAboutMx = true): FailedVerdict =>
      wrong({
        cause,
        observed,
        expected: isAboutMx ? `${host.domain} MX 10 ${host.mailName}` : `${host.mailName} A ${host.address}`,
        where: isAboutMx ? `${server} ${host.domain} mx` : `${server} ${host.mailName} a`,
        hint: {
          en: `The zone is /etc/bind/lab/db.${host.domain} on the DNS server; docker logs shows why it does not load.`,
          ja: `ゾーンはDNSサーバーの /etc/bind/lab/db.${host.domain} です。読み込めない理由は docker logs に出ます。`,
        },
      });
    if (mx === undefined || address === undefined) {
      return unknown({
        observed: "–",
        expected: host.domain,
        where: server,
        hint: { en: server, ja: server },
      });
    }
    if (mx.status === "no-answer") return fail("dns-no-answer", "no answer");
    if (mx.status !== "NOERROR") return fail("zone-not-loaded", `${host.domain} MX: ${mx.status}`);
    const error = zoneError(host.domain, dns.log ?? []);
    if (error !== undefined) return fail("zone-error", error);
    const exchanges = mx.values.map(
      (value) => value.split(" ").at(-1)?.replace(/\.$/, "").toLowerCase() ?? "",
    );
    if (exchanges.length === 0) return fail("mx-missing", `${host.domain} MX: –`);
    const own = [host.mailName, `${host.name}.${host.domain}`];
    const stray = exchanges.find((exchange) => !own.includes(exchange));
    if (stray !== undefined) return fail("mx-wrong", `${host.domain} MX ${mx.values.join(", ")}`);
    return (
      judgeAddress(address, host.address, (cause, observed) =>
        fail(cause, `${host.mailName} A ${observed}`, false),
      ) ??
      (others.length > 0 && mx.values.length > 1
        ? passed({ en: `MX ${mx.values.join(", ")}`, ja: `MX ${mx.values.join(", ")}` })
        : passed())
    );
  },
};

function judgeAddress(
  answer: NameAnswer,
  expected: string,
  fail: (cause: Cause, observed: string) => FailedVerdict,
): FailedVerdict | undefined {
  if (answer.values.length === 0)
    return fail("address-record-missing", answer.status === "NOERROR" ? "–" : answer.status);
  return answer.values.every((value) => value === expected)
    ? undefined
    : fail("address-record-wrong", answer.values.join(", "));
}

/** What BIND said last of the zone, where it did not take it: an older version of it may still be served. */
function zoneError(domain: string, log: readonly { readonly text: string }[]): string | undefined {
  const last = log.findLast(
    ({ text }) => text.includes(`zone ${domain}/IN`) && /loaded|loading/.test(text),
  )?.text;
  return last !== undefined && /not loaded|failed|error/.test(last) ? last : undefined;
}
