import type { Client, ClientChannel } from "ssh2";
import type { Resource, ResourceContext } from "../provider/resource.ts";
import { PluginError } from "../rpc/plugin-error.ts";
import { commandInputs } from "./command-inputs.ts";
import { commandResource, type CommandRun } from "./command-resource.ts";
import { unacceptedVariables } from "./remote-environment.ts";
import type { SshPool } from "./ssh-pool.ts";
import { completeConnection, connectionShape, readTarget, secretConnectionParts } from "./ssh-target.ts";

/**
 * `command:remote:Command`: runs on another machine over ssh. The connections of the pool outlive a single command.
 * A cancelled command is no longer waited for; on the host it may run on until it notices that nobody listens, since
 * ssh2 can't send a signal once stdin has ended.
 */
export function remoteCommand(pool: SshPool): Resource {
  return commandResource({
    type: "command:remote:Command",
    shapes: { ...commandInputs, connection: connectionShape },
    required: ["connection"],
    secretInputs: secretConnectionParts,
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

function execute(
  client: Client,
  run: CommandRun,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  let channel: ClientChannel | undefined;
  const stopListening = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error("cancelled"));
    };
    const lose = (): void => {
      const moment = channel === undefined ? "began" : "ended";
      reject(new PluginError("PLUGIN_SSH_LOST", `the ssh connection was lost before the command ${moment}`));
    };
    signal.addEventListener("abort", abort, { signal: stopListening.signal });
    client.once("close", lose);
    stopListening.signal.addEventListener("abort", () => client.removeListener("close", lose));
    client.exec(run.command, { env: { ...environment } }, (error, opened) => {
      if (error !== undefined) {
        reject(new PluginError("PLUGIN_SSH_REFUSED", `the ssh server refused the command: ${error.message}`));
        return;
      }
      channel = opened;
      // Not after an await: a quick command's end can be in the same packet as the answer to its start.
      follow(opened, run, (end) => {
        if (end === undefined) {
          lose();
        } else if (end.code === 0) {
          resolve();
        } else {
          reject(run.output.failure(end.code, end.signal));
        }
      });
    });
  }).finally(() => {
    stopListening.abort();
  });
}

/** How the host says that a command ended. */
interface CommandEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Gives a started command its stdin and takes its output; `undefined` is a channel that closed without a word of the end. */
function follow(
  channel: ClientChannel,
  run: CommandRun,
  closed: (end: CommandEnd | undefined) => void,
): void {
  let end: CommandEnd | undefined;
  channel
    .on("data", (piece: Buffer) => {
      run.output.add("stdout", piece);
    })
    .on("exit", (code: number | null, signal?: string) => {
      end = { code, signal: signal ?? null };
    })
    .on("close", () => {
      closed(end);
    })
    // A command need not read its stdin.
    .on("error", () => undefined)
    .end(run.stdin ?? "");
  channel.stderr.on("data", (piece: Buffer) => {
    run.output.add("stderr", piece);
  });
}
