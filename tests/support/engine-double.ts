import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Something at a socket where an engine is looked for. */
interface EngineDouble extends AsyncDisposable {
  /** As `DOCKER_HOST` has it. */
  readonly url: string;
}

/** An engine's socket that takes a question and never answers. */
export async function startSilentEngine(): Promise<EngineDouble & { readonly asked: Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "mail-lab-engine-"));
  const asked = Promise.withResolvers<undefined>();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      asked.resolve(undefined);
    });
  });
  const path = join(folder, "docker.sock");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    url: `unix://${path}`,
    asked: asked.promise,
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** An engine's socket that answers as it is told. */
export async function startEngineDouble(answer: RequestListener): Promise<EngineDouble> {
  const folder = await mkdtemp(join(tmpdir(), "mail-lab-engine-"));
  const server = createHttpServer(answer);
  const path = join(folder, "docker.sock");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    url: `unix://${path}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
