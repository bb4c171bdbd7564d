import type { BuildContext } from "../lab/lab-context.ts";
import { requireBuilt, type LabOutputs, type ShownOutputs } from "../lab/stack/lab-outputs.ts";
import { start } from "../lab/lifecycle/start.ts";
import { up } from "../lab/lifecycle/up.ts";
import { upToStage } from "../lab/lifecycle/up-to-stage.ts";
import { LabError } from "../model/lab-error.ts";
import type { SeatPlan } from "./class-plan.ts";
import type { ClassLedger, SeatRecord } from "./class-record.ts";
import { seatContext, type SeatVoice } from "./seat-context.ts";
import { faultOf } from "./seat-fault.ts";

/** A seat that is up. */
export interface SeatUp {
  readonly isChanged: boolean;
  /** What is known of its lab without asking for it. */
  readonly outputs?: ShownOutputs;
  readonly withSecrets?: LabOutputs;
}

/** What of a record changes with the work on its seat. */
type RecordChange = Pick<SeatRecord, "phase"> &
  Pick<Partial<SeatRecord>, "owner" | "nodes" | "tookMs" | "fault">;

/** Brings one seat up, and keeps the record of how it stands. */
export async function bringUpSeat(
  plan: SeatPlan<BuildContext>,
  ledger: ClassLedger,
  voice: SeatVoice,
): Promise<SeatUp> {
  if (plan.action === "none") return { isChanged: false };
  const { stack, place } = plan;
  const startedMs = performance.now();
  const put = (change: RecordChange) => ledger.put(recordOf(plan, ledger.seat(plan.id), change));
  if ("fault" in place) {
    await put({ phase: "failed", fault: place.fault });
    const { code, text, details, hint } = place.fault;
    throw new LabError(code, text, { details, ...(hint && { hint }) });
  }
  await put({ phase: "building" });
  try {
    const result = await carryOut(plan, seatContext(place.context, { stack }, voice));
    const { owner, hosts } = result.outputs;
    const tookMs = Math.round(performance.now() - startedMs);
    await put({ phase: "up", owner, nodes: hosts.length + 1, tookMs });
    return result;
  } catch (error) {
    const isInterrupted = place.context.signal.aborted;
    await put(isInterrupted ? { phase: "waiting" } : { phase: "failed", fault: faultOf(error) });
    throw error;
  }
}

/** The seat's record anew; what is known of its containers stays known. */
function recordOf(
  { id, name, stack, seat, engine }: SeatPlan<BuildContext>,
  before: SeatRecord | undefined,
  change: RecordChange,
): SeatRecord {
  const { owner, nodes } = before ?? {};
  return {
    id,
    name,
    stack,
    ...(engine === undefined ? {} : { engine }),
    stage: seat.stage,
    since: new Date().toISOString(),
    ...(owner === undefined ? {} : { owner }),
    ...(nodes === undefined ? {} : { nodes }),
    ...change,
  };
}

async function carryOut(
  { action, isFresh, seat: { stage } }: SeatPlan<BuildContext>,
  context: BuildContext,
): Promise<SeatUp & { readonly outputs: ShownOutputs }> {
  const options = { mayReplace: false, isSettled: true };
  if (action === "start") {
    await start(context);
    const { outputs } = await requireBuilt(context);
    return { isChanged: true, outputs, withSecrets: outputs };
  }
  return isFresh ? up(context, options) : upToStage(context, { stage }, options);
}
