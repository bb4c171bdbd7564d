import { listContainers } from "../engine/lab-objects.ts";
import { LabCheck, type CheckReport } from "../lab/chapter/check.ts";
import { engineOf, type LabContext } from "../lab/lab-context.ts";
import { requireOutputs, type LabOutputs } from "../lab/stack/lab-outputs.ts";
import { stateStamp } from "../lab/stack/own-backend.ts";
import { labelNames } from "../model/labels.ts";
import type { HostLook } from "./progress.ts";

/** How a seat stands at one look. */
export interface SeatView {
  readonly report: CheckReport;
  readonly hosts: readonly HostLook[];
}

/** What of a look is kept for the next one. */
interface KeptLook {
  readonly stamp: string | undefined;
  readonly outputs: LabOutputs;
  readonly check: LabCheck;
}

/** Looks at one seat again and again; its state is read again only where it has changed. */
export class SeatLooker {
  readonly #context: LabContext;
  #kept: KeptLook | undefined;

  constructor(context: LabContext) {
    this.#context = context;
  }

  /** @throws LabError where there is nothing to look at: `LAB_NOT_UP`, `LAB_STOPPED`, `LAB_ENGINE_NO_ANSWER`. */
  async look(): Promise<SeatView> {
    const kept = await this.#current();
    this.#kept = kept;
    // Before the look: what is seen of a host that is reset meanwhile is then its predecessor's, and forgotten.
    const containers = await containersOf(this.#context, kept.outputs.owner);
    const report = await kept.check.run();
    const hosts = kept.outputs.hosts.map(({ name }): HostLook => {
      const own = report.steps.filter(({ host }) => host === name);
      const steps = Object.fromEntries(own.map(({ step, status }) => [step, status]));
      return { host: name, container: containers.get(name) ?? "", steps };
    });
    return { report, hosts };
  }

  async #current(): Promise<KeptLook> {
    // Asked before the state is read: what changes meanwhile is read again the next time.
    const stamp = await stateStamp(this.#context);
    if (this.#kept !== undefined && stamp !== undefined && this.#kept.stamp === stamp) return this.#kept;
    const outputs = await requireOutputs(this.#context);
    const check = LabCheck.of(this.#context, { wanted: [], host: undefined }, outputs);
    return { stamp, outputs, check };
  }
}

/** Node name to the id of the lab's container for it. */
async function containersOf(context: LabContext, owner: string): Promise<ReadonlyMap<string, string>> {
  const containers = await listContainers(engineOf(context));
  return new Map(
    containers
      .filter(({ labels }) => labels[labelNames.owner] === owner)
      .map(({ labels, id }) => [labels[labelNames.node] ?? "", id]),
  );
}
