import type { Check } from "../check.ts";
import { passed, wrong } from "../verdict.ts";

/** The host asks the lab's DNS server, and hears from it what the server says to others. */
export const resolver: Check = {
  id: "foundation/resolver",
  title: { en: "the host asks the lab's DNS server", ja: "ホストの名前解決（/etc/resolv.conf）" },
  judge: ({ lab, seen, dns }) => {
    const servers = [...seen.resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(
      ([, address]) => address ?? "",
    );
    const expected = `nameserver ${lab.dns.address}`;
    const differing = Object.entries(dns.names).find(([question, answer]) => {
      const heard = seen.names[question];
      return answer.status !== "no-answer" && (heard === undefined || !isSame(heard.values, answer.values));
    });
    const hint = {
      en: `/etc/resolv.conf has one line: ${expected}`,
      ja: `/etc/resolv.conf の内容は「${expected}」の1行です。`,
    };
    if (servers[0] !== lab.dns.address) {
      const failure = {
        cause: "resolver-wrong",
        observed:
          servers.length === 0
            ? { en: "no nameserver", ja: "nameserverがありません" }
            : `nameserver ${servers.join(", ")}`,
        expected,
        where: "/etc/resolv.conf",
        hint,
      } as const;
      if (differing !== undefined || !servers.includes(lab.dns.address)) return wrong(failure);
    } else if (differing !== undefined) {
      const [question, answer] = differing;
      const heard = seen.names[question];
      return wrong({
        cause: heard === undefined ? "resolver-no-answer" : "resolver-wrong",
        observed: `${question}: ${heard === undefined ? "no answer" : heard.values.join(", ") || heard.status}`,
        expected: `${question}: ${answer.values.join(", ") || answer.status}`,
        where: `dig ${question.split(" ").reverse().join(" ")}`,
        hint,
      });
    }
    return servers.length === 1
      ? passed()
      : passed({
          en: `It works; besides ${lab.dns.address} there are ${servers.filter((one) => one !== lab.dns.address).join(", ")}.`,
          ja: `動作します。${lab.dns.address} のほかに ${servers.filter((one) => one !== lab.dns.address).join(", ")} もあります。`,
        });
  },
};

function isSame(left: readonly string[], right: readonly string[]): boolean {
  const tidy = (values: readonly string[]): string =>
    values
      .map((value) => value.toLowerCase().replace(/\.$/, ""))
      .toSorted()
      .join("\n");
  return tidy(left) === tidy(right);
}
