import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { askEngine } from "../../src/engine/docker-engine.ts";
import { LabError } from "../../src/model/lab-error.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { NetworkRelay, type EnteringWords } from "./network-relay.ts";

/**
 * A second real `dockerd` on a machine of its own, as far as one kernel can be two machines: it has its own
 * processes, network, `/run` and images. Nothing that happens to it can reach the machine's own engine, and
 * 192.168.1.0/24 is free on it. It has no way out: images have to be brought.
 */
export interface EngineOfItsOwn extends AsyncDisposable {
  /** As `DOCKER_HOST` has it. */
  readonly host: string;
  /** The words before a command that has to see this engine's network: its published ports, its bridges. */
  readonly enter: () => EnteringWords;
  /** A port of this process's loopback that leads to that port of the engine's loopback, also after a restart. */
  readonly reach: (port: number) => Promise<number>;
  /** Brings images from the engine that the tests are run with. */
  readonly loadImages: (references: readonly string[]) => Promise<void>;
  /** Ends the engine in order, as a system's shutdown or `systemctl stop docker` does. */
  readonly stop: () => Promise<void>;
  /** Starts the engine and waits until it answers. */
  readonly start: () => Promise<void>;
  /** Pulls the plug: every process of the machine is gone at once, and so are its network and `/run`. */
  readonly cutPower: () => Promise<void>;
}

/** Room for images; where `/tmp` may be memory, this is none (hier(7)). */
const roomyFolder = "/var/tmp";
/** util-linux's programs that run a command in new namespaces, and in another process's; on every Debian. */
const [isolator, entrant] = ["unshare", "nsenter"] as const;
const answerDeadlineMs = 60_000;
const logLines = 20;

/**
 * The first process of the machine: it adopts and buries what is left over, and ends, with all others, when its
 * input does, also where the tests were killed. `/run` is its own, so that its engine finds no other's containerd.
 */
const firstProcess = `
set -eu
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
ip link set lo up
echo ready
cat >/dev/null
exit 0
`;

/** Why no engine can be had here; `undefined` where one can. */
export async function whyNoEngineOfItsOwn(): Promise<string | undefined> {
  if (process.platform !== "linux") return "namespaces are Linux's";
  if (process.getuid?.() !== 0) return "a second dockerd needs root";
  const { exitCode, stderr } = await execa(
    isolator,
    [
      "--mount",
      "--net",
      "--pid",
      "--fork",
      "sh",
      "-c",
      "command -v dockerd && command -v ip && mount --make-rprivate /",
    ],
    { reject: false, stdin: "ignore" },
  );
  return exitCode === 0 ? undefined : `no dockerd, no ip, or no namespaces for it here: ${stderr}`;
}

/** Makes the machine and starts its engine. */
export async function startEngineOfItsOwn(): Promise<EngineOfItsOwn> {
  const folder = await mkdtemp(join(existsSync(roomyFolder) ? roomyFolder : "/tmp", "mail-lab-engine-"));
  const engine = new OwnEngine(folder);
  try {
    await engine.start();
    return engine;
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** The machine while it is on. */
interface RunningMachine {
  /** Of the process that made its namespaces. */
  readonly pid: number;
  /** Ends all its processes, and is done when they are gone. */
  readonly turnOff: () => Promise<void>;
}

class OwnEngine implements EngineOfItsOwn {
  readonly host: string;
  readonly #folder: string;
  /** The parent of the containers' control groups, on every hierarchy of the kernel. */
  readonly #controlGroup: string;
  #machine: RunningMachine | undefined;
  /** The end of the engine's process. */
  #dockerd: Promise<unknown> | undefined;
  readonly #relay = new NetworkRelay(() => this.enter());

  constructor(folder: string) {
    this.#folder = folder;
    this.#controlGroup = basename(folder);
    this.host = `unix://${join(folder, "docker.sock")}`;
  }

  readonly enter = (): EnteringWords => [entrant, `--net=/proc/${this.#machinePid()}/ns/net`, "--"];

  readonly reach = (port: number): Promise<number> => this.#relay.reach(port);

  readonly loadImages = async (references: readonly string[]): Promise<void> => {
    // Not kept in memory on its way.
    const pass = { buffer: false } as const;
    await execa("docker", ["save", ...references], pass).pipe("docker", ["--host", this.host, "load"], pass);
  };

  readonly start = async (): Promise<void> => {
    this.#machine ??= await startMachine();
    const log = join(this.#folder, "dockerd.log");
    const dockerd = execa(
      entrant,
      [
        ...this.#enterWhole(),
        "dockerd",
        ...["--host", this.host, "--pidfile", "/run/docker.pid", "--exec-root", "/run/docker"],
        ...["--data-root", join(this.#folder, "data"), "--cgroup-parent", `/${this.#controlGroup}`],
        ...["--exec-opt", "native.cgroupdriver=cgroupfs"],
      ],
      // Not in the tests' process group: a Ctrl-C there is for the tests, which then end this one in order.
      {
        reject: false,
        detached: true,
        stdin: "ignore",
        stdout: { file: log, append: true },
        stderr: { file: log, append: true },
      },
    );
    this.#dockerd = dockerd;
    let hasEnded = false;
    void dockerd.then(() => {
      hasEnded = true;
    });
    try {
      await waitUntil(
        { awaited: `an answer of the engine at ${this.host}`, deadlineMs: answerDeadlineMs },
        async () => {
          if (hasEnded) throw new Error("dockerd has ended");
          return await answers(this.host);
        },
      );
    } catch (cause) {
      const lines = (await readFile(log, "utf8")).trimEnd().split("\n").slice(-logLines);
      throw new Error(`the engine did not start:\n${lines.join("\n")}`, { cause });
    }
  };

  readonly stop = async (): Promise<void> => {
    const dockerd = this.#dockerd;
    if (dockerd === undefined) return;
    this.#dockerd = undefined;
    await execa(entrant, [...this.#enterWhole(), "sh", "-c", 'kill -TERM "$(cat /run/docker.pid)"']);
    await dockerd;
  };

  readonly cutPower = async (): Promise<void> => {
    const machine = this.#machine;
    if (machine === undefined) return;
    this.#machine = undefined;
    await Promise.all([machine.turnOff(), this.#dockerd]);
    this.#dockerd = undefined;
    this.#relay.leave();
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cutPower();
    this.#relay[Symbol.dispose]();
    await removeControlGroups(this.#controlGroup);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #machinePid(): number {
    const pid = this.#machine?.pid;
    if (pid === undefined) throw new Error("the engine's machine is off");
    return pid;
  }

  /** `unshare` has the machine's network and mounts itself; its processes are its child's. */
  #enterWhole(): readonly string[] {
    const namespaces = `/proc/${this.#machinePid()}/ns`;
    return [
      `--mount=${namespaces}/mnt`,
      `--net=${namespaces}/net`,
      `--pid=${namespaces}/pid_for_children`,
      "--",
    ];
  }
}

async function startMachine(): Promise<RunningMachine> {
  const machine = execa(
    isolator,
    ["--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", firstProcess],
    { reject: false, detached: true, stdin: "pipe", buffer: { stdout: false } },
  );
  // It says "ready", or ends.
  const isReady = await Promise.race([
    once(machine.stdout, "data").then(() => true),
    machine.then(() => false),
  ]);
  if (!isReady || machine.pid === undefined)
    throw new Error(`the engine's machine did not start: ${(await machine).stderr}`);
  return {
    pid: machine.pid,
    turnOff: async () => {
      machine.stdin.end();
      // The kernel ends the first process only after all the others.
      await machine;
    },
  };
}

/** Whether the engine answers; `undefined` where not yet. */
async function answers(host: string): Promise<true | undefined> {
  try {
    await askEngine(host, async (docker) => {
      await docker.ping();
    });
    return true;
  } catch (error) {
    if (error instanceof LabError) return undefined;
    throw error;
  }
}

/** Removes what the engine's containers leave in the kernel's control groups when nobody has stopped them. */
async function removeControlGroups(name: string): Promise<void> {
  const root = "/sys/fs/cgroup";
  const hierarchies = [root, ...(await folders(root))];
  for (const hierarchy of hierarchies) await removeTree(join(hierarchy, name));
}

/** Removes a folder of control groups: its files go with it, and only with it. */
async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const inner of await folders(folder)) await removeTree(inner);
  await rmdir(folder);
}

async function folders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}
