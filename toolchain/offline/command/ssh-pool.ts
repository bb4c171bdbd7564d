import { createHash } from "node:crypto";
import type { Client } from "ssh2";
import { type DialContext, dialWithRetries } from "./ssh-dial.ts";
import type { SshTarget } from "./ssh-target.ts";

/** How long an unused connection waits for the next command. */
const IDLE_MS = 2000;

/** How long an unused connection has to prove that its host is still there. */
const PROBE_BUDGET_MS = 1000;

/**
 * Keeps connections for a short while after a command, since commands to one host mostly come in a row and a
 * handshake costs more than most of them. One connection serves one command at a time. A kept connection is asked
 * for a sign of life before it is used, so that one to a host that was replaced meanwhile is never trusted.
 */
export class SshPool {
  readonly #idle = new Map<string, { readonly client: Client; readonly timer: NodeJS.Timeout }[]>();

  /** Runs `work` on a connection to the target; one on which it failed isn't used again. */
  async use<T>(target: SshTarget, context: DialContext, work: (client: Client) => Promise<T>): Promise<T> {
    const key = keyOf(target);
    const client = (await this.#takeLiving(key)) ?? (await dialWithRetries(target, context));
    try {
      const result = await work(client);
      this.#keep(key, client);
      return result;
    } catch (error) {
      client.destroy();
      throw error;
    }
  }

  /** Closes what is kept. */
  close(): void {
    for (const { client, timer } of [...this.#idle.values()].flat()) {
      clearTimeout(timer);
      client.destroy();
    }
    this.#idle.clear();
  }

  async #takeLiving(key: string): Promise<Client | undefined> {
    for (let entry = this.#idle.get(key)?.pop(); entry !== undefined; entry = this.#idle.get(key)?.pop()) {
      clearTimeout(entry.timer);
      if (await isAlive(entry.client)) {
        return entry.client;
      }
      entry.client.destroy();
    }
    return undefined;
  }

  #keep(key: string, client: Client): void {
    const entries = this.#idle.get(key) ?? [];
    const entry = {
      client,
      timer: setTimeout(() => {
        this.#idle.set(
          key,
          (this.#idle.get(key) ?? []).filter((kept) => kept !== entry),
        );
        client.destroy();
      }, IDLE_MS),
    };
    this.#idle.set(key, [...entries, entry]);
  }
}

/**
 * A question that every server answers, if only by refusing: to stop forwarding a port that was never forwarded. It
 * is ssh2's one public request that runs nothing on the host.
 */
function isAlive(client: Client): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (alive: boolean) => (): void => {
      clearTimeout(timer);
      client.removeListener("close", dead);
      resolve(alive);
    };
    const dead = settle(false);
    const timer = setTimeout(dead, PROBE_BUDGET_MS);
    client.once("close", dead);
    try {
      client.unforwardIn("127.0.0.1", 1, settle(true));
    } catch {
      // Not connected any more.
      dead();
    }
  });
}

/** Connections are shared only between commands that would log in the same way; secrets stay out of the key. */
function keyOf(target: SshTarget): string {
  return createHash("sha256")
    .update(JSON.stringify(Object.entries(target)))
    .digest("hex");
}
