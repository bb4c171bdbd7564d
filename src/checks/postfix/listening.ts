import type { Check } from "../check.ts";
import { passed, wrong } from "../verdict.ts";
import { entriesOf } from "./parameter.ts";

const everyAddress: ReadonlySet<string> = new Set(["0.0.0.0", "*", "::"]);

/** Postfix listens where `inet_interfaces` says, on localhost and on the host's address. */
export const listening: Check = {
  id: "6.04/listening",
  title: { en: "Postfix listens on port 25", ja: "25番ポートでの待ち受け" },
  after: ["6.02/mydomain", "6.02/mynetworks", "6.03/smtpd_sasl_auth_enable"],
  needs: ["6.04/running", "6.02/inet_interfaces", "6.04/restarted"],
  judge: ({ host, seen }) => {
    const heard = seen.listeners.filter(({ port }) => port === 25).map(({ address }) => address);
    const missing = ["127.0.0.1", host.address].filter(
      (address) => !heard.some((one) => one === address || everyAddress.has(one)),
    );
    const isAll = entriesOf(seen.postfix?.effective["inet_interfaces"] ?? "").includes("all");
    if (missing.length === 0 && (isAll || !heard.some((one) => everyAddress.has(one)))) return passed();
    return wrong({
      cause: missing.length === 0 ? "not-restarted" : "not-listening",
      observed:
        heard.length === 0
          ? { en: "nobody listens on port 25", ja: "25番で待ち受けがありません" }
          : heard.join(", "),
      expected: `127.0.0.1, ${host.address}`,
      where: "ss -ltn",
      hint: {
        en: "A change of inet_interfaces takes effect with sudo systemctl restart postfix; a reload is not enough.",
        ja: "inet_interfacesの変更は sudo systemctl restart postfix で有効になります（reloadでは足りません）。",
      },
    });
  },
};
