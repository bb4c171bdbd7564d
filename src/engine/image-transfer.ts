import { finished } from "node:stream/promises";
import type { Readable } from "node:stream";
import { LabError } from "../model/lab-error.ts";
import { askEngine } from "./docker-engine.ts";

/** How long an engine may be silent while it packs or unpacks images. */
const transferDeadlineMs = 600_000;

/** What dockerode's own types have left out. */
interface ImageExporter {
  getImages(query: { readonly names: readonly string[] }): Promise<Readable>;
}

/** The images as one tar with their layers, as `docker save` writes it. */
export async function exportImages(host: string, references: readonly string[]): Promise<Readable> {
  return askEngine(
    host,
    (docker) => (docker as unknown as ImageExporter).getImages({ names: references }),
    transferDeadlineMs,
  );
}

/** A line of what the engine says while it loads. */
interface LoadProgress {
  readonly error?: string;
}

/**
 * Loads the images of a tar that `docker save` wrote.
 *
 * @throws LabError `LAB_ENGINE_REFUSED` with the engine's own sentence.
 */
export async function loadImages(host: string, tar: Readable): Promise<void> {
  // A request whose body broke off would wait for the rest until its deadline.
  const broken = new AbortController();
  let cause: unknown;
  tar.once("error", (error) => {
    cause = error;
    broken.abort();
  });
  const words: string[] = [];
  try {
    await askEngine(
      host,
      async (docker) => {
        const answer = await docker.loadImage(tar, { quiet: true, abortSignal: broken.signal });
        answer.on("data", (chunk: Buffer) => words.push(chunk.toString("utf8")));
        await finished(answer, { writable: false });
      },
      transferDeadlineMs,
    );
  } catch (error) {
    throw cause ?? error;
  }
  const failure = words
    .join("")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as LoadProgress)
    .find(({ error }) => error !== undefined)?.error;
  if (failure === undefined) return;
  throw new LabError(
    "LAB_ENGINE_REFUSED",
    { en: `The Docker engine refused: ${failure}`, ja: `Dockerエンジンが拒否しました: ${failure}` },
    { hint: { en: "docker system df", ja: "docker system df" } },
  );
}
