import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { readFacts } from "../../../toolchain/remembered-facts.ts";
import { listProductImages, removeImage, type EngineImage } from "../../engine/lab-images.ts";
import { planDeskImages, planImages } from "../../images/image-plan.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { pruneUnlistedSaves } from "../saves/retire-save.ts";

/** How `prune` is to behave. */
export interface PruneOptions {
  /** Also what this checkout's next `up` would use. */
  readonly all: boolean;
}

/** What `prune` came to, each image by its reference, or by its id where it has none. */
export interface PruneResult {
  readonly removed: readonly string[];
  /** Unused, and kept for this checkout's next lab. */
  readonly kept: readonly string[];
}

/**
 * Removes images of the product that no container uses and that this checkout would not use either, and those of
 * saves that have no name any more. Every other save stays, whoever made it.
 */
export async function prune(context: LabContext, options: PruneOptions): Promise<PruneResult> {
  const engine = engineOf(context);
  const removed = [...(await pruneUnlistedSaves(context))];
  const images = await listProductImages(engine);
  const current = options.all ? new Set<string>() : await currentReferences(context);
  for (const image of imagesToRemove(images, current)) {
    context.signal.throwIfAborted();
    if (await removeImage(engine, image)) removed.push(...namesOf(image));
  }
  const kept = images
    .filter(({ isUsed, references }) => !isUsed && references.some((reference) => current.has(reference)))
    .flatMap(namesOf);
  return { removed, kept };
}

/**
 * The images that nothing needs: no container, no reference in use, no save, and no image that stays and was built on them;
 * the newest first, since an engine removes none that others were built on.
 */
export function imagesToRemove(
  images: readonly EngineImage[],
  current: ReadonlySet<string>,
): readonly EngineImage[] {
  const byId = new Map(images.map((image) => [image.id, image]));
  const needed = new Set<string>();
  const need = (image: EngineImage | undefined): void => {
    if (image === undefined || needed.has(image.id)) return;
    needed.add(image.id);
    need(byId.get(image.parent));
  };
  for (const image of images) {
    if (image.isUsed || image.isSave || image.references.some((reference) => current.has(reference)))
      need(image);
  }
  return images.filter(({ id }) => !needed.has(id)).sort((one, other) => other.created - one.created);
}

function namesOf({ id, references }: EngineImage): readonly string[] {
  return references.length > 0 ? references : [id];
}

/** What this checkout's labs are built from, whichever of its distributions they stand on and however they start. */
async function currentReferences(context: LabContext): Promise<ReadonlySet<string>> {
  const { baseImage } = readFacts(context.paths.root);
  const distributions = new Set([
    ...(baseImage === undefined ? [] : [baseImage]),
    ...(await configuredBaseImages(context)),
  ]);
  return new Set(
    [...distributions].flatMap((distribution) =>
      (["exercise", "finished"] as const).flatMap((start) => {
        const { base, dns, mailHost } = planImages(distribution, start);
        const ofDesk = planDeskImages(distribution);
        return [base, dns, mailHost, ofDesk.base, ofDesk.desk].map(({ reference }) => reference);
      }),
    ),
  );
}

async function configuredBaseImages({ paths }: LabContext): Promise<readonly string[]> {
  const folder = dirname(paths.stackConfig);
  const files = (await readdir(folder).catch((): string[] => [])).filter((name) =>
    /^Pulumi\..+\.yaml$/.test(name),
  );
  const settings = await Promise.all(
    files.map(async (name) => (parse(await readFile(join(folder, name), "utf8")) ?? {}) as StackFile),
  );
  return settings.flatMap((stack) =>
    Object.entries(stack.config ?? noValues).flatMap(([key, value]) =>
      key.endsWith(":baseImage") && typeof value === "string" ? [value] : [],
    ),
  );
}

const noValues: Readonly<Record<string, unknown>> = {};

/** The part of a stack's configuration file that is read here. */
interface StackFile {
  readonly config?: Readonly<Record<string, unknown>>;
}
