import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { CommandError } from "@pulumi/pulumi/automation/index.js";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { sameText } from "../../model/text.ts";
import { spaceHint, writableHint } from "../file-hints.ts";
import { labPaths } from "../lab-paths.ts";

/** What Pulumi said of a failure: its error lines, or all of its words where it marked none. */
export function pulumiWords(cause: CommandError): readonly string[] {
  // The automation quotes what was said on both streams.
  const lines = [...new Set(cause.message.split("\n").map((line) => line.trim()))].filter(Boolean);
  const errors = lines.filter((line) => line.startsWith("error:"));
  return errors.length > 0 ? errors : lines;
}

/** A failure of Pulumi's that is the user's to mend: how it is known, and what is said of it. */
interface KnownFailure {
  readonly pattern: RegExp;
  readonly error: (stack: string, words: readonly string[], cause: CommandError) => LabError;
}

const knownFailures: readonly KnownFailure[] = [
  { pattern: /no space left on device|disk quota exceeded/, error: noSpace },
  { pattern: /read-only file system|permission denied/, error: notWritable },
  { pattern: /PULUMI_CONFIG_PASSPHRASE|incorrect passphrase|passphrase must be set/, error: wrongPassphrase },
  { pattern: /unsupported checkpoint version|state store unsupported/, error: otherVersion },
  { pattern: /failed to load checkpoint|corrupt store|could not deserialize/, error: brokenState },
];

/** The error for what Pulumi said where it is one that the user can mend; else `undefined`. */
export function knownFailure(stack: string, cause: CommandError): LabError | undefined {
  const words = pulumiWords(cause);
  return knownFailures
    .find(({ pattern }) => words.some((line) => pattern.test(line)))
    ?.error(stack, words, cause);
}

function noSpace(_stack: string, details: readonly string[], cause: CommandError): LabError {
  return new LabError(
    "LAB_NO_SPACE",
    {
      en: `No space is left where the lab's state is kept (${statePlace()}).`,
      ja: `ラボの状態を置く場所（${statePlace()}）に空きがありません。`,
    },
    { details, hint: spaceHint, cause },
  );
}

function notWritable(_stack: string, details: readonly string[], cause: CommandError): LabError {
  return new LabError(
    "LAB_NOT_WRITABLE",
    {
      en: `The lab's state (${statePlace()}) can't be read and written.`,
      ja: `ラボの状態（${statePlace()}）を読み書きできません。`,
    },
    { details, hint: writableHint, cause },
  );
}

function wrongPassphrase(stack: string, details: readonly string[], cause: CommandError): LabError {
  const variable = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].find(
    (name) => process.env[name] !== undefined,
  );
  const source = variable ?? relative(labPaths(stack).root, labPaths(stack).passphrase);
  return new LabError(
    "LAB_PASSPHRASE",
    {
      en: `${source}: this passphrase does not open the secrets of the lab ${stack}; it must be the one that the lab was made with.`,
      ja: `${source}: このパスフレーズではラボ${stack}の秘密情報を開けません。ラボを作ったときのものが必要です。`,
    },
    {
      details,
      hint:
        variable === undefined
          ? {
              en: `put ${source} back as it was when the lab was made`,
              ja: `${source} を、ラボを作ったときのものに戻してください`,
            }
          : {
              en: `unset ${variable} where the lab was made without it, or set it as it was then`,
              ja: `設定せずに作ったラボなら unset ${variable}、そうでなければ当時の値を設定してください`,
            },
      exit: exitCode.usage,
      cause,
    },
  );
}

function brokenState(stack: string, details: readonly string[], cause: CommandError): LabError {
  const file = stateFile(stack, details);
  const before = `${file}.bak`;
  return new LabError(
    "LAB_STATE_BROKEN",
    {
      en: `${file}: the state of the lab ${stack} is broken; it must be whole, as Pulumi wrote it.`,
      ja: `${file}: ラボ${stack}の状態ファイルが壊れています。Pulumiが書いたままの形でなければなりません。`,
    },
    {
      details,
      hint: existsSync(join(labPaths(stack).root, before))
        ? sameText(`cp ${before} ${file} && ./lab up --stack ${stack}`)
        : {
            en: "put the file back from a copy; ./lab doctor --orphans lists what the engine holds of the lab",
            ja: "控えから戻してください。エンジンに残るものは ./lab doctor --orphans で見られます",
          },
      cause,
    },
  );
}

function otherVersion(stack: string, details: readonly string[], cause: CommandError): LabError {
  return new LabError(
    "LAB_STATE_VERSION",
    {
      en: `The state of the lab ${stack} (${statePlace()}) has a version that this Pulumi does not know; another Pulumi wrote it.`,
      ja: `ラボ${stack}の状態（${statePlace()}）は、このPulumiの知らない版です。別の版のPulumiが書いたものです。`,
    },
    {
      details,
      hint: {
        en: "use the mail-lab that the lab was made with, or a stack of another name: ./lab up --stack NAME",
        ja: "そのラボを作ったmail-labを使うか、別の名前で作ってください: ./lab up --stack 名前",
      },
      cause,
    },
  );
}

/** Where the state is: the user's backend, or the checkout's folder. */
export function statePlace(): string {
  const url = process.env["PULUMI_BACKEND_URL"];
  return url === undefined ? ".lab/state" : `PULUMI_BACKEND_URL ${url}`;
}

/** The broken file of the checkout's own backend, from the checkout's top; another backend's address. */
function stateFile(stack: string, words: readonly string[]): string {
  if (process.env["PULUMI_BACKEND_URL"] !== undefined) return statePlace();
  const { root, state } = labPaths(stack);
  const ownFile = words.some((line) => line.includes("meta.yaml"))
    ? ["meta.yaml"]
    : ["stacks", "mail-lab", `${stack}.json`];
  return relative(root, join(state, ".pulumi", ...ownFile));
}
