import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { DecodedHead, DecodedMail } from "./decode-mail.ts";

/** What is to be decoded: the heads of many mails, or one mail as a whole. */
export type DecodingTask =
  | { readonly kind: "heads"; readonly sources: readonly Uint8Array[] }
  | { readonly kind: "mail"; readonly source: Uint8Array };

/** A mail that is made to be hard to read must not hold up anybody else for longer. */
const decodingDeadlineMs = 15_000;
const mostMemoryMiB = 512;

/** Decodes the heads of many mails; `undefined` stands for one that can't be decoded. */
export async function decodeHeads(
  sources: readonly Uint8Array[],
): Promise<readonly (DecodedHead | undefined)[]> {
  return sources.length === 0 ? [] : await decodeApart({ kind: "heads", sources });
}

/**
 * Decodes one mail.
 *
 * @throws Error where it can't be decoded, or takes too long or too much memory.
 */
export async function decodeMailApart(source: Uint8Array): Promise<DecodedMail> {
  return await decodeApart({ kind: "mail", source });
}

/** A mail is an attacker's text: it is read in a thread of its own, which is ended when it takes too much. */
async function decodeApart<Answer>(task: DecodingTask): Promise<Answer> {
  const worker = new Worker(join(import.meta.dirname, "decode-worker.ts"), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMiB },
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  worker.once("message", resolve);
  worker.once("error", reject);
  worker.once("exit", (code) => {
    reject(new Error(`the decoder ended with ${code}`));
  });
  const clock = setTimeout(() => {
    reject(new Error(`it takes longer than ${decodingDeadlineMs / 1000} s`));
  }, decodingDeadlineMs);
  try {
    return await promise;
  } finally {
    clearTimeout(clock);
    await worker.terminate();
  }
}
