import type { Check } from "../check.ts";
import type { ObservedHost } from "../observation.ts";
import { passed, wrong } from "../verdict.ts";

/** Between the hosts nothing keeps SMTP back. Where nobody listens yet, a refusal is the right answer. */
export const port25: Check = {
  id: "foundation/port-25",
  title: { en: "port 25 of the other hosts can be reached", ja: "相手のホストの25番ポートへの到達" },
  needs: ["foundation/login@others"],
  judge: ({ seen, others, probes: { crossing } }) => {
    for (const other of others) {
      // What a mail has just gone through is open, however slow the knock.
      if (crossing?.outcome === "good" && crossing.receivingHost === other.host.name) continue;
      const answer = seen.peerPorts[other.host.name];
      if (answer === "open" || (answer === "refused" && !isListening(other))) continue;
      const { name, address } = other.host;
      return wrong({
        cause: "port-blocked",
        observed:
          answer === "refused"
            ? {
                en: `${name} listens, and the connection is refused`,
                ja: `${name}は待ち受けているのに接続が拒否されます`,
              }
            : { en: `no answer from ${address}:25`, ja: `${address}:25 から応答がありません` },
        expected: {
          en: `a connection to ${name}, or “Connection refused”`,
          ja: `${name}への接続（待ち受け前なら接続拒否）`,
        },
        where: `nc -vz -w 1 ${address} 25`,
        hint: {
          en: "Something between the hosts keeps the packets back: a firewall rule, a stopped host.",
          ja: "途中でパケットが止められています（ファイアウォールの規則、停止中のホストなど）。",
        },
      });
    }
    return passed();
  },
};

/** Whether the other host listens on its address. */
function isListening({ host, seen }: ObservedHost): boolean {
  return (
    seen?.listeners.some(
      ({ address, port }) =>
        port === 25 && (address === host.address || address === "0.0.0.0" || address === "*"),
    ) === true
  );
}
