import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { Server, utils, type PseudoTtyInfo, type ServerChannel } from "ssh2";
import { sshKeyPairFromSeed, type SshKeyPair } from "../../src/model/openssh-key.ts";

/** What the server under the client's test was asked for. */
interface RecordedSession {
  commands: string[];
  pty: PseudoTtyInfo | undefined;
  env: Record<string, string>;
  windows: { rows: number; cols: number }[];
  signals: string[];
}

/** A started ssh server in this process. */
export interface StartedSshServer extends AsyncDisposable {
  port: number;
  /** OpenSSH public key line. */
  hostKey: string;
  recorded: RecordedSession;
}

/** The user that the server lets in. */
export const SSH_USER = "student";
/** That user's password. */
export const SSH_PASSWORD = "right-password";

/** A new key pair in OpenSSH's forms. (About one in a hundred of the pairs that ssh2 itself makes is malformed.) */
export function generateSshKey(): SshKeyPair {
  return sshKeyPairFromSeed(randomBytes(32), "unit-test");
}

/**
 * Starts an ssh server that lets one user in by password or by `allowedKey`, and answers each command or
 * shell by `onCommand` (a shell's command is the empty string).
 */
export async function startSshServer(
  onCommand: (command: string, channel: ServerChannel) => void,
  allowedKey?: string,
): Promise<StartedSshServer> {
  const keys = generateSshKey();
  const allowed = allowedKey === undefined ? undefined : utils.parseKey(allowedKey);
  if (allowed instanceof Error) throw allowed;
  const recorded: RecordedSession = { commands: [], pty: undefined, env: {}, windows: [], signals: [] };
  const server = new Server({ hostKeys: [keys.privateKey] }, (client) => {
    // the type definitions leave this method out; without it each small packet waits 40 ms
    (client as typeof client & { setNoDelay: (isOn: boolean) => void }).setNoDelay(true);
    client.on("error", () => undefined); // a client that leaves early is part of the tests
    client.on("authentication", (context) => {
      const isUser = context.username === SSH_USER;
      const isPassword = context.method === "password" && context.password === SSH_PASSWORD;
      const isKey =
        context.method === "publickey" &&
        allowed !== undefined &&
        context.key.data.equals(allowed.getPublicSSH()) &&
        (context.signature === undefined ||
          context.blob === undefined ||
          allowed.verify(context.blob, context.signature));
      if (isUser && (isPassword || isKey)) context.accept();
      else context.reject(["password", "publickey"]);
    });
    client.on("session", (acceptSession) => {
      const session = acceptSession();
      session.on("env", (accept: (() => void) | undefined, _reject, info: { key: string; val: string }) => {
        recorded.env[info.key] = info.val;
        accept?.();
      });
      session.on("pty", (accept, _reject, info) => {
        recorded.pty = info;
        (accept as (() => void) | undefined)?.();
      });
      session.on("window-change", (accept, _reject, info) => {
        recorded.windows.push({ rows: info.rows, cols: info.cols });
        (accept as (() => void) | undefined)?.();
      });
      session.on("signal", (accept, _reject, info) => {
        recorded.signals.push(info.name);
        (accept as (() => void) | undefined)?.();
      });
      session.on("exec", (accept, _reject, info) => {
        recorded.commands.push(info.command);
        onCommand(info.command, accept());
      });
      session.on("shell", (accept) => {
        onCommand("", accept());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: keys.publicKey,
    recorded,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
