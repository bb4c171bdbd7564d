import { inStep } from "../../../toolchain/progress.ts";
import { loadImages } from "../../engine/image-transfer.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { summaryOf, type SaveManifest, type SaveSummary } from "../../model/save-manifest.ts";
import { down } from "../lifecycle/down.ts";
import { configuredEngine, engineOf, type BuildContext, type LabContext } from "../lab-context.ts";
import type { ShownOutputs } from "../stack/lab-outputs.ts";
import { requireBuilt } from "../stack/lab-outputs.ts";
import { labStateOf } from "../stack/lab-state.ts";
import { exportState, findOrCreateStack } from "../stack/pulumi-stack.ts";
import { imagesIn, readSaveFile } from "./read-save-file.ts";
import { refuseCommittedValues, savedSeedKey, valuesOf } from "./restored-values.ts";
import { removeSaveImages, saveImagesOf } from "./save-images.ts";
import { keepUnlisted, listNamedSaves, requireSave } from "./save-store.ts";
import { setSecretValue } from "./secret-config.ts";
import { readOwnValues, setOwnValues } from "../stack/stack-config.ts";
import { waitForBoot } from "../lifecycle/start-stopped.ts";
import { up } from "../lifecycle/up.ts";

/** Where a lab is restored from: a save of this checkout, or a file of any. */
export type RestoreSource = { readonly name: string } | { readonly file: string };

/** How a lab is restored. */
export interface RestoreOptions {
  /** A lab that is up may be taken down for it, and what is in it lost. */
  readonly mayReplace: boolean;
}

/** What `restore` came to. */
export interface RestoreResult {
  readonly save: SaveSummary;
  readonly outputs: ShownOutputs;
}

/**
 * Brings a saved lab back into the context's stack, by the program: its configuration says which image each host is
 * made from. Accounts, passwords, mail, queue and keys are the saved ones; addresses, ports and names on the engine
 * are the stack's own.
 *
 * @throws LabError `LAB_NO_SAVE`, `LAB_SAVE_FILE`, `LAB_SAVE_GONE`, `LAB_RESTORE_OVER`, `LAB_RESTORE_COMMITTED`
 *   before anything is made, and what `up` throws.
 */
export async function restoreLab(
  context: BuildContext,
  source: RestoreSource,
  { mayReplace }: RestoreOptions,
): Promise<RestoreResult> {
  const save = await readSource(context, source);
  await refuseCommittedValues(context, save);
  const isUp = await isAnythingThere(context);
  if (isUp && !mayReplace) throw wouldReplace(context);
  await bringImages(context, save, source);
  if (isUp) await down(context, { forget: false });
  const outputs = await withRestoredValues(context, save, async () => {
    await findOrCreateStack(context);
    await setSecretValue(context, savedSeedKey, save.seed);
    return (await up(context, { mayReplace: true })).outputs;
  });
  // No step of the chapter has logged in, which a lab that is built waits for.
  await waitForBoot(context, (await requireBuilt(context)).outputs);
  return { save: summaryOf(save), outputs };
}

async function readSource(context: LabContext, source: RestoreSource): Promise<SaveManifest> {
  if ("name" in source) return requireSave(context.paths, source.name);
  return inStep(
    context.report,
    { id: "lab-save-read", title: { en: "Read the file", ja: "ファイルの確認" } },
    () => readSaveFile(source.file, context.signal),
  );
}

/** Whether the stack has anything, a lab that is half built too. */
async function isAnythingThere(context: LabContext): Promise<boolean> {
  const exported = await exportState(context);
  if (exported === undefined) return false;
  const { owner, dockerIds } = labStateOf(exported);
  return owner !== undefined || dockerIds.size > 0;
}

/** Makes sure that the engine has the images: from the file where it is one, and where they were saved otherwise. */
async function bringImages(context: LabContext, save: SaveManifest, source: RestoreSource): Promise<void> {
  const engine = engineOf(context);
  if (await hasImages(engine, save)) return;
  if ("name" in source) throw imagesGone(context, save);
  const named = await listNamedSaves(context.paths);
  if (!named.some(({ id }) => id === save.id)) await keepUnlisted(context.paths, save);
  await inStep(
    context.report,
    { id: "lab-save-load", title: { en: "Load the images", ja: "イメージの読み込み" } },
    async () => {
      try {
        await loadImages(engine, imagesIn(source.file));
        if (!(await hasImages(engine, save))) throw imagesGone(context, save);
      } catch (error) {
        await removeSaveImages(engine, save.id);
        throw error;
      }
    },
  );
}

/** Whether the engine has all images of a save, each with the save's own label. */
async function hasImages(engine: string, { id, nodes }: SaveManifest): Promise<boolean> {
  const there = (await saveImagesOf(engine, id)).flatMap(({ references }) => references);
  return nodes.every(({ image }) => there.includes(image));
}

/** Works with the configuration that makes the saved lab; where nothing came of it, the former one is set again. */
async function withRestoredValues<Result>(
  context: LabContext,
  save: SaveManifest,
  work: () => Promise<Result>,
): Promise<Result> {
  const values = valuesOf(save);
  const own = await readOwnValues(context.paths);
  const before = Object.fromEntries(Object.keys(values).map((key) => [key, own[key]]));
  await setOwnValues(context.paths, values);
  try {
    return await work();
  } catch (error) {
    if (!(await isAnythingThere(context)))
      await setOwnValues(context.paths, { ...before, [savedSeedKey]: undefined });
    throw error;
  }
}

function wouldReplace({ stack }: LabContext): LabError {
  return new LabError(
    "LAB_RESTORE_OVER",
    {
      en: `The lab ${stack} is there: accounts, mail, queue and every file in it would be lost.`,
      ja: `ラボ${stack}がすでにあります。そのアカウント・メール・キュー・すべてのファイルが失われます。`,
    },
    {
      hint: {
        en: "--replace does it all the same, --stack NAME restores beside it; nothing was changed",
        ja: "それでもよければ --replace を、並べて戻すなら --stack 名前 をつけてください（まだ何も変えていません）",
      },
    },
  );
}

function imagesGone(context: LabContext, { name, nodes, engine }: SaveManifest): LabError {
  const isElsewhere = engine !== configuredEngine(context);
  const where = engine === "" ? "the default engine" : engine;
  const whereJa = engine === "" ? "既定のエンジン" : engine;
  return new LabError(
    "LAB_SAVE_GONE",
    {
      en: `This engine has not all images of the save ${name}; it was made on ${where}.`,
      ja: `このエンジンには保存${name}のイメージがそろっていません。保存したのは${whereJa}です。`,
    },
    {
      details: nodes.map(({ image }) => image),
      hint: isElsewhere
        ? {
            en: "./lab save NAME --file FILE there, and ./lab restore --file FILE here",
            ja: "保存したエンジンで ./lab save 名前 --file ファイル、こちらで ./lab restore --file ファイル としてください",
          }
        : {
            en: `./lab saves rm ${name} forgets it; ./lab restore --file FILE takes one from a file`,
            ja: `./lab saves rm ${name} で一覧から消せます。ファイルがあれば ./lab restore --file ファイル で戻せます`,
          },
      exit: exitCode.failed,
    },
  );
}
