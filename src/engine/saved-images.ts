import { labelNames } from "../model/labels.ts";
import { askEngine, workDeadlineMs } from "./docker-engine.ts";

/** Writing down what a filled host has can take a slow disk minutes. */
const commitDeadlineMs = 600_000;

/** What a host's image is saved as. */
export interface SavedImageName {
  /** `mail-lab/save:…`. */
  readonly reference: string;
  /** Labels beside those that the container has. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Freezes the processes of a container that runs. */
export async function pauseContainer(host: string, id: string): Promise<void> {
  await askEngine(host, (docker) => docker.getContainer(id).pause(), workDeadlineMs);
}

/**
 * Makes an image of a container's files as they are. The container isn't paused for it: who saves several at one
 * moment has done that.
 */
export async function commitContainer(
  host: string,
  id: string,
  { reference, labels }: SavedImageName,
): Promise<void> {
  const [repo, tag] = reference.split(":");
  await askEngine(
    host,
    (docker) =>
      docker
        .getContainer(id)
        .commit({ _query: { container: id, repo, tag, pause: false }, _body: { Labels: labels } }),
    commitDeadlineMs,
  );
}

/** An image of a saved host, as the engine has it. */
export interface EngineSavedImage {
  /** `sha256:…`. */
  readonly id: string;
  /** The save's number. */
  readonly saveId: string;
  /** The save's name. */
  readonly saveName: string;
  /** The lab that was saved. */
  readonly stack: string;
  readonly node: string;
  readonly references: readonly string[];
  /** The containers that were made from it, by name. */
  readonly containers: readonly string[];
}

/** The images of all saved hosts on the engine, whoever saved them. */
export async function listSavedImages(host: string): Promise<readonly EngineSavedImage[]> {
  return askEngine(host, async (docker) => {
    const filters = JSON.stringify({ label: [labelNames.saveId] });
    const [images, containers] = await Promise.all([
      docker.listImages({ filters }),
      docker.listContainers({ all: true }),
    ]);
    return images.map(({ Id, RepoTags, Labels }) => ({
      id: Id,
      saveId: Labels[labelNames.saveId] ?? "",
      saveName: Labels[labelNames.save] ?? "",
      stack: Labels[labelNames.stack] ?? "",
      node: Labels[labelNames.node] ?? "",
      references: ((RepoTags as string[] | null | undefined) ?? []).filter(
        (reference) => reference !== "<none>:<none>",
      ),
      containers: containers
        .filter(({ ImageID }) => ImageID === Id)
        .map(({ Names }) => (Names[0] ?? "").replace(/^\//, "")),
    }));
  });
}

/** What an image adds to the one that it stands on, in bytes. */
export async function topLayerBytes(host: string, reference: string): Promise<number> {
  const layers = await askEngine(
    host,
    async (docker) => (await docker.getImage(reference).history()) as readonly { readonly Size: number }[],
  );
  return layers[0]?.Size ?? 0;
}
