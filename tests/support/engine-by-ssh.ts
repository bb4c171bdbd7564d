import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFile, chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sshKeyPairFromSeed, type SshKeyPair } from "../../src/model/openssh-key.ts";
import { findOnPath } from "../../toolchain/on-path.ts";
import type { EngineOfItsOwn } from "./engine-of-its-own.ts";

const farSide = fileURLToPath(import.meta.resolve("./ssh-far-side.ts"));
const user = "teacher";

/** A machine's engine as a teacher has it who may log in there by ssh. */
export interface EngineBySsh extends AsyncDisposable {
  /** `ssh://teacher@127.0.0.1:PORT`. */
  readonly address: string;
  /** What a command needs to log in there: an `ssh` that reads the test's own configuration. */
  readonly env: Readonly<Record<string, string>>;
  /** Where that configuration is. */
  readonly folder: string;
  /** The person's key. */
  readonly key: SshKeyPair;
  /** Lets another machine's key answer at the same address, until it is told to stop. */
  readonly changeHostKey: () => Promise<() => Promise<void>>;
  /** Takes the teacher's key away, until it is given back. */
  readonly forgetKey: () => Promise<() => Promise<void>>;
}

/**
 * Puts an ssh server into an engine's machine, and a person's way to it into a folder of the test.
 *
 * @param other - another machine's, where the same person may log in with the same `env`.
 */
export async function startEngineBySsh(engine: EngineOfItsOwn, other?: EngineBySsh): Promise<EngineBySsh> {
  const folder = other?.folder ?? (await mkdtemp(join(tmpdir(), "mail-lab-ssh-")));
  const own = other?.key ?? newKey();
  const host = newKey();
  let server = await startSshServerThere(engine, { hostKey: host.privateKey, allowedKey: own.publicKey });
  const port = await engine.reach(server.port);
  const file = (name: string): string => join(folder, name);
  const restart = async ({ privateKey }: SshKeyPair): Promise<void> => {
    await server.end();
    server = await startSshServerThere(
      engine,
      { hostKey: privateKey, allowedKey: own.publicKey },
      server.port,
    );
  };
  const knownHosts = (publicKey: string): Promise<void> =>
    appendFile(file("known_hosts"), `[127.0.0.1]:${port} ${publicKey}\n`);
  await writeFile(file("key"), own.privateKey, { mode: 0o600 });
  await knownHosts(host.publicKey);
  await writeFile(
    file("config"),
    [
      `IdentityFile ${file("key")}`,
      "IdentitiesOnly yes",
      "IdentityAgent none",
      `UserKnownHostsFile ${file("known_hosts")}`,
      "GlobalKnownHostsFile /dev/null",
      "",
    ].join("\n"),
  );
  // ssh looks for its files in the home that the system has for the user, whatever HOME says.
  const path = process.env["PATH"] ?? "";
  await writeFile(file("ssh"), `#!/bin/sh\nexec ${findOnPath("ssh", path)[0]} -F ${file("config")} "$@"\n`);
  await chmod(file("ssh"), 0o755);
  return {
    address: `ssh://${user}@127.0.0.1:${port}`,
    folder,
    key: own,
    env: { PATH: `${folder}${delimiter}${path}` },
    changeHostKey: async () => {
      await restart(newKey());
      return () => restart(host);
    },
    forgetKey: async () => {
      await writeFile(file("key"), newKey().privateKey);
      await restart(host);
      return () => writeFile(file("key"), own.privateKey);
    },
    async [Symbol.asyncDispose]() {
      await server.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A new key pair in OpenSSH's forms. */
export function newKey(): SshKeyPair {
  return sshKeyPairFromSeed(randomBytes(32), "test");
}

/** A started server. */
interface ServerThere {
  readonly port: number;
  readonly end: () => Promise<void>;
}

/** Starts an ssh server in the engine's network, on a port of its loopback. */
export async function startSshServerThere(
  engine: EngineOfItsOwn,
  keys: { readonly hostKey: string; readonly allowedKey: string },
  port = 0,
): Promise<ServerThere> {
  const [file, ...words] = [...engine.enter(), process.execPath, farSide];
  const server: ChildProcess = spawn(file, words, {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...process.env,
      SSH_HOST_KEY: keys.hostKey,
      SSH_ALLOWED_KEY: keys.allowedKey,
      SSH_PORT: String(port),
      // On a machine of its own this would be its default socket.
      DOCKER_HOST: engine.host,
    },
  });
  if (server.stdout === null) throw new Error("the server has no output");
  const ended = once(server, "exit");
  const [said] = await Promise.race([
    once(server.stdout, "data") as Promise<[Buffer]>,
    ended.then(() => {
      throw new Error("the ssh server did not start");
    }),
  ]);
  return {
    port: Number(said.toString("utf8")),
    end: async () => {
      server.stdin?.end();
      await ended;
    },
  };
}
