import { availableParallelism, freemem } from "node:os";
import { takeChoiceLock } from "../lab/machine/choice-lock.ts";
import { readFreeMemory } from "../lab/doctor/machine-facts.ts";
import { forgetLab } from "../lab/lifecycle/down.ts";
import { ensureImages } from "../lab/lifecycle/ensure-images.ts";
import { engineOf, type BuildContext } from "../lab/lab-context.ts";
import { requireOwnAddress } from "../lab/machine/own-addresses.ts";
import { foreseeConfig } from "../lab/machine/settle-machine-values.ts";
import { readOwnValues } from "../lab/stack/stack-config.ts";
import { startOfStage } from "../course/stage.ts";
import type { Roster } from "../model/roster/roster.ts";
import { bringUpSeat, type SeatUp } from "./bring-up-seat.ts";
import { chooseSeats } from "./choose-seats.ts";
import { withClassLock } from "./class-lock.ts";
import { planClass, type SeatPlan } from "./class-plan.ts";
import type { WantedEngines } from "./choose-engines.ts";
import { ClassLedger, type SeatRecord } from "./class-record.ts";
import { fittingJobs } from "./plan-seats.ts";
import { requireRoom } from "./require-room.ts";
import { seatContext } from "./seat-context.ts";
import { settleSeats, type SettledSeats, type UnbuiltSeat } from "./settle-seats.ts";
import { workOnSeats, type SeatReport, type SeatWatch } from "./work-on-seats.ts";

/** What is to be brought up. */
export interface UpSeatsRequest extends WantedEngines {
  readonly roster: Roster;
  /** Only these; all of the roster's unless given. */
  readonly seats?: readonly string[];
  /** How many at once; as many as fit unless given. */
  readonly jobs?: number;
  /** Where ssh of the seats that are built is published besides the loopback. */
  readonly listen?: string;
  readonly watch: SeatWatch;
}

/** What `seats up` came to. */
export interface ClassUp {
  readonly className: string;
  /** In the roster's order. */
  readonly seats: readonly SeatReport<SeatUp>[];
  /** Seats of the class that the roster has no more; they stay until `seats down`. */
  readonly removed: readonly SeatRecord[];
}

type Plan = SeatPlan<BuildContext>;
type PlacedPlan = Plan & { readonly place: { readonly context: BuildContext } };

/**
 * Brings up the labs of a class: those that are up stay as they are, the others are built, or built on from where the
 * last command left them.
 *
 * @param base - of any stack; each seat's is made from it.
 * @throws LabError `LAB_NO_SEAT`, `LAB_NO_ROOM`, `LAB_LISTEN_ADDRESS`, and what the images may throw: then no lab was made.
 */
export async function upSeats(base: BuildContext, request: UpSeatsRequest): Promise<ClassUp> {
  const { roster } = request;
  const chosen = chooseSeats(roster.seats, request.seats, roster.file);
  return withClassLock(base, roster.className, async () => {
    const ledger = await ClassLedger.open(base.paths, roster.className);
    const plans = await planClass<BuildContext>(base, ledger, roster, chosen, request);
    await leaveOldPlaces(base, plans);
    if (request.listen !== undefined) await sayListening(base, plans, request.listen);
    const toBuild = plans.filter(isPlaced).filter(({ action }) => action === "build");
    const toBuildHere = toBuild.filter(({ place }) => place.context.reach === undefined);
    if (toBuildHere.length > 0) await requireRoom(base, toBuildHere.length);
    await ensureClassImages(toBuild);
    const { faults, release } = await settleUnbuilt(base, unbuiltAmong(toBuild), request);
    try {
      const settled = plans.map((plan): Plan => {
        const fault = faults.get(plan.stack);
        return fault === undefined ? plan : { ...plan, place: { fault } };
      });
      const work = { jobs: await jobsOf(request, toBuild.length), watch: request.watch };
      const seats = await workOnSeats(base, settled, work, (plan, voice) => bringUpSeat(plan, ledger, voice));
      return { className: roster.className, seats, removed: removedSeats(ledger, roster) };
    } finally {
      await release();
    }
  });
}

/** Others wait only while the seats' values are settled, and not while they are built. */
async function settleUnbuilt(
  base: BuildContext,
  seats: readonly UnbuiltSeat[],
  request: UpSeatsRequest,
): Promise<SettledSeats> {
  if (seats.length === 0) return { faults: new Map(), release: () => Promise.resolve() };
  const choice = await takeChoiceLock(base);
  try {
    return await settleSeats(seats, valuesOf(request));
  } finally {
    await choice.release();
  }
}

function valuesOf({ listen }: UpSeatsRequest): Readonly<Record<string, unknown>> {
  return listen === undefined ? {} : { listen };
}

/** Those of which nothing is on their engine: their addresses and ports are to be chosen. */
function unbuiltAmong(plans: readonly PlacedPlan[]): readonly UnbuiltSeat[] {
  return plans
    .filter(({ isUnsettled }) => isUnsettled)
    .map(({ place, stack, seat }) => ({
      context: seatContext(place.context, { stack }),
      stage: seat.stage,
    }));
}

/**
 * Makes sure that the machine has the address, and names the seats that stand already and publish ssh elsewhere: it
 * would take other hosts to change that.
 */
async function sayListening(base: BuildContext, plans: readonly Plan[], listen: string): Promise<void> {
  requireOwnAddress(listen, engineOf(base));
  const staying: string[] = [];
  for (const { id, stack, action, isUnsettled } of plans) {
    if (action === "build" && isUnsettled) continue;
    const own = await readOwnValues(seatContext(base, { stack }).paths);
    if ((own["listen"] ?? "") !== listen) staying.push(id);
  }
  if (staying.length === 0) return;
  base.report.say({
    en: `These seats stand already and keep their ssh where it is: ${staying.join(" ")}. ./lab seats down and up with --seat builds them anew.`,
    ja: `次の席はすでに構築済みで、sshの公開先は変わりません: ${staying.join(" ")}。変えるには、その席を --seat で ./lab seats down してから up してください。`,
  });
}

/** Forgets the labs of seats that are moved: what their engine still holds of them, nobody can take down from here. */
async function leaveOldPlaces(base: BuildContext, plans: readonly Plan[]): Promise<void> {
  for (const { id, stack, record } of plans.filter(({ isMoved }) => isMoved)) {
    const from = record?.engine ?? "default";
    base.report.say({
      en: `Seat ${id} is built anew: its engine ${from} can't be reached, and keeps what was in it.`,
      ja: `席${id}は別のエンジンに作り直します。元のエンジン（${from}）に接続できないため、中身はそこに残ります。`,
    });
    await forgetLab(seatContext(base, { stack }), { force: true });
  }
}

function isPlaced(plan: Plan): plan is PlacedPlan {
  return "context" in plan.place;
}

/** Seats of the class's record that the roster has no more. */
function removedSeats(ledger: Pick<ClassLedger, "seats">, roster: Roster): readonly SeatRecord[] {
  const known = new Set(roster.seats.map(({ id }) => id));
  return ledger.seats.filter(({ id }) => !known.has(id));
}

async function jobsOf({ jobs }: UpSeatsRequest, seats: number): Promise<number> {
  if (jobs !== undefined) return jobs;
  const freeMemoryBytes = (await readFreeMemory()) ?? freemem();
  return fittingJobs(seats, { cores: availableParallelism(), freeMemoryBytes });
}

/** Makes sure of the images on each engine before any seat begins: no two seats build the same one. */
async function ensureClassImages(plans: readonly PlacedPlan[]): Promise<void> {
  const seen = new Set<string>();
  for (const { place, engine, seat, stack } of plans) {
    const start = startOfStage(seat.stage);
    const key = JSON.stringify([engine, start]);
    if (seen.has(key)) continue;
    seen.add(key);
    const config = await foreseeConfig({
      ...seatContext(place.context, { stack }),
      report: place.context.report,
    });
    await ensureImages(place.context, { ...config, start });
  }
}
