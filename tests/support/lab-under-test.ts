import { inject } from "vitest";
import { connectSsh, type SshConnection } from "../../src/protocols/ssh.ts";

/** A mail host of the lab under test. */
export interface HostUnderTest {
  name: string;
  hostname: string;
  domain: string;
  address: string;
  users: string[];
  /** On the loopback. */
  ports: { ssh: number; smtp: number; pop3: number; imap: number };
  /** OpenSSH public key line. */
  hostKey: string;
}

/** A finished lab that stands while the tests of the project "lab" run; global-setup.ts builds it. */
export interface LabUnderTest {
  stack: string;
  addressing: "docker" | "inside";
  subnet: string;
  dns: { name: string; address: string; port: number };
  hosts: HostUnderTest[];
  /** Account name to password. */
  passwords: Record<string, string>;
  sshKey: string;
  /** What all of the lab's secrets are derived from, in base64; as `pulumi stack export --show-secrets` gives it. */
  seed: string;
  /** What building it left to be looked through for secrets. */
  built: BuildTrace;
}

/** What could be seen from outside while the lab was built. */
interface BuildTrace {
  /** The command lines of the machine's processes, each once. */
  commandLines: string[];
  /** What `./lab up` printed. */
  output: string;
  /** The stack's state as `pulumi stack export` gives it. */
  state: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    lab: LabUnderTest;
  }
}

/** The machine's address where the lab's ports are published. */
export const LOOPBACK = "127.0.0.1";

/** The lab under test. */
export function labUnderTest(): LabUnderTest {
  return inject("lab");
}

/** The lab's two hosts, host1 and host2, with the user that each has. */
export function mailHosts(): [HostUnderTest, HostUnderTest] {
  const { hosts } = labUnderTest();
  const [host1, host2] = hosts;
  if (host1 === undefined || host2 === undefined) throw new Error("the lab under test has no two hosts");
  return [host1, host2];
}

/** The address of a host's one user, such as `user1@example1.test`. */
export function addressOf(host: HostUnderTest): string {
  return `${userOf(host)}@${host.domain}`;
}

/** A host's one user, such as `user1`. */
export function userOf({ name, users: [user] }: HostUnderTest): string {
  if (user === undefined) throw new Error(`${name} has no user`);
  return user;
}

/** An account's password. */
export function passwordOf(user: string): string {
  const password = labUnderTest().passwords[user];
  if (password === undefined) throw new Error(`the lab has no password of ${user}`);
  return password;
}

/** Logs in as a student does, by password. */
export async function logIn(host: HostUnderTest, user: string): Promise<SshConnection> {
  const { hostKey, ports } = host;
  return await connectSsh({ host: LOOPBACK, port: ports.ssh, user, hostKey, password: passwordOf(user) });
}

/** Logs in as the administrator with the lab's own key, as the chapter's steps do. */
export async function logInAsStep(host: HostUnderTest): Promise<SshConnection> {
  const { hostKey, ports } = host;
  const privateKey = labUnderTest().sshKey;
  return await connectSsh({ host: LOOPBACK, port: ports.ssh, user: "ubuntu", hostKey, privateKey });
}

/** Runs a command with sudo, and the administrator's password on standard input. */
export async function runAsRoot(ssh: SshConnection, command: string) {
  return await ssh.run(`sudo -S -p '' ${command}`, { stdin: `${passwordOf("ubuntu")}\n` });
}
