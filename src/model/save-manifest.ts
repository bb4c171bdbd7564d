import { z } from "zod";
import { LabError, exitCode } from "./lab-error.ts";
import type { Text } from "./text.ts";

/** The form of a save that this version writes; it reads the older ones too, of which there are none yet. */
export const saveFormat = 1;

const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const idPattern = /^[0-9a-f]{16}$/;
const nodePattern = /^[a-z][a-z0-9-]{0,30}$/;
/** 32 bytes in base64. */
const seedPattern = /^[A-Za-z0-9+/]{43}=$/;

const nodeSchema = z.strictObject({
  name: z.string().regex(nodePattern),
  /** The reference of its image, which follows from the save's number and the host's name. */
  image: z.string(),
  /** The stage of the chapter that was applied on it. */
  stage: z.string(),
  /** What the host has that the image doesn't which it was made from, in bytes. */
  sizeBytes: z.number().int().nonnegative(),
});

const manifestSchema = z.strictObject({
  format: z.literal(saveFormat),
  /** 16 hexadecimal digits that no other save has. */
  id: z.string().regex(idPattern),
  name: z.string().regex(namePattern),
  /** The lab that was saved. */
  stack: z.string(),
  /** ISO 8601, in UTC. */
  savedAt: z.iso.datetime(),
  /** The engine that has the images, as the configuration's key `engine`. */
  engine: z.string(),
  /** What of the configuration makes the lab what it is; what belongs to a machine is chosen anew. */
  config: z.strictObject({
    subnet: z.unknown(),
    hosts: z.unknown(),
    start: z.unknown(),
    starts: z.unknown(),
    stage: z.unknown(),
    stages: z.unknown(),
    upstream: z.unknown(),
  }),
  nodes: z.array(nodeSchema).min(1),
  /** What the passwords and keys follow from: secret. */
  seed: z.string().regex(seedPattern),
});

/** A saved lab, but for the images of its hosts: secret, since it has the seed. */
export type SaveManifest = z.infer<typeof manifestSchema>;

/** What of a save may be shown. */
export type SaveSummary = Omit<SaveManifest, "seed" | "format">;

/** Every reference of a saved host's image begins with it. */
export const saveRepository = "mail-lab/save";

/** The reference of a saved host's image. */
export function savedImageReference(id: string, node: string): string {
  return `${saveRepository}:${id}-${node}`;
}

/** A save without what is secret. */
export function summaryOf(manifest: SaveManifest): SaveSummary {
  const { id, name, stack, savedAt, engine, config, nodes } = manifest;
  return { id, name, stack, savedAt, engine, config, nodes };
}

/**
 * Makes sure that a name can be a save's.
 *
 * @throws LabError `LAB_SAVE_NAME`.
 */
export function requireSaveName(name: string): void {
  if (namePattern.test(name)) return;
  throw new LabError(
    "LAB_SAVE_NAME",
    {
      en: `“${name}” can't name a save; up to 64 lower-case letters, digits, dots, underscores and hyphens can, a letter or digit first.`,
      ja: `「${name}」は保存名に使えません。英小文字か数字で始まる、英小文字・数字・ピリオド・下線・ハイフンで64文字までです。`,
    },
    { hint: { en: "such as ./lab save monday", ja: "例: ./lab save monday" }, exit: exitCode.usage },
  );
}

/**
 * Reads a save's manifest.
 *
 * @returns the manifest, or what is wrong with the text.
 */
export function parseSaveManifest(text: string): SaveManifest | { readonly problem: Text } {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { problem: { en: "its manifest is no JSON", ja: "マニフェストがJSONではありません" } };
  }
  const format = isRecord(raw) ? raw["format"] : undefined;
  if (typeof format === "number" && format > saveFormat) {
    return {
      problem: {
        en: `it has format ${format}, of a newer mail-lab; this one reads up to ${saveFormat}`,
        ja: `形式${format}は新しいmail-labのものです（この版で読めるのは${saveFormat}まで）`,
      },
    };
  }
  const parsed = manifestSchema.safeParse(raw);
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join(".") || "(all)"))].join(", ");
    return {
      problem: {
        en: `its manifest is not one of mail-lab: ${fields}`,
        ja: `マニフェストがmail-labのものではありません（${fields}）`,
      },
    };
  }
  const { id, nodes } = parsed.data;
  const stray = nodes.find(({ name, image }) => image !== savedImageReference(id, name));
  const names = new Set(nodes.map(({ name }) => name));
  if (stray !== undefined || names.size !== nodes.length) {
    return {
      problem: {
        en: `its manifest names images that are not its own: ${stray?.image ?? nodes.map(({ name }) => name).join(", ")}`,
        ja: `マニフェストにこの保存のものではないイメージがあります（${stray?.image ?? nodes.map(({ name }) => name).join("、")}）`,
      },
    };
  }
  return parsed.data;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
