import { Transform } from "node:stream";
import { exportImages, loadImages } from "../../engine/image-transfer.ts";
import { inStep } from "../../../toolchain/progress.ts";
import type { LabContext } from "../lab-context.ts";

const bytesPerMegabyte = 1_000_000;
/** Megabytes between two words of how far it has come. */
const wordEvery = 100;

/**
 * Copies images from one engine to another, as `docker save | docker load` does: what they share goes over once, and
 * an image's id stays the same, which follows from its content.
 */
export async function copyImages(
  context: LabContext,
  references: readonly string[],
  from: string,
  to: string,
): Promise<void> {
  await inStep(
    context.report,
    {
      id: "images-copy",
      title: {
        en: `Bring ${references.length} images to ${to}`,
        ja: `イメージ${references.length}個を ${to} へ送る`,
      },
    },
    async (voice) => {
      const tar = await exportImages(from, references);
      let sentMegabytes = 0;
      let saidMegabytes = 0;
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          sentMegabytes += chunk.length / bytesPerMegabyte;
          if (sentMegabytes >= saidMegabytes + wordEvery) {
            saidMegabytes = sentMegabytes;
            voice.line(`${Math.round(sentMegabytes)} MB`);
          }
          done(null, chunk);
        },
      });
      tar.once("error", (error: Error) => counted.destroy(error));
      await loadImages(to, tar.pipe(counted));
    },
  );
}
