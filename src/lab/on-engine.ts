import type { LabContext } from "./lab-context.ts";

/**
 * The same context on another engine: its address as `DOCKER_HOST` has it, or a Docker context's name. It answers, its
 * facts are its own, and `context.reach` leads to the ports that labs publish on its machine. Contexts on one engine
 * share the way there when they are made from each other (`seatContext(await onEngine(class, engine), …)`).
 *
 * @param engine - undefined or empty for the engine that the context has already.
 * @throws LabError `LAB_ENGINE_ADDRESS`, `LAB_ENGINE_NO_ANSWER`, `LAB_ENGINE_SSH_REFUSED`, `LAB_ENGINE_HOST_KEY`,
 * `LAB_ENGINE_TLS`.
 */
export async function onEngine<Context extends LabContext>(
  context: Context,
  engine: string | undefined,
): Promise<Context> {
  if (engine === undefined || engine === "" || engine === context.toolchain.engineUrl) return context;
  return Promise.reject(new Error("not yet"));
}
