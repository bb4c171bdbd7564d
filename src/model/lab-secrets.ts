import { hkdfSync } from "node:crypto";
import { LabError } from "./lab-error.ts";
import { sshKeyPairFromSeed, type SshKeyPair } from "./openssh-key.ts";
import type { Topology } from "./topology.ts";

/** The administrator's account on every host, as in the textbook. */
export const administrator = "ubuntu";

/** What must not be seen: everything follows from one random seed, made once per stack. */
export interface LabSecrets {
  /** Public name of this lab's owner: 12 hexadecimal digits that no other state backend or stack has. */
  readonly owner: string;
  /** Account name to password; the administrator's is the same on every host. */
  readonly passwords: Readonly<Record<string, string>>;
  /** What opens the desk in a browser: 8 characters, since VNC looks at no more (RFC 6143, section 7.2.2). */
  readonly deskPassword: string;
  /** The key that opens ssh on every host, as any account. */
  readonly labKey: SshKeyPair;
  /** Host name to that host's ssh host key. */
  readonly hostKeys: Readonly<Record<string, SshKeyPair>>;
}

const seedBytes = 32;
const ownerBytes = 6;
const passwordGroups = 3;
const passwordGroupLength = 4;
const deskPasswordLength = 8;
/** Letters and digits that are not mistaken for each other on a projector. */
const passwordAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";

/** `length` secret bytes that only the seed and the purpose determine (RFC 5869). */
function derive(seed: Buffer, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", seed, "mail-lab", purpose, length));
}

/** Characters that are easy to type and to read aloud. */
function deriveCharacters(seed: Buffer, purpose: string, length: number): string {
  // Two bytes a character keep the bias of the remainder below one in two thousand.
  const bytes = derive(seed, purpose, length * 2);
  return Array.from(
    { length },
    (_, index) => passwordAlphabet[bytes.readUInt16BE(index * 2) % passwordAlphabet.length],
  ).join("");
}

/** A password in three groups of four, some 59 bits. */
function derivePassword(seed: Buffer, account: string): string {
  const characters = deriveCharacters(seed, `password/${account}`, passwordGroups * passwordGroupLength);
  return (characters.match(new RegExp(`.{${passwordGroupLength}}`, "g")) ?? []).join("-");
}

/**
 * The seed's bytes.
 *
 * @throws LabError `LAB_SEED` where the text is not 32 bytes.
 */
function readSeed(seedText: string): Buffer {
  const seed = Buffer.from(seedText, "base64");
  if (seed.length !== seedBytes) {
    throw new LabError(
      "LAB_SEED",
      {
        en: `The lab's random seed has ${seed.length} bytes instead of ${seedBytes}.`,
        ja: `ラボの乱数の種が${seedBytes}バイトではなく${seed.length}バイトです。`,
      },
      {
        hint: {
          en: "pulumi destroy, then pulumi up, makes a new lab with a new seed",
          ja: "pulumi destroy のあと pulumi up で、新しい種のラボができます",
        },
      },
    );
  }
  return seed;
}

/** What a seed's text is made of: one line, or two where the lab was restored from a save. */
interface SeedLines {
  /** Passwords and keys follow from it: a restored lab's is that of the lab that was saved. */
  readonly secrets: string;
  /** The owner's name follows from it, and is never another lab's. */
  readonly owner: string;
}

function linesOf(seedText: string): SeedLines {
  const [secrets = "", owner = secrets] = seedText.split("\n").filter((line) => line.trim() !== "");
  return { secrets, owner };
}

/** The part of a seed that a save takes along: what its passwords and keys follow from. */
export function savedSeedOf(seedText: string): string {
  return linesOf(seedText).secrets.trim();
}

/** The owner's public name alone. */
export function ownerOfSeed(seedText: string): string {
  return derive(readSeed(linesOf(seedText).owner), "owner", ownerBytes).toString("hex");
}

/**
 * Everything secret of a lab, worked out from its seed.
 *
 * @param seedText - 32 random bytes in base64; in a restored lab the saved ones, and on a second line its own.
 * @throws LabError `LAB_SEED` where a line is not 32 bytes.
 */
export function deriveLabSecrets(seedText: string, topology: Topology): LabSecrets {
  const seed = readSeed(linesOf(seedText).secrets);
  const accounts = [administrator, ...topology.hosts.flatMap((host) => host.users)];
  return {
    owner: ownerOfSeed(seedText),
    passwords: Object.fromEntries(accounts.map((account) => [account, derivePassword(seed, account)])),
    deskPassword: deriveCharacters(seed, "desk", deskPasswordLength),
    labKey: sshKeyPairFromSeed(derive(seed, "ssh/lab", seedBytes), "mail-lab"),
    hostKeys: Object.fromEntries(
      topology.hosts.map((host) => [
        host.name,
        sshKeyPairFromSeed(derive(seed, `ssh/host/${host.name}`, seedBytes), host.hostname),
      ]),
    ),
  };
}
