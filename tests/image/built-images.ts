import { join } from "node:path";
import { execa } from "execa";
import { ensureArguments, imagesFolder, planImages, type ImagePlan } from "../../src/images/image-plan.ts";

/** The references of the images under test. */
export interface BuiltImages {
  readonly base: string;
  readonly dns: string;
  readonly exercise: string;
  readonly finished: string;
}

/** The distribution's image that ours stand on. */
export const distribution = process.env["MAIL_LAB_BASE_IMAGE"] ?? "ubuntu:24.04";

async function ensure(plan: ImagePlan): Promise<string> {
  await execa(join(imagesFolder, "ensure"), ensureArguments(plan, imagesFolder), { stdin: "ignore" });
  return plan.reference;
}

/** Builds the images from the tree as a lab would; those that the engine has are taken as they are. */
export async function buildImages(): Promise<BuiltImages> {
  const { base, dns, mailHost } = planImages(distribution, "exercise");
  return {
    base: await ensure(base),
    dns: await ensure(dns),
    exercise: await ensure(mailHost),
    finished: await ensure(planImages(distribution, "finished").mailHost),
  };
}
