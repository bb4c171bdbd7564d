import { accountRows } from "./rows/accounts.ts";
import { dovecotRows } from "./rows/dovecot.ts";
import { hostRows } from "./rows/host.ts";
import { mailFlowRows } from "./rows/mail-flow.ts";
import { mainCfRows } from "./rows/main-cf.ts";
import { nameRows } from "./rows/names.ts";
import { relayRows } from "./rows/relay.ts";
import { serviceRows } from "./rows/services.ts";
import type { Sabotage } from "./sabotage.ts";

/** Everything that is broken to prove the grader, in the chapter's order. */
export const sabotages: readonly Sabotage[] = [
  ...nameRows,
  ...hostRows,
  ...mainCfRows,
  ...relayRows,
  ...serviceRows,
  ...accountRows,
  ...dovecotRows,
  ...mailFlowRows,
];
