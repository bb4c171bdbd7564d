import { setTimeout as delay } from "node:timers/promises";
import type { AuthenticationType, Client, ConnectConfig } from "ssh2";
import { PluginError } from "../rpc/plugin-error.ts";
import { fingerprint, type HostKey, hostKeyAlgorithms, parseHostKey } from "./host-key.ts";
import type { SshTarget } from "./ssh-target.ts";

/** What a dial needs of the operation that it is for. */
export interface DialContext {
  readonly signal: AbortSignal;
  status(message: string): void;
}

/** Waiting between attempts: short at first, since a host that boots is there any moment. */
const FIRST_DELAY_MS = 100;
const DELAY_FACTOR = 1.5;
const LONGEST_DELAY_MS = 5000;

/** A host that is gone shows within this many times KEEPALIVE_INTERVAL_MS, in the middle of a command too. */
const KEEPALIVE_INTERVAL_MS = 10_000;
const KEEPALIVE_MISSES = 3;

/**
 * Connects, again and again until the limit of failed attempts is passed. A wrong host key or an unreadable private
 * key ends it at once: another attempt can't be any better.
 */
export async function dialWithRetries(target: SshTarget, context: DialContext): Promise<Client> {
  // Loaded when first needed: most starts of the plugin dial nothing.
  const { default: ssh2 } = await import("ssh2");
  const hostKey = target.hostKey === undefined ? undefined : parseHostKey(target.hostKey);
  const config = connectConfig(target, hostKey, ssh2.utils.parseKey);
  for (
    let failures = 0, delayMs = FIRST_DELAY_MS;
    ;
    delayMs = Math.min(delayMs * DELAY_FACTOR, LONGEST_DELAY_MS)
  ) {
    context.signal.throwIfAborted();
    try {
      return await dial(new ssh2.Client(), config, target, hostKey, context.signal);
    } catch (cause) {
      failures += 1;
      context.signal.throwIfAborted();
      if (cause instanceof PluginError) {
        throw cause;
      }
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (target.dialErrorLimit >= 0 && failures > target.dialErrorLimit) {
        throw new PluginError(
          "PLUGIN_SSH_NOT_REACHED",
          `no ssh connection to ${target.host} port ${String(target.port)} as ${target.user} after ${String(failures)} attempts: ${reason}`,
          { cause },
        );
      }
      const limit = target.dialErrorLimit < 0 ? "without limit" : `of ${String(target.dialErrorLimit + 1)}`;
      context.status(`ssh: attempt ${String(failures)} ${limit} failed (${reason}), trying again`);
      await delay(delayMs, undefined, { signal: context.signal }).catch(() => {
        context.signal.throwIfAborted();
      });
    }
  }
}

function connectConfig(
  target: SshTarget,
  hostKey: HostKey | undefined,
  parseKey: (typeof import("ssh2"))["utils"]["parseKey"],
): ConnectConfig {
  const { privateKey, privateKeyPassword, password, agentSocketPath } = target;
  if (privateKey !== undefined) {
    const parsed = parseKey(privateKey, privateKeyPassword);
    if (parsed instanceof Error) {
      throw new PluginError(
        "PLUGIN_SSH_KEY_UNREADABLE",
        `connection.privateKey can't be read: ${parsed.message}`,
      );
    }
  }
  const methods: AuthenticationType[] = [
    ...(privateKey === undefined ? [] : ["publickey" as const]),
    ...(password === undefined ? [] : (["password", "keyboard-interactive"] as const)),
    ...(agentSocketPath === undefined ? [] : ["agent" as const]),
  ];
  return {
    host: target.host,
    port: target.port,
    username: target.user,
    // Asking the server which methods it has would cost a round trip; it is asked for what is at hand.
    authHandler: methods.length === 0 ? ["none"] : methods,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(privateKeyPassword === undefined ? {} : { passphrase: privateKeyPassword }),
    ...(password === undefined ? {} : { password, tryKeyboard: true }),
    ...(agentSocketPath === undefined ? {} : { agent: agentSocketPath }),
    readyTimeout: target.perDialTimeoutSeconds * 1000,
    keepaliveInterval: KEEPALIVE_INTERVAL_MS,
    keepaliveCountMax: KEEPALIVE_MISSES,
    ...(hostKey === undefined
      ? {}
      : { algorithms: { serverHostKey: hostKeyAlgorithms(hostKey.type) as never } }),
  };
}

async function dial(
  client: Client,
  config: ConnectConfig,
  target: SshTarget,
  hostKey: HostKey | undefined,
  signal: AbortSignal,
): Promise<Client> {
  let wrongKey: PluginError | undefined;
  const abandon = (): void => {
    client.destroy();
  };
  signal.addEventListener("abort", abandon, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      client
        // Every message is small and answered: gathering them would cost 40 ms again and again.
        .on("connect", () => client.setNoDelay(true))
        .on("ready", resolve)
        .on("error", (error: Error & { level?: string }) => {
          reject(wrongKey ?? keyTypeError(error, target, hostKey) ?? error);
        })
        .on("close", () => {
          reject(wrongKey ?? new Error("the connection was closed"));
        })
        .on("keyboard-interactive", (_name, _instructions, _language, prompts, finish) => {
          finish(prompts.map(() => target.password ?? ""));
        })
        .connect({
          ...config,
          hostVerifier: (shown: Buffer): boolean => {
            if (hostKey !== undefined && !hostKey.blob.equals(shown)) {
              wrongKey = new PluginError(
                "PLUGIN_SSH_HOST_KEY_WRONG",
                `${target.host} port ${String(target.port)} showed another host key (${fingerprint(shown)}) than connection.hostKey (${fingerprint(hostKey.blob)})`,
                { hint: "It is another host, or one that was made anew: nothing was sent to it." },
              );
            }
            return wrongKey === undefined;
          },
        });
    });
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", abandon);
  }
  return client;
}

/** A host that has no key of the expected type isn't the expected host. */
function keyTypeError(
  error: Error,
  target: SshTarget,
  hostKey: HostKey | undefined,
): PluginError | undefined {
  return hostKey !== undefined && /no matching host key/i.test(error.message)
    ? new PluginError(
        "PLUGIN_SSH_HOST_KEY_WRONG",
        `${target.host} port ${String(target.port)} has no host key of the type ${hostKey.type} that connection.hostKey names`,
        { cause: error },
      )
    : undefined;
}
