import { connectSsh, type SshConnection } from "../../protocols/ssh.ts";
import type { StreamOptions } from "../../protocols/ssh-command.ts";
import type { SshTerminal } from "../../protocols/ssh-terminal.ts";
import { administrator } from "../../model/lab-secrets.ts";
import type { LabContext } from "../lab-context.ts";
import { hostNamed, requireOutputs, type LabHost, type LabOutputs } from "../stack/lab-outputs.ts";

/** The loopback, where every lab publishes its ports. */
const loopback = "127.0.0.1";

/** What a session ended with where ssh itself has no number: killed by a signal. */
const killedBySignal = 128;

/**
 * Logs in on a host with the lab's own key and does some work there; the host has to prove that it is the lab's.
 * (No `await using`: Node.js 22 runs this file too, and does not know it.)
 */
export async function onHost<Result>(
  outputs: LabOutputs,
  host: LabHost,
  login: { readonly user: string; readonly signal: AbortSignal },
  work: (connection: SshConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await connectSsh({
    host: loopback,
    port: host.ports.ssh,
    privateKey: outputs.sshKey,
    hostKey: host.hostKey,
    ...login,
  });
  try {
    return await work(connection);
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

/**
 * Opens an account's login shell on a host.
 *
 * @returns the shell's exit code.
 */
export async function openShell(
  context: LabContext,
  where: { readonly user: string; readonly host: string },
  terminal: SshTerminal,
): Promise<number> {
  const outputs = await requireOutputs(context);
  const login = { user: where.user, signal: context.signal };
  const { exitCode } = await onHost(outputs, hostNamed(outputs, where.host), login, (connection) =>
    connection.shell(terminal, context.signal),
  );
  return exitCode ?? killedBySignal;
}

/**
 * Runs a command on a host with the given streams.
 *
 * @returns the command's exit code.
 */
export async function runOnHost(
  context: LabContext,
  where: { readonly user?: string | undefined; readonly host: string },
  command: string,
  streams: StreamOptions,
): Promise<number> {
  const outputs = await requireOutputs(context);
  const host = hostNamed(outputs, where.host);
  const login = { user: where.user ?? administrator, signal: context.signal };
  const { exitCode } = await onHost(outputs, host, login, (connection) =>
    connection.exec(command, { ...streams, signal: context.signal }),
  );
  return exitCode ?? killedBySignal;
}
