import type { Client, SFTPWrapper } from "ssh2";
import { PluginError } from "../rpc/plugin-error.ts";

/** What a connection's server is known to take (true) or not (false); it doesn't change while a connection lasts. */
const known = new WeakMap<Client, Map<string, boolean>>();

/** ssh2 documents the first argument, its type declarations don't. */
interface SftpWithEnvironment {
  sftp(
    environment: Readonly<Record<string, string>>,
    opened: (error: Error | undefined, sftp: SFTPWrapper) => void,
  ): void;
}

/**
 * Of the named variables those that the server would not take. ssh2 sends a command's variables without asking for
 * the server's answer; only for the file transfer subsystem it does, so that one is asked for, and closed at once.
 */
export async function unacceptedVariables(client: Client, names: readonly string[]): Promise<string[]> {
  const answers = known.get(client) ?? new Map<string, boolean>();
  known.set(client, answers);
  // One by one: ssh2 expects a single answer, and it must be clear which variable was refused.
  for (const name of names.filter((candidate) => !answers.has(candidate))) {
    answers.set(name, await isAccepted(client, name));
  }
  return names.filter((name) => answers.get(name) !== true);
}

function isAccepted(client: Client, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const lost = (): void => {
      reject(new PluginError("PLUGIN_SSH_LOST", "the ssh connection was lost before the command began"));
    };
    client.once("close", lost);
    // An empty value: the server goes by the name, and the real value belongs to the command alone.
    (client as unknown as SftpWithEnvironment).sftp({ [name]: "" }, (error, sftp) => {
      client.removeListener("close", lost);
      if (error === undefined) {
        sftp.end();
      }
      // A server without that subsystem refuses it, after it took the variable.
      resolve(error === undefined || !/environment/i.test(error.message));
    });
  });
}
