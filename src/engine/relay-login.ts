import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clientEnvironment } from "../../toolchain/docker/engine-route.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import { sshKeyPairFromSeed } from "../model/openssh-key.ts";
import { quoteWord } from "../model/quote-word.ts";
import { listProductImages } from "./lab-images.ts";

/** How ssh gets to an engine's machine. */
export interface EngineLogin {
  /** Its options and its target. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Removes what was only needed to log in. */
  readonly forget: () => Promise<void>;
}

const keyVariable = "RELAY_KEY";
const relayImage = "base";
/** What sshd needs to let somebody in, and nothing else that a container has. */
const capabilities = ["SYS_CHROOT", "SETUID", "SETGID"] as const;

/**
 * An ssh server for the time of a login, which leads to the machine's loopback and nowhere else: the key that it takes
 * is made for it, and whoever it serves has been let in by Docker already.
 */
const serve = [
  "umask 077",
  "mkdir -p /run/sshd /run/relay",
  'ssh-keygen -q -t ed25519 -N "" -f /run/relay/host',
  `echo "$${keyVariable}" > /run/relay/keys`,
  [
    "exec /usr/sbin/sshd -i -f /dev/null -h /run/relay/host",
    ...[
      "AuthorizedKeysFile=/run/relay/keys",
      "StrictModes=no",
      "UsePAM=no",
      "PermitRootLogin=prohibit-password",
      "PasswordAuthentication=no",
      "AllowTcpForwarding=local",
      "PermitOpen=127.0.0.1:*",
    ].map((option) => `-o ${option}`),
  ].join(" "),
].join("; ");

/**
 * A login to the machine of an engine that there is no ssh to: Docker starts a container of the lab's own base image
 * in the machine's network, and an ssh server in it takes the login over the container's standard streams. It ends,
 * and is removed, with the login.
 *
 * @param folder - a private one, for the key.
 * @throws LabError `LAB_ENGINE_REACH` where the engine has none of the lab's images yet.
 */
export async function relayLogin(engine: string, folder: string): Promise<EngineLogin> {
  const images = await listProductImages(engine);
  const image = images
    .flatMap(({ references }) => references)
    .find((reference) => reference.startsWith(`mail-lab/${relayImage}:`));
  if (image === undefined) throw noImage(engine);
  const { publicKey, privateKey } = sshKeyPairFromSeed(randomBytes(32), "mail-lab-relay");
  const keyFile = join(folder, `relay-${process.pid}-${randomBytes(4).toString("hex")}`);
  await writeFile(keyFile, privateKey, { mode: 0o600 });
  const run = [
    ...["docker", "run", "--rm", "--interactive", "--network", "host", "--label", "mail-lab.relay=1"],
    ...["--cap-drop", "ALL", ...capabilities.flatMap((name) => ["--cap-add", name])],
    ...["--env", `${keyVariable}=${publicKey}`, "--entrypoint", "sh", image, "-c", serve],
  ];
  return {
    words: [
      ...["-F", "none", "-o", `ProxyCommand=${run.map(quoteWord).join(" ")}`],
      ...["-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-i", keyFile],
      // Docker is the one who knows whom it talks to; the labs' hosts prove who they are themselves.
      ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"],
      ...["-l", "root", "--", "mail-lab-relay"],
    ],
    environment: clientEnvironment(engine),
    forget: () => rm(keyFile, { force: true }),
  };
}

function noImage(engine: string): LabError {
  return new LabError(
    "LAB_ENGINE_REACH",
    {
      en: `The engine ${engine} has none of the lab's images, by which its machine's ports are reached.`,
      ja: `エンジン ${engine} に、そのマシンのポートへ接続するためのラボのイメージがありません。`,
    },
    {
      hint: { en: "./lab up brings them", ja: "./lab up が用意します" },
      exit: exitCode.unreachable,
    },
  );
}
