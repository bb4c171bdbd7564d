import { randomBytes } from "node:crypto";
import { inStep } from "../../../toolchain/progress.ts";
import { listContainers, resumeContainer, type EngineContainer } from "../../engine/lab-objects.ts";
import { commitContainer, pauseContainer, topLayerBytes } from "../../engine/saved-images.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { labelNames } from "../../model/labels.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import {
  requireSaveName,
  saveFormat,
  savedImageReference,
  summaryOf,
  type SaveManifest,
  type SaveSummary,
} from "../../model/save-manifest.ts";
import { configuredEngine, engineOf, type LabContext } from "../lab-context.ts";
import { requireBuilt, type BuiltState } from "../stack/lab-outputs.ts";
import { appliedStage } from "../lifecycle/refuse-going-back.ts";
import { requireSameEngine } from "../reach/require-same-engine.ts";
import { retireSave } from "./retire-save.ts";
import { findSave, forgetUnlisted, keepSave, keepUnlisted } from "./save-store.ts";
import { beginSaveFile, type UnfinishedSaveFile } from "./write-save-file.ts";
import { removeSaveImages } from "./save-images.ts";
import { readLabConfig } from "../stack/stack-config.ts";
import { clearDeadLocks } from "../stack/stack-lock.ts";

const idBytes = 8;

/** How a lab is saved. */
export interface SaveOptions {
  /** A file that the save is written to as well, to be restored from elsewhere. */
  readonly file?: string | undefined;
  /** A save of this name, and a file of that one, may be replaced. */
  readonly mayReplace: boolean;
}

/**
 * Saves a lab as it stands: its hosts as images on the engine, and a manifest in this checkout. All hosts are frozen
 * together, so that no mail is on both or on neither; a lab that is stopped is saved as well.
 *
 * @throws LabError `LAB_SAVE_NAME`, `LAB_SAVE_EXISTS`, `LAB_SAVE_TARGET`, `LAB_NOT_UP`, `LAB_NOT_WHOLE`; whatever
 *   fails, nothing is left half made.
 */
export async function saveLab(context: LabContext, name: string, options: SaveOptions): Promise<SaveSummary> {
  requireSaveName(name);
  const { file, mayReplace } = options;
  const before = await findSave(context.paths, name);
  if (before !== undefined && !mayReplace) throw nameTaken(before);
  // No `await using`: Node.js 22 runs this file too, and does not know it.
  const target = file === undefined ? undefined : await beginSaveFile(file, mayReplace);
  try {
    return await saveAs(context, name, { before, target });
  } finally {
    await target?.[Symbol.asyncDispose]();
  }
}

/** What a save replaces, and the file that it is written to. */
interface SavePlace {
  readonly before: SaveManifest | undefined;
  readonly target: UnfinishedSaveFile | undefined;
}

async function saveAs(
  context: LabContext,
  name: string,
  { before, target }: SavePlace,
): Promise<SaveSummary> {
  await clearDeadLocks(context);
  const state = await requireBuilt(context);
  const config = await readLabConfig(context.paths);
  requireSameEngine(context, config.engine);
  const containers = await hostContainers(context, state);

  const id = randomBytes(idBytes).toString("hex");
  const engine = engineOf(context);
  const sizeless = describe(context, state, { ...config, id, name });
  // Before there is any image: what a killed command leaves is found by `prune`.
  await keepUnlisted(context.paths, sizeless);
  try {
    await inStep(
      context.report,
      { id: "lab-save", title: { en: `Save ${context.stack}`, ja: `${context.stack}の保存` } },
      (voice) => {
        voice.line(containers.map((container) => container.name).join(" "));
        return commitTogether(context, containers, { id, name });
      },
    );
    const save = await withSizes(engine, sizeless);
    if (target !== undefined) {
      await inStep(
        context.report,
        { id: "lab-save-file", title: { en: "Write the file", ja: "ファイルへの書き出し" } },
        () => target.write(engine, save, context.signal),
      );
    }
    await keepSave(context.paths, save);
    await forgetUnlisted(context.paths, save);
    if (before !== undefined) await retireSave(context, before);
    return summaryOf(save);
  } catch (error) {
    await removeSaveImages(engine, id);
    await forgetUnlisted(context.paths, sizeless);
    if (!context.signal.aborted || error instanceof LabError) throw error;
    throw interruptedSave(context, error);
  }
}

/** A host's container. */
interface HostContainer extends EngineContainer {
  readonly node: string;
}

async function hostContainers(
  context: LabContext,
  { outputs, dockerIds }: BuiltState,
): Promise<readonly HostContainer[]> {
  const containers = (await listContainers(engineOf(context))).filter(({ id }) => dockerIds.has(id));
  return outputs.hosts.map(({ name }) => {
    const container = containers.find(({ labels }) => labels[labelNames.node] === name);
    if (container !== undefined) return { ...container, node: name };
    throw new LabError(
      "LAB_NOT_WHOLE",
      {
        en: `The host ${name} of the lab ${context.stack} is gone from the engine; there is nothing to save of it.`,
        ja: `ラボ${context.stack}のホスト${name}がエンジンから消えていて、保存できません。`,
      },
      { hint: { en: `./lab up --stack ${context.stack}`, ja: `./lab up --stack ${context.stack}` } },
    );
  });
}

/** Freezes what runs, all before the first image is made, and lets it go on after the last. */
async function commitTogether(
  context: LabContext,
  containers: readonly HostContainer[],
  { id, name }: Pick<SaveManifest, "id" | "name">,
): Promise<void> {
  const engine = engineOf(context);
  const running = containers.filter(({ state }) => state === "running");
  try {
    await Promise.all(running.map((container) => pauseContainer(engine, container.id)));
    await Promise.all(
      containers.map((container) =>
        commitContainer(engine, container.id, {
          reference: savedImageReference(id, container.node),
          labels: { [labelNames.save]: name, [labelNames.saveId]: id },
        }),
      ),
    );
  } finally {
    await Promise.all(running.map((container) => resumeContainer(engine, container.id)));
  }
  context.signal.throwIfAborted();
}

/** What of the configuration the outputs don't say. */
type KeptConfig = Pick<LabConfig, "start" | "starts" | "upstream">;

/** The save as it will be, but for the sizes. */
function describe(
  context: LabContext,
  { outputs, seed }: BuiltState,
  { id, name, start, starts, upstream }: Pick<SaveManifest, "id" | "name"> & KeptConfig,
): SaveManifest {
  if (seed === undefined) throw new Error("a lab that was built has a seed");
  const { hosts, network, stage } = outputs;
  const own = hosts.map((host) => [host.name, appliedStage(outputs, host.name)] as const);
  return {
    format: saveFormat,
    id,
    name,
    stack: context.stack,
    savedAt: new Date().toISOString(),
    engine: configuredEngine(context),
    config: {
      subnet: network.subnet,
      hosts: hosts.map(({ name: host, domain, address, users }) => ({ name: host, domain, address, users })),
      start,
      starts,
      stage,
      stages: Object.fromEntries(own.filter(([, applied]) => applied !== stage)),
      upstream,
    },
    nodes: own.map(([host, applied]) => ({
      name: host,
      image: savedImageReference(id, host),
      stage: applied,
      sizeBytes: 0,
    })),
    seed,
  };
}

async function withSizes(engine: string, save: SaveManifest): Promise<SaveManifest> {
  const nodes = await Promise.all(
    save.nodes.map(async (node) => ({ ...node, sizeBytes: await topLayerBytes(engine, node.image) })),
  );
  return { ...save, nodes };
}

function nameTaken({ name, stack, savedAt }: SaveManifest): LabError {
  return new LabError(
    "LAB_SAVE_EXISTS",
    {
      en: `There is a save “${name}” already, of the lab ${stack} at ${savedAt}.`,
      ja: `「${name}」という保存がすでにあります（ラボ${stack}、${savedAt}）。`,
    },
    {
      hint: {
        en: "choose another name, or give --replace; ./lab saves lists what there is",
        ja: "別の名前にするか、上書きしてよければ --replace をつけてください（一覧は ./lab saves）",
      },
      exit: exitCode.usage,
    },
  );
}

function interruptedSave(context: LabContext, cause: unknown): LabError {
  return new LabError(
    "LAB_INTERRUPTED",
    {
      en: `Interrupted; nothing was saved, and the lab ${context.stack} goes on as it was.`,
      ja: `中断しました。何も保存していません。ラボ${context.stack}はそのままです。`,
    },
    { hint: { en: "./lab saves lists what there is", ja: "./lab saves で一覧が見られます" }, cause },
  );
}
