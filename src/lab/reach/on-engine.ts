import { namedEndpoint } from "../../../toolchain/docker/engine-endpoints.ts";
import { clientEnvironment, isElsewhere } from "../../../toolchain/docker/engine-route.ts";
import { ensureEngine } from "../../../toolchain/docker/ensure-engine.ts";
import { engineReach } from "./engine-reach.ts";
import type { LabContext } from "../lab-context.ts";

/** Docker's name of the context that is this machine's own engine. */
const ownEngine = "default";

/**
 * The same context on another engine: its address as `DOCKER_HOST` has it, or a Docker context's name. It answers, its
 * facts are its own, and `context.reach` leads to the ports that labs publish on its machine. Images are copied to it
 * from the context's own engine when a lab is built. Contexts on one engine share the way there when they are made
 * from each other (`seatContext(await onEngine(class, engine), …)`).
 *
 * @param engine - undefined, empty or `default` for the engine that the context has already.
 * @throws ToolchainError `LAB_DOCKER_SILENT`, `LAB_ENGINE_NO_ANSWER`, `LAB_ENGINE_SSH_REFUSED`, `LAB_ENGINE_HOST_KEY`,
 * `LAB_ENGINE_TLS`, `LAB_ENGINE_CONTEXT`, `LAB_DOCKER_OLD`.
 */
export async function onEngine<Context extends LabContext>(
  context: Context,
  engine: string | undefined,
): Promise<Context> {
  const { toolchain, signal, report } = context;
  if (engine === undefined || ["", ownEngine, toolchain.engineUrl].includes(engine)) return context;
  const { facts } = await ensureEngine(report, signal, namedEndpoint(engine));
  const environment = { ...toolchain.environment, ...clientEnvironment(engine) };
  return withReach({
    ...context,
    toolchain: {
      ...toolchain,
      dockerHost: engine,
      engineUrl: engine,
      dockerInfo: facts,
      environment,
      imageSource: toolchain.imageSource ?? toolchain.engineUrl,
    },
  });
}

/** The context with the way to its engine's machine, where that is another one. */
export function withReach<Context extends LabContext>(context: Context): Context {
  const { engineUrl } = context.toolchain;
  const reach = isElsewhere(engineUrl) ? engineReach(engineUrl, context.signal) : undefined;
  return { ...context, reach };
}
