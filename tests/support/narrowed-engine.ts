import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The machine's own engine, of which only some images can be seen; whatever else is asked, it answers itself. */
export interface NarrowedEngine extends AsyncDisposable {
  /** As `DOCKER_HOST` has it. */
  readonly host: string;
}

/** The part of an image in the engine's list that is looked at. */
export interface ListedImage {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

const engineSocket = (process.env["DOCKER_HOST"] ?? "").replace(/^unix:\/\//, "") || "/var/run/docker.sock";

/**
 * Stands before the machine's engine and shows only some images, so that a test of what removes images can't remove
 * anybody's.
 */
export async function narrowEngine(isShown: (image: ListedImage) => boolean): Promise<NarrowedEngine> {
  const folder = await mkdtemp(join(tmpdir(), "mail-lab-narrowed-"));
  const socket = join(folder, "docker.sock");
  const server = createServer((asked, answer) => {
    const { method, url, headers } = asked;
    const forwarded = request({ socketPath: engineSocket, method, path: url, headers }, (reply) => {
      if (/\/images\/json/.test(url ?? "")) void sendNarrowed(reply, answer, isShown);
      else {
        answer.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(answer);
      }
    });
    forwarded.on("error", () => answer.destroy());
    asked.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function sendNarrowed(
  reply: IncomingMessage,
  answer: ServerResponse,
  isShown: (image: ListedImage) => boolean,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  const images = JSON.parse(Buffer.concat(chunks).toString()) as ListedImage[];
  answer.writeHead(reply.statusCode ?? 500, { "content-type": "application/json" });
  answer.end(JSON.stringify(images.filter(isShown)));
}
