import { join } from "node:path";
import { LabError, exitCode } from "../model/lab-error.ts";

/** The top of the checkout. */
export const projectRoot = join(import.meta.dirname, "..", "..");

/** Where a clone keeps what must not be committed. */
export interface LabPaths {
  readonly root: string;
  /** `.lab/`: everything below is this clone's own. */
  readonly folder: string;
  /** The file backend of Pulumi's state. */
  readonly state: string;
  /** The file with the passphrase of the state's secrets, mode 0600. */
  readonly passphrase: string;
  /** The stack's configuration: what Pulumi.dev.yaml or the user set, and what the machine added. */
  readonly stackConfig: string;
}

const stackPattern = /^[a-z0-9][a-z0-9-]{0,40}$/;

/**
 * The paths of a stack.
 *
 * @throws LabError `LAB_STACK_NAME` where the name can't be one.
 */
export function labPaths(stack: string, root: string = projectRoot): LabPaths {
  if (!stackPattern.test(stack)) {
    throw new LabError(
      "LAB_STACK_NAME",
      {
        en: `--stack: “${stack}” can't name a stack; up to 41 lower-case letters, digits and hyphens can.`,
        ja: `--stack: 「${stack}」はスタック名に使えません。英小文字・数字・ハイフンで41文字までです。`,
      },
      {
        hint: { en: "such as --stack class-a", ja: "例: --stack class-a" },
        exit: exitCode.usage,
      },
    );
  }
  const folder = join(root, ".lab");
  return {
    root,
    folder,
    state: join(folder, "state"),
    passphrase: join(folder, "passphrase"),
    stackConfig: join(folder, "stacks", `Pulumi.${stack}.yaml`),
  };
}
