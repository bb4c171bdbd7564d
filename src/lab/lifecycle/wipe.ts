import { listContainers, listNetworks, removeContainer, removeNetwork } from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import { down, forgetLab, requireNothingLeft } from "./down.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { clearDeadLocks } from "../stack/stack-lock.ts";

/** An object of the engine as far as it is looked at here. */
interface LabelledObject {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Takes a lab down and forgets it, with nothing asked of Pulumi but to forget its state: of all of a lab's resources
 * only its containers and its network are things that have to be removed, and these are told by their owner. A class
 * goes in a third of the time that destroying each stack takes.
 *
 * @param owner - the lab's owner, as the caller remembers it; where anything of the stack is another's, or it is not
 * known, the state is read and the stack destroyed.
 * @throws LabError `LAB_LEFTOVERS`, `LAB_STACK_LOCKED`.
 */
export async function wipe(context: LabContext, owner: string | undefined): Promise<void> {
  const engine = engineOf(context);
  await clearDeadLocks(context);
  const ofStack = ({ labels }: LabelledObject): boolean => labels[labelNames.stack] === context.stack;
  const containers = (await listContainers(engine)).filter(ofStack);
  const networks = (await listNetworks(engine)).filter(ofStack);
  const isOwn = ({ labels }: LabelledObject): boolean => labels[labelNames.owner] === owner;
  if (owner === undefined || ![...containers, ...networks].every(isOwn)) {
    await down(context, { forget: true });
    // Where there was no stack yet, its configuration may be there all the same.
    await forgetLab(context, { force: false });
    return;
  }
  await Promise.all(containers.map(({ id }) => removeContainer(engine, id)));
  await Promise.all(networks.map(({ id }) => removeNetwork(engine, id)));
  await requireNothingLeft(context, owner);
  await forgetLab(context, { force: true });
}
