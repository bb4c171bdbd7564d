import type { Client, ClientChannel } from "ssh2";
import type { Resource, ResourceContext } from "../provider/resource.ts";
import { PluginError } from "../rpc/plugin-error.ts";
import { commandInputs } from "./command-inputs.ts";
import { commandResource, type CommandRun } from "./command-resource.ts";
import { unacceptedVariables } from "./remote-environment.ts";
import type { SshPool } from "./ssh-pool.ts";
import { completeConnection, connectionShape, readTarget } from "./ssh-target.ts";

/** `command:remote:Command`: runs on another machine over ssh. The connections of the pool outlive a single command. */
export function remoteCommand(pool: SshPool): Resource {
  return commandResource({
    type: "command:remote:Command",
    shapes: { ...commandInputs, connection: connectionShape },
    required: ["connection"],
    // The whole connection is secret; of these, an error about it must speak.
    shownInputs: ["connection.host", "connection.user", "connection.hostKey", "connection.agentSocketPath"],
    complete: completeConnection,
    execute: (run, context) =>
      pool.use(readTarget(run.inputs), context, async (client) => {
        const environment = await acceptedEnvironment(client, run, context);
        await execute(client, run, environment, context.signal);
      }),
  });
}

/**
 * The variables to send: the server takes only those that its `AcceptEnv` names, and passes over others without a
 * word. The command's own must be taken; what the run before wrote is sent where it is.
 */
async function acceptedEnvironment(
  client: Client,
  run: CommandRun,
  context: ResourceContext,
): Promise<Readonly<Record<string, string>>> {
  const refused = await unacceptedVariables(client, Object.keys(run.environment));
  if (refused.length > 0) {
    throw new PluginError(
      "PLUGIN_SSH_ENVIRONMENT_REFUSED",
      `the ssh server does not take the environment ${refused.length > 1 ? "variables" : "variable"} ${refused.join(", ")}`,
      { hint: "Name them in AcceptEnv of its sshd_config, or pass the values by stdin." },
    );
  }
  const unwanted = await unacceptedVariables(client, Object.keys(run.previousOutput));
  if (unwanted.length > 0) {
    context.log(
      "warning",
      `the ssh server does not take ${unwanted.join(" and ")}: the command runs without. ` +
        "Name them in AcceptEnv of its sshd_config, or set addPreviousOutputInEnv to false.",
    );
  }
  const previous = Object.entries(run.previousOutput).filter(([name]) => !unwanted.includes(name));
  return { ...run.environment, ...Object.fromEntries(previous) };
}

async function execute(
  client: Client,
  run: CommandRun,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const channel = await openChannel(client, run.command, environment);
  channel.on("data", (piece: Buffer) => {
    run.output.add("stdout", piece);
  });
  channel.stderr.on("data", (piece: Buffer) => {
    run.output.add("stderr", piece);
  });
  const abort = (): void => {
    channel.signal("INT");
    client.end();
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    // A command need not read its stdin.
    channel.on("error", () => undefined).end(run.stdin ?? "");
    const { code, endSignal, isComplete } = await ended(channel);
    if (!isComplete) {
      signal.throwIfAborted();
      throw new PluginError("PLUGIN_SSH_LOST", "the ssh connection was lost before the command ended");
    }
    if (code !== 0) {
      signal.throwIfAborted();
      throw run.output.failure(code, endSignal);
    }
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function openChannel(
  client: Client,
  command: string,
  environment: Readonly<Record<string, string>>,
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const lost = (): void => {
      reject(new PluginError("PLUGIN_SSH_LOST", "the ssh connection was lost before the command began"));
    };
    client.once("close", lost);
    client.exec(command, { env: { ...environment } }, (error, channel) => {
      client.removeListener("close", lost);
      if (error === undefined) {
        resolve(channel);
      } else {
        reject(
          new PluginError("PLUGIN_SSH_REFUSED", `the ssh server refused the command: ${error.message}`, {
            cause: error,
          }),
        );
      }
    });
  });
}

interface ChannelEnd {
  readonly code: number | null;
  readonly endSignal: string | null;
  /** False when the channel closed and nothing was said of the command's end. */
  readonly isComplete: boolean;
}

function ended(channel: ClientChannel): Promise<ChannelEnd> {
  return new Promise((resolve) => {
    let end: ChannelEnd = { code: null, endSignal: null, isComplete: false };
    channel
      .on("exit", (code: number | null, endSignal?: string) => {
        end = { code, endSignal: endSignal ?? null, isComplete: true };
      })
      .on("close", () => {
        resolve(end);
      });
  });
}
