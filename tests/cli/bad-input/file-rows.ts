import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BadMachine, Planted } from "./bad-input.ts";
import type { ScratchCheckout } from "./scratch-checkout.ts";

const projects = [".lab", "state", ".pulumi", "stacks", "mail-lab"];

/** Changes the stack's state file. */
function withState(change: (text: string) => string) {
  return async (scratch: ScratchCheckout): Promise<Planted> => {
    const file = join(scratch.root, ...projects, `${scratch.stack}.json`);
    await writeFile(file, change(await readFile(file, "utf8")));
    return {};
  };
}

/** Puts another text in the place of a file of the checkout. */
function withFile(name: string, text: string) {
  return async (scratch: ScratchCheckout): Promise<Planted> => {
    await rm(join(scratch.root, name), { recursive: true, force: true });
    await scratch.write(name, text);
    return {};
  };
}

const withEnv = (env: NodeJS.ProcessEnv) => async (): Promise<Planted> => Promise.resolve({ env });

/** `.lab` on a file system of its own that holds what it needs and not a byte more. */
const fullLab = `
saved=$(mktemp -d); cp -a .lab/. "$saved"
mount -t tmpfs -o size=8m tmpfs .lab
cp -a "$saved/." .lab; rm -rf "$saved"
dd if=/dev/zero of=.lab/filler bs=4k >/dev/null 2>&1 || :`;

const readOnly = 'mount --bind . .\ncd "$PWD"\nmount -o remount,bind,ro .';
const neverUsed = "mount -t tmpfs -o ro tmpfs .lab";

/** State, secrets and files of the lab's own that are broken, full or not to be written. */
export const fileRows: readonly BadMachine[] = [
  {
    name: "a state file that was cut off",
    plant: withState((text) => text.slice(0, text.length / 2)),
    code: "LAB_STATE_BROKEN",
    exit: 5,
    en: [".lab/state/.pulumi/stacks/mail-lab/", "is broken; it must be whole"],
    ja: [".lab/state/.pulumi/stacks/mail-lab/", "状態ファイルが壊れています"],
  },
  {
    name: "an empty state file",
    plant: withState(() => ""),
    code: "LAB_STATE_BROKEN",
    exit: 5,
    en: [".lab/state/.pulumi/stacks/mail-lab/", "is broken"],
    ja: [".lab/state/.pulumi/stacks/mail-lab/", "壊れています"],
  },
  {
    name: "a state file of a version to come",
    plant: withState((text) => text.replace(/"version": ?3/, '"version": 99')),
    code: "LAB_STATE_VERSION",
    exit: 5,
    en: [".lab/state", "has a version that this Pulumi does not know"],
    ja: [".lab/state", "このPulumiの知らない版です"],
  },
  {
    name: "a broken list of the state's folder",
    plant: withFile(".lab/state/.pulumi/meta.yaml", "garbage"),
    code: "LAB_STATE_BROKEN",
    exit: 5,
    en: [".lab/state/.pulumi/meta.yaml", "is broken"],
    ja: [".lab/state/.pulumi/meta.yaml", "壊れています"],
  },
  {
    name: "a wrong passphrase",
    plant: withEnv({ PULUMI_CONFIG_PASSPHRASE: "wrong" }),
    code: "LAB_PASSPHRASE",
    exit: 2,
    en: ["PULUMI_CONFIG_PASSPHRASE: this passphrase does not open the secrets of the lab"],
    ja: ["PULUMI_CONFIG_PASSPHRASE: このパスフレーズでは", "秘密情報を開けません"],
  },
  {
    name: "a passphrase file that isn't there",
    plant: withEnv({ PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere/passphrase" }),
    code: "LAB_PASSPHRASE",
    exit: 2,
    en: ["PULUMI_CONFIG_PASSPHRASE_FILE: this passphrase does not open"],
    ja: ["PULUMI_CONFIG_PASSPHRASE_FILE: このパスフレーズでは"],
  },
  {
    name: "a passphrase of the checkout that was lost and made anew",
    plant: withFile(".lab/passphrase", "another"),
    code: "LAB_PASSPHRASE",
    exit: 2,
    en: [".lab/passphrase: this passphrase does not open"],
    ja: [".lab/passphrase: このパスフレーズでは"],
  },
  {
    name: "a state backend that isn't there",
    plant: withEnv({ PULUMI_BACKEND_URL: "file:///nowhere" }),
    code: "LAB_BACKEND",
    exit: 4,
    en: ["Pulumi could not read the state of the lab", "(PULUMI_BACKEND_URL file:///nowhere)"],
    ja: ["読めませんでした", "PULUMI_BACKEND_URL file:///nowhere"],
  },
  {
    name: "a state backend that is no address",
    plant: withEnv({ PULUMI_BACKEND_URL: "classroom" }),
    code: "LAB_BACKEND",
    exit: 4,
    en: ["(PULUMI_BACKEND_URL classroom)"],
    ja: ["PULUMI_BACKEND_URL classroom"],
  },
  {
    name: "a file where the state's folder belongs",
    plant: withFile(".lab/state", "not a folder"),
    code: "LAB_NOT_WRITABLE",
    exit: 5,
    en: [".lab/state can't be written"],
    ja: [".lab/state に書き込めません"],
  },
  {
    name: "a cache folder that can't be one",
    plant: withEnv({ MAIL_LAB_CACHE: "/dev/null/cache" }),
    code: "LAB_NOT_WRITABLE",
    exit: 5,
    en: ["/dev/null/cache", "can't be written"],
    ja: ["/dev/null/cache", "に書き込めません"],
  },
  {
    name: "a checkout on a file system without space",
    plant: async () => Promise.resolve({ mounts: fullLab }),
    code: "LAB_NO_SPACE",
    exit: 5,
    en: ["No space is left where the lab"],
    ja: ["空きがありません"],
  },
  {
    name: "a checkout that can't be written",
    plant: async () => Promise.resolve({ mounts: readOnly }),
    code: "LAB_NOT_WRITABLE",
    exit: 5,
    en: [".lab", "can't be"],
    ja: [".lab", "ません"],
  },
  {
    name: "a checkout that can't be written and was never used",
    plant: async () => Promise.resolve({ mounts: neverUsed }),
    code: "LAB_NOT_WRITABLE",
    exit: 5,
    en: [".lab can't be written"],
    ja: [".lab に書き込めません"],
  },
];
