import type { Check } from "../check.ts";
import { passed, wrong } from "../verdict.ts";

/** A mail that is still on its way after this time is not on its way. */
const onItsWayMs = 10_000;

/** No mail waits in this host's queue. */
export const queue: Check = {
  id: "6.07/queue",
  title: { en: "no mail is stuck in the queue", ja: "キューに残っているメールがない" },
  // An empty queue says nothing where there is no Postfix yet.
  after: ["6.01/packages"],
  judge: ({ seen }) => {
    const stuck = seen.queue.filter(
      ({ queue: name, arrivedMs }) =>
        name === "deferred" || name === "hold" || seen.atMs - arrivedMs > onItsWayMs,
    );
    const [first] = stuck;
    if (first === undefined) return passed();
    const isHeld = first.queue === "hold";
    const reason = first.recipients[0]?.reason ?? first.queue;
    const mend = isHeld ? `sudo postsuper -H ${first.queueId}` : "sudo postqueue -f";
    return wrong({
      cause: "queue-stuck",
      observed: {
        en: `${stuck.length} waiting; ${first.queueId} to ${first.recipients[0]?.address ?? ""}: ${reason}`,
        ja: `${stuck.length}通が残っています。${first.queueId}（${first.recipients[0]?.address ?? ""}宛）: ${reason}`,
      },
      expected: { en: "the queue is empty", ja: "キューが空" },
      where: "mailq",
      hint: {
        en: `Mend what the reason names, then ${mend}; sudo postsuper -d ${first.queueId} throws it away.`,
        ja: `理由を取り除いてから ${mend}。捨てるときは sudo postsuper -d ${first.queueId}`,
      },
    });
  },
};
