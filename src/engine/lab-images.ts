import { labelNames } from "../model/labels.ts";
import { askEngine } from "./docker-engine.ts";

/** An image of the product, as the engine has it. */
export interface EngineImage {
  /** `sha256:…`. */
  readonly id: string;
  /** The id of the image that it was built on, where the engine knows it. */
  readonly parent: string;
  /** `mail-lab/dns:3f2a…`; none where its name has passed to another image. */
  readonly references: readonly string[];
  /** Seconds since 1970. */
  readonly created: number;
  /** Whether a container, running or not, was made from it. */
  readonly isUsed: boolean;
  /** Whether it is a saved host's: somebody's work, which stands on an image of the product. */
  readonly isSave: boolean;
}

const conflict = 409;
/** Deleting half a gigabyte of small files takes a slow disk its time. */
const removalDeadlineMs = 120_000;

/** All images that carry the product's label. */
export async function listProductImages(host: string): Promise<readonly EngineImage[]> {
  return askEngine(host, async (docker) => {
    const filters = JSON.stringify({ label: [labelNames.image] });
    const [images, containers] = await Promise.all([
      docker.listImages({ filters }),
      docker.listContainers({ all: true }),
    ]);
    const used = new Set(containers.map(({ ImageID }) => ImageID));
    return (
      images
        // The label is looked at again: what has none is not ours, whatever a filter lets through.
        .filter(
          ({ Labels }) => labelNames.image in ((Labels as Record<string, string> | null | undefined) ?? {}),
        )
        .map(({ Id, ParentId, RepoTags, Created, Labels }) => ({
          id: Id,
          parent: ParentId,
          references: ((RepoTags as string[] | null | undefined) ?? []).filter(
            (reference) => reference !== "<none>:<none>",
          ),
          created: Created,
          isUsed: used.has(Id),
          isSave: labelNames.saveId in Labels,
        }))
    );
  });
}

/**
 * Removes an image with all its names.
 *
 * @returns `false` where something that came up meanwhile needs it.
 */
export async function removeImage(
  host: string,
  { id, references }: Pick<EngineImage, "id" | "references">,
): Promise<boolean> {
  return askEngine(
    host,
    async (docker) => {
      for (const name of references.length > 0 ? references : [id]) {
        try {
          await docker.getImage(name).remove();
        } catch (error) {
          if (error instanceof Error && "statusCode" in error && error.statusCode === conflict) return false;
          throw error;
        }
      }
      return true;
    },
    removalDeadlineMs,
  );
}
