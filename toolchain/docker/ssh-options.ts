/**
 * What every ssh to an engine's machine is started with: never a question on the terminal, since keys, agents and
 * known hosts are the person's own and asked for with a plain `ssh` first; and an end where the machine is gone.
 */
export const sshOptions: readonly string[] = [
  "-T",
  ...["-o", "BatchMode=yes"],
  ...["-o", "ConnectTimeout=10"],
  ...["-o", "ServerAliveInterval=5"],
  ...["-o", "ServerAliveCountMax=3"],
];
