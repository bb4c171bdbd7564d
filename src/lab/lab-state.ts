import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { LabConfig } from "../model/lab-config.ts";
import { deriveLabSecrets } from "../model/lab-secrets.ts";
import { planTopology } from "../model/topology.ts";
import { resourceName } from "./pulumi-stack.ts";

/** What the state of a stack says of a lab that may be half built. */
export interface LabState {
  /** The owner in the labels of what it made; absent where not even the seed was made. */
  readonly owner: string | undefined;
  /** Docker's ids of the containers and networks that the state knows. */
  readonly dockerIds: ReadonlySet<string>;
}

/** A resource as `pulumi stack export --show-secrets` has it. */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A secret in an export that shows secrets: its value as JSON text. */
function secretText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const isSecret = typeof value === "object" && value !== null && "plaintext" in value;
  return isSecret && typeof value.plaintext === "string"
    ? (JSON.parse(value.plaintext) as string)
    : undefined;
}

/** Reads from the state what is needed to tell this lab's objects from others', also after an interrupted build. */
export async function readLabState(stack: Stack, config: LabConfig): Promise<LabState> {
  const exported = await stack.exportStack();
  const { resources = [] } = exported.deployment as { resources?: readonly StateResource[] };
  const seed = resources.find(
    (resource) => resource.type === "command:local:Command" && resourceName(resource.urn) === "seed",
  );
  const seedText = secretText(seed?.outputs?.["stdout"]);
  return {
    owner: seedText === undefined ? undefined : deriveLabSecrets(seedText, planTopology(config)).owner,
    dockerIds: new Set(
      resources.flatMap(({ type, id }) => (type.startsWith("docker:") && id !== undefined ? [id] : [])),
    ),
  };
}
