import type { SshConnection } from "../../src/protocols/ssh.ts";

/** Asks the host's own resolver by `dig`, as a student does, and gives the answer's status and time. */
export async function queryFromHost(
  ssh: SshConnection,
  name: string,
  type: string,
): Promise<{ status: string; queryTimeMs: number }> {
  const { stdout } = await ssh.run(`dig +tries=1 +time=5 ${name} ${type}`);
  const [, status] = /status: (\w+)/.exec(stdout) ?? [];
  const [, queryTime] = /Query time: (\d+) msec/.exec(stdout) ?? [];
  if (status === undefined) throw new Error(`dig ${name} ${type} on ${ssh.where} got no answer:\n${stdout}`);
  return { status, queryTimeMs: Number(queryTime) };
}
