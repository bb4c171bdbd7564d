import { randomBytes } from "node:crypto";
import { PassThrough, type Duplex, type Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { LabError } from "../model/lab-error.ts";
import { askEngine, dockerClient, workDeadlineMs } from "./docker-engine.ts";

/**
 * What the container runs that captures: tcpdump as its first process. Where nobody holds the other end of its
 * standard input any more, because whoever captured was killed, it is ended.
 */
const script = `exec 3<&0
{ cat <&3 >/dev/null; kill -TERM 1; } 2>/dev/null &
exec tcpdump "$@" 3<&-`;

/**
 * A part of what any container may do: NET_RAW to listen; SETUID and SETGID with which tcpdump becomes its own user
 * before it looks at a packet; KILL to end it then.
 */
const capabilities = ["NET_RAW", "SETUID", "SETGID", "KILL"] as const;

const processLimit = 8;
const memoryLimitBytes = 128 * 1024 * 1024;
const gonePollMs = 50;
const goneDeadlineMs = 60_000;
/** As much of what tcpdump says as is kept. */
const mostWords = 10_000;

/** Where and how packets are captured. */
export interface NodeCaptureOptions {
  /** The engine's id of the container whose packets are wanted. */
  readonly container: string;
  /** An image of the product with tcpdump. */
  readonly image: string;
  /** What the container is called is this and a random number. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What follows `tcpdump`. */
  readonly tcpdump: readonly string[];
}

/** A tcpdump that runs beside a node. */
export interface NodeCapture {
  /** What it writes; it ends when tcpdump does. */
  readonly output: Readable;
  /** What it has said on its standard error so far. */
  readonly words: () => string;
  /** Lets it end in order: what it has captured comes out before the output ends. */
  readonly stop: () => Promise<void>;
  /** Makes sure that nothing of it is left on the engine. */
  readonly remove: () => Promise<void>;
}

/**
 * Runs tcpdump in the network of a container, from a container beside it: what is in the node is not run, and can't
 * see it. It holds fewer rights than any other container, and is removed when it ends, also where this process was
 * killed before.
 */
export async function startNodeCapture(host: string, options: NodeCaptureOptions): Promise<NodeCapture> {
  const id = await askEngine(
    host,
    async (docker) => (await docker.createContainer(containerOf(options))).id,
    workDeadlineMs,
  );
  try {
    return await attach(host, id);
  } catch (error) {
    await removeQuietly(host, id);
    throw error;
  }
}

function containerOf({ container, image, name, labels, tcpdump }: NodeCaptureOptions) {
  return {
    name: `${name}-${randomBytes(3).toString("hex")}`,
    Image: image,
    Entrypoint: ["/bin/sh", "-c", script, "tcpdump"],
    Cmd: [...tcpdump],
    User: "0:0",
    WorkingDir: "/",
    Labels: { ...labels },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    StopSignal: "SIGTERM",
    HostConfig: {
      NetworkMode: `container:${container}`,
      AutoRemove: true,
      CapDrop: ["ALL"],
      CapAdd: [...capabilities],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      PidsLimit: processLimit,
      Memory: memoryLimitBytes,
      // The engine would keep a copy of every packet, passwords and all.
      LogConfig: { Type: "none", Config: {} },
    },
  };
}

/** A socket, or what stands for one where a command is the way to the engine. */
type Connection = Duplex & { readonly setTimeout: (timeoutMs: number) => unknown };

async function attach(host: string, id: string): Promise<NodeCapture> {
  const output = new PassThrough();
  const errors = new PassThrough();
  let words = "";
  errors.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString("utf8")).slice(-mostWords);
  });
  const stream = await askEngine(
    host,
    (docker) =>
      docker.getContainer(id).attach({
        ...{ stream: true, hijack: true },
        ...{ stdin: true, stdout: true, stderr: true },
      }) as Promise<unknown> as Promise<Connection>,
    workDeadlineMs,
  );
  // An answer's deadline is for answers: no packet for an hour is no fault.
  stream.setTimeout(0);
  const finish = (): void => {
    output.end();
    errors.end();
  };
  stream.once("end", finish).once("close", finish);
  // How it ended is what counts: without having been stopped it is said.
  stream.on("error", finish);
  dockerClient(host).modem.demuxStream(stream, output, errors);
  await askEngine(host, (docker) => docker.getContainer(id).start(), workDeadlineMs);
  return {
    output,
    words: () => words,
    stop: () => signal(host, id),
    remove: async () => {
      stream.destroy();
      await removeQuietly(host, id);
    },
  };
}

/** The engine's words for "there is none", and for "it does not run" or "it is being removed". */
const settled: ReadonlySet<number> = new Set([404, 409]);

function isSettled(error: unknown): boolean {
  return error instanceof Error && "statusCode" in error && settled.has(Number(error.statusCode));
}

async function unlessSettled(answer: Promise<unknown>): Promise<void> {
  await answer.catch((error: unknown) => {
    if (!isSettled(error)) throw error;
  });
}

async function signal(host: string, id: string): Promise<void> {
  await askEngine(
    host,
    (docker) => unlessSettled(docker.getContainer(id).kill({ signal: "SIGTERM" })),
    workDeadlineMs,
  );
}

async function removeQuietly(host: string, id: string): Promise<void> {
  await askEngine(
    host,
    (docker) => unlessSettled(docker.getContainer(id).remove({ force: true, v: true })),
    workDeadlineMs,
  );
  const deadlineMs = performance.now() + goneDeadlineMs;
  // The engine may be removing it by itself, and answers before it has.
  while (await exists(host, id)) {
    if (performance.now() > deadlineMs) throw notRemoved(id);
    await wait(gonePollMs);
  }
}

async function exists(host: string, id: string): Promise<boolean> {
  return askEngine(host, async (docker) => {
    try {
      await docker.getContainer(id).inspect();
      return true;
    } catch (error) {
      if (isSettled(error)) return false;
      throw error;
    }
  });
}

function notRemoved(id: string): LabError {
  return new LabError(
    "LAB_LEFTOVERS",
    {
      en: "The engine still holds a container that captured packets.",
      ja: "パケットを記録していたコンテナがエンジンに残っています。",
    },
    {
      details: [id],
      hint: { en: `docker rm --force ${id.slice(0, 12)}`, ja: `docker rm --force ${id.slice(0, 12)}` },
    },
  );
}
