import type { Deployment, Stack } from "@pulumi/pulumi/automation/index.js";
import { ownerOfSeed, savedSeedOf } from "../../model/lab-secrets.ts";
import { askBackend } from "./ask-backend.ts";
import type { LabOutputs } from "./lab-outputs.ts";
import { resourceName } from "./run-engine.ts";

/** What the state of a stack says of a lab that may be half built. */
export interface LabState {
  /** The owner in the labels of what it made; absent where not even the seed was made. */
  readonly owner: string | undefined;
  /** What its passwords and keys follow from, secret; absent where it was not made yet. */
  readonly seed: string | undefined;
  /** Docker's ids of the containers and networks that the state knows. */
  readonly dockerIds: ReadonlySet<string>;
  /**
   * Names on the engine of what a killed or interrupted operation was creating, or had removed to create it anew;
   * whether it exists, nobody could write down.
   */
  readonly unfinished: ReadonlySet<string>;
  /** Whether an operation was killed in the middle, so that the state may not be what the engine has. */
  readonly isInterrupted: boolean;
  /** The stack's outputs; absent where no update has got to its end. */
  readonly outputs: LabOutputs | undefined;
}

/** The state of a stack that was just made. */
export const emptyState: LabState = {
  owner: undefined,
  seed: undefined,
  dockerIds: new Set(),
  unfinished: new Set(),
  isInterrupted: false,
  outputs: undefined,
};

/** A resource as `pulumi stack export --show-secrets` has it. */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  /** It was removed to be made anew, and was not made yet. */
  readonly pendingReplacement?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What the engine was at when it was killed. */
interface PendingOperation {
  readonly type: string;
  readonly resource: { readonly type: string; readonly inputs?: Readonly<Record<string, unknown>> };
}

/** Takes secrets off a value of an export that shows them: each stands there as its JSON text. */
function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value && typeof value.plaintext === "string")
    return JSON.parse(value.plaintext) as unknown;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, unwrapSecrets(entry)]));
}

/**
 * Reads a stack's state once: what its update exported, and what is needed to tell this lab's objects from
 * others', also after an interrupted build.
 */
export async function readLabState(stack: Stack): Promise<LabState> {
  return labStateOf(await askBackend(stack.name, () => stack.exportStack()));
}

/** What a state says that was exported; secrets that are not shown there are none of the lab's. */
export function labStateOf(exported: Deployment): LabState {
  const { resources = [], pending_operations: pending } = exported.deployment as {
    resources?: readonly StateResource[];
    pending_operations?: readonly PendingOperation[] | null;
  };
  const outputsOf = (isIt: (resource: StateResource) => boolean): Record<string, unknown> =>
    (unwrapSecrets(resources.find(isIt)?.outputs) ?? {}) as Record<string, unknown>;
  const seed = outputsOf(({ type, urn }) => type === "command:local:Command" && resourceName(urn) === "seed")[
    "stdout"
  ];
  const outputs = outputsOf(({ type }) => type === "pulumi:pulumi:Stack");
  const shownOwner = typeof outputs["owner"] === "string" ? outputs["owner"] : undefined;
  return {
    // Of a lab that is being built for the first time the seed alone tells.
    owner: typeof seed === "string" ? ownerOfSeed(seed) : shownOwner,
    seed: typeof seed === "string" ? savedSeedOf(seed) : undefined,
    dockerIds: new Set(
      resources.flatMap(({ type, id, pendingReplacement = false }) =>
        type.startsWith("docker:") && id !== undefined && !pendingReplacement ? [id] : [],
      ),
    ),
    unfinished: new Set(
      [
        ...(pending ?? []).filter(({ type }) => type === "creating").map(({ resource }) => resource),
        ...resources.filter(({ pendingReplacement = false }) => pendingReplacement),
      ].flatMap(({ type, inputs }) => {
        const name = inputs?.["name"];
        return type.startsWith("docker:") && typeof name === "string" ? [name] : [];
      }),
    ),
    isInterrupted: (pending ?? []).length > 0,
    // The program exports the key last: it is there only where all the rest is.
    outputs: outputs["sshKey"] === undefined ? undefined : (outputs as unknown as LabOutputs),
  };
}

/**
 * Takes the operations out of a state that a killed engine left open: what they made and nobody wrote down is
 * removed as an orphan, and what they were changing is compared with the engine anew.
 */
export async function dropPendingOperations(stack: Stack): Promise<void> {
  const exported = await askBackend(stack.name, () => stack.exportStack());
  const deployment = exported.deployment as Record<string, unknown>;
  await askBackend(stack.name, () =>
    stack.importStack({ ...exported, deployment: { ...deployment, pending_operations: [] } }),
  );
}
