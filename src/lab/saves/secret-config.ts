import { join } from "node:path";
import { execa } from "execa";
import { LabError } from "../../model/lab-error.ts";
import type { LabContext } from "../lab-context.ts";
import { pulumiEnvironment } from "../stack/pulumi-environment.ts";

const shownLines = 5;

/**
 * Adds a secret to the stack's configuration, which keeps it encrypted. It goes there by the standard input, since a
 * command's arguments are for everybody to see.
 *
 * @throws LabError `LAB_ENGINE_FAILED` with Pulumi's own words.
 */
export async function setSecretValue(context: LabContext, key: string, value: string): Promise<void> {
  const { paths, stack, toolchain, signal } = context;
  const { failed, all } = await execa(
    join(toolchain.pulumiRoot, "bin", "pulumi"),
    ["config", "set", "--secret", "--stack", stack, "--non-interactive", key],
    {
      cwd: paths.root,
      env: await pulumiEnvironment(context),
      input: value,
      cancelSignal: signal,
      reject: false,
      all: true,
    },
  );
  if (!failed) return;
  throw new LabError(
    "LAB_ENGINE_FAILED",
    {
      en: `The secrets of the lab ${stack} could not be set.`,
      ja: `ラボ${stack}の秘密情報を設定できませんでした。`,
    },
    {
      details: all.split("\n").slice(-shownLines),
      hint: { en: "the same command tries again", ja: "同じコマンドでもう一度試してください" },
    },
  );
}
