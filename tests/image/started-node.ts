import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { execa } from "execa";
import { pack } from "tar-stream";
import { imagesFolder } from "../../src/images/image-plan.ts";
import { sshKeyPairFromSeed } from "../../src/model/openssh-key.ts";
import { connectSsh, type SshConnection } from "../../src/protocols/ssh.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { testLabel, uniqueName, type CarrierNetwork } from "./carrier-network.ts";

/** What a node of a test is started with, beyond what all have in common. */
export interface NodeOptions {
  readonly image: string;
  readonly network: CarrierNetwork;
  readonly hostname: string;
  /** The lab's address of the node, 192.168.1.12. */
  readonly address: string;
  /** Where the lab's address lives; `inside` unless given. */
  readonly addressing?: "docker" | "inside";
  /** The lab's network; 192.168.1.0/24 unless given. */
  readonly subnet?: string;
  readonly gateway?: string;
  /** Whether systemd runs in it (a mail host) or not (the DNS server). */
  readonly hasSystemd: boolean;
  /** Files put there before the first start, by path. */
  readonly files?: Readonly<Record<string, { readonly content: string; readonly mode: number }>>;
  /** What the entry is told besides, such as `MAIL_LAB_MACHINE`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ports published on the loopback, such as `25` or `53/udp`; ssh is there anyway. */
  readonly ports?: readonly string[];
}

const labDns = "192.168.1.11";

function runWords(options: NodeOptions, name: string): string[] {
  const addressing = options.addressing ?? "inside";
  const environment = {
    MAIL_LAB_ADDRESSING: addressing,
    MAIL_LAB_ADDRESS: `${options.address}/24`,
    MAIL_LAB_SUBNET: options.subnet ?? "192.168.1.0/24",
    MAIL_LAB_GATEWAY: options.gateway ?? "192.168.1.1",
    ...(options.hasSystemd ? { MAIL_LAB_DNS: labDns, MAIL_LAB_SYSTEMD: "entry", container: "docker" } : {}),
    ...options.environment,
  };
  const forSystemd = [
    ...["--cap-add", "SYS_ADMIN", "--security-opt", `seccomp=${join(imagesFolder, "seccomp.json")}`],
    ...["/run", "/run/lock", "/tmp"].flatMap((path) => ["--tmpfs", path]),
    ...["--stop-signal", "SIGRTMIN+3"],
  ];
  return [
    ...["--name", name, "--label", testLabel, "--hostname", options.hostname],
    ...["--network", options.network.name],
    ...(addressing === "docker" ? ["--ip", options.address] : []),
    ...["--cap-add", "NET_ADMIN", ...(options.hasSystemd ? forSystemd : [])],
    ...Object.entries(environment).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...["22", ...(options.ports ?? [])].flatMap((port) => ["--publish", `127.0.0.1::${port}`]),
    options.image,
  ];
}

async function upload(name: string, files: NodeOptions["files"] = {}): Promise<void> {
  const archive = pack();
  for (const [path, { content, mode }] of Object.entries(files))
    archive.entry({ name: path.slice(1), mode }, content);
  archive.finalize();
  await execa("docker", ["cp", "-", `${name}:/`], { input: await buffer(archive) });
}

/** Makes a container as a lab would, with its keys and the administrator's password, and starts it. */
export async function startNode(options: NodeOptions): Promise<StartedNode> {
  const name = uniqueName(options.hostname);
  const labKey = sshKeyPairFromSeed(randomBytes(32), "lab");
  const hostKey = sshKeyPairFromSeed(randomBytes(32), options.hostname);
  const password = randomBytes(9).toString("base64url");
  await execa("docker", ["create", ...runWords(options, name)]);
  await using cleanup = new AsyncDisposableStack();
  const node = cleanup.use(
    new StartedNode(name, { labKey: labKey.privateKey, hostKey: hostKey.publicKey, password }),
  );
  await upload(name, {
    "/etc/ssh/ssh_host_ed25519_key": { content: hostKey.privateKey, mode: 0o600 },
    "/etc/ssh/ssh_host_ed25519_key.pub": { content: `${hostKey.publicKey}\n`, mode: 0o644 },
    "/etc/mail-lab/authorized_keys": { content: `${labKey.publicKey}\n`, mode: 0o644 },
    "/etc/mail-lab/first-boot/chpasswd": { content: `ubuntu:${password}\n`, mode: 0o600 },
    ...options.files,
  });
  await node.docker("start");
  cleanup.move();
  return node;
}

/** How a test enters a node. */
export interface NodeSecrets {
  readonly labKey: string;
  readonly hostKey: string;
  readonly password: string;
}

/** A container of a test; removed with `await using`. */
export class StartedNode implements AsyncDisposable {
  readonly name: string;
  readonly secrets: NodeSecrets;

  constructor(name: string, secrets: NodeSecrets) {
    this.name = name;
    this.secrets = secrets;
  }

  /** Runs a docker command on the container: `start`, `restart`, `logs` … */
  async docker(verb: string, ...words: string[]): Promise<string> {
    const { stdout } = await execa("docker", [verb, this.name, ...words]);
    return stdout;
  }

  /** A value of `docker inspect`, by its template. */
  async inspect(template: string): Promise<string> {
    const { stdout } = await execa("docker", ["inspect", "--format", template, this.name]);
    return stdout;
  }

  /** The loopback port where Docker publishes a port of the node; an error where it does not run any more. */
  async publishedPort(port: string): Promise<number> {
    const { stdout, failed } = await execa("docker", ["port", this.name, port], { reject: false });
    const [, number] = /:(\d+)$/m.exec(stdout) ?? [];
    if (!failed && number !== undefined) return Number(number);
    throw new Error(`${this.name} does not run. It said:\n${await this.docker("logs")}`);
  }

  /** Logs in by ssh as soon as the node answers: by the lab's key, or by the password given. */
  async login({
    user = "ubuntu",
    password,
  }: { user?: string; password?: string } = {}): Promise<SshConnection> {
    const port = await this.publishedPort("22");
    const target = {
      ...{ host: "127.0.0.1", port, user, hostKey: this.secrets.hostKey },
      ...(password === undefined ? { privateKey: this.secrets.labKey } : { password }),
    };
    return await waitUntil(
      { awaited: `ssh on ${this.name}`, deadlineMs: 120_000, intervalMs: 50 },
      async () => {
        try {
          return await connectSsh(target);
        } catch (error) {
          // Docker's proxy accepts before sshd does; a refused login is an answer.
          if (isNotThereYet(error)) return undefined;
          throw error;
        }
      },
    );
  }

  /** Runs a command of the shell as root, by sudo. */
  async asRoot(
    ssh: SshConnection,
    command: string,
    deadlineMs?: number,
  ): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
    const quoted = command.replaceAll("'", `'\\''`);
    return await ssh.run(`sudo -S -p '' sh -c '${quoted}'`, {
      stdin: `${this.secrets.password}\n`,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await execa("docker", ["rm", "--force", "--volumes", this.name]);
  }
}

function isNotThereYet(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "LAB_SSH_NO_ANSWER";
}
