import { clientEnvironment } from "../../../toolchain/docker/engine-route.ts";
import { inStep } from "../../../toolchain/progress.ts";
import { join } from "node:path";
import { execa } from "execa";
import { startsInUse } from "../../course/stage.ts";
import { hasImage } from "../../engine/lab-objects.ts";
import {
  ensureArguments,
  imagesFolder,
  planDeskImages,
  planImages,
  type ImagePlan,
} from "../../images/image-plan.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { copyImages } from "./copy-images.ts";
import { engineOf, type LabContext } from "../lab-context.ts";

const shownLogLines = 20;

const deskTakesTime = {
  en: "The desk's image, with Thunderbird and its fonts, is built once for the machine; it takes some minutes.",
  ja: "デスクのイメージ（Thunderbirdとフォント入り）を作ります。マシンごとに1回だけで、数分かかります。",
};

/**
 * Builds the images that the engine lacks, by the same script that the Pulumi program calls: here with its
 * progress in view, and also where a stack's state believes that they are there. For an engine that is elsewhere they
 * are built on this machine's, where there is one, and copied.
 *
 * @throws LabError `LAB_IMAGE_BUILD` with the last lines of the build, `LAB_BASE_IMAGE` where what it stands on is missing.
 */
export async function ensureImages(context: LabContext, config: LabConfig): Promise<void> {
  const engine = engineOf(context);
  const { base, dns } = planImages(config.baseImage, config.start);
  const mailHosts = startsInUse(config).map((start) => planImages(config.baseImage, start).mailHost);
  const desk = config.desk === "" ? undefined : planDeskImages(config.baseImage);
  const plans = await missingOn(engine, [
    base,
    dns,
    ...mailHosts,
    ...(desk === undefined ? [] : [desk.base, desk.desk]),
  ]);
  const source = context.toolchain.imageSource;
  await buildImages(context, source ?? engine, plans);
  if (source === undefined || plans.length === 0) return;
  await copyImages(context, [...new Set(plans.map(({ reference }) => reference))], source, engine);
}

async function missingOn(engine: string, plans: readonly ImagePlan[]): Promise<readonly ImagePlan[]> {
  const found = await Promise.all(plans.map(({ reference }) => hasImage(engine, reference)));
  return plans.filter((_plan, index) => found[index] === false);
}

async function buildImages(context: LabContext, engine: string, plans: readonly ImagePlan[]): Promise<void> {
  for (const plan of plans) {
    if (await hasImage(engine, plan.reference)) continue;
    if (plan.name === "desk") context.report.say(deskTakesTime);
    await inStep(
      context.report,
      { id: `image-${plan.name}`, title: { en: `Image ${plan.name}`, ja: `イメージ ${plan.name}` } },
      async (voice) => {
        const build = execa(join(imagesFolder, "ensure"), ensureArguments(plan, imagesFolder), {
          env: { ...context.toolchain.environment, ...clientEnvironment(engine) },
          cancelSignal: context.signal,
          stdin: "ignore",
          all: true,
          reject: false,
        });
        for await (const words of build.iterable({ from: "all" })) voice.line(words);
        const { failed, all, isCanceled } = await build;
        if (!failed) return;
        const isOurs = plan.name !== "base";
        if (!isCanceled && !isOurs && !(await hasImage(engine, plan.base))) throw noBaseImage(plan.base, all);
        throw new LabError(
          isCanceled ? "LAB_INTERRUPTED" : "LAB_IMAGE_BUILD",
          {
            en: `The image ${plan.name} could not be built.`,
            ja: `イメージ${plan.name}を作れませんでした。`,
          },
          {
            details: all.split("\n").slice(-shownLogLines),
            hint: {
              en: "./lab up tries again from the last good layer",
              ja: "./lab up で続きからやり直します",
            },
          },
        );
      },
    );
  }
}

function noBaseImage(baseImage: string, log: string): LabError {
  return new LabError(
    "LAB_BASE_IMAGE",
    {
      en: `baseImage: the engine has no image ${baseImage} and could not get it; it must be one that the engine has or can pull.`,
      ja: `baseImage: イメージ ${baseImage} はエンジンになく、取得もできませんでした。エンジンにあるか、取得できるイメージにしてください。`,
    },
    {
      details: log
        .split("\n")
        .filter((line) => line.trim() !== "")
        .slice(-shownLogLines),
      hint: {
        en: "docker images lists what is there; pulumi config rm baseImage lets the lab choose",
        ja: "docker images で一覧を確認するか、pulumi config rm baseImage でラボに選ばせてください",
      },
      exit: exitCode.usage,
    },
  );
}
