import { writeSync } from "node:fs";
import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { describeError } from "./plugin-error.ts";

/** As Pulumi's own SDK: a state can be large. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** A handler of one call: takes the request, gives the answer, throws what went wrong. The signal says that the engine no longer wants it. */
export type Handler<Request, Response> = (
  request: Request,
  abandoned: AbortSignal,
) => Response | Promise<Response>;

/** Makes a gRPC handler of a plain function; an error reaches the engine as a readable sentence. */
export function unary<Request, Response>(handle: Handler<Request, Response>) {
  return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
    const abandoned = new AbortController();
    call.on("cancelled", () => {
      abandoned.abort();
    });
    answer(handle, call.request, abandoned.signal).then(
      (response) => {
        reply(null, response);
      },
      (error: unknown) => {
        reply({ code: status.UNKNOWN, details: describeError(error) });
      },
    );
  };
}

async function answer<Request, Response>(
  handle: Handler<Request, Response>,
  request: Request,
  abandoned: AbortSignal,
): Promise<Response> {
  return await handle(request, abandoned);
}

/** The engine's address: the last argument that it starts every plugin with. */
export function engineAddress(argv: readonly string[] = process.argv.slice(2)): string {
  const address = argv.at(-1);
  if (address === undefined || !/^[^-].*:\d+$/.test(address)) {
    console.error("This is a plugin of the Pulumi engine: the engine starts it, with its own address.");
    process.exit(2);
  }
  return address;
}

/** What a plugin process serves. */
export interface PluginService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  /** Ends what runs; called once, when the engine asks for the end or is gone itself. The process ends when it is done, or after a second. */
  stop(): Promise<void>;
}

/**
 * Serves one gRPC service on a port of the loopback and tells the engine the port on stdout. The process ends at
 * once on SIGINT and SIGTERM, and when stdin closes: the engine holds its other end, also when it was killed.
 */
export async function servePlugin(service: PluginService): Promise<void> {
  const { port } = await listen(service);
  const end = endOnce(() => service.stop());
  process.on("SIGINT", end).on("SIGTERM", end);
  process.stdin.on("end", end).on("error", end).resume();
  writeSync(1, `${String(port)}\n`);
}

/** Serves one gRPC service on a port of the loopback. */
export async function listen({
  definition,
  implementation,
}: Omit<PluginService, "stop">): Promise<{ readonly server: Server; readonly port: number }> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(definition, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(error);
      }
    });
  });
  return { server, port };
}

const STOP_BUDGET_MS = 1000;

function endOnce(stop: () => Promise<void>): () => void {
  let isEnding = false;
  return () => {
    if (isEnding) {
      return;
    }
    isEnding = true;
    setTimeout(() => process.exit(0), STOP_BUDGET_MS);
    void stop().finally(() => process.exit(0));
  };
}
