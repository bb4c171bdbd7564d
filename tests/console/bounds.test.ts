import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Zone } from "../../src/console/api.ts";
import { labUnderTest } from "../support/lab-under-test.ts";
import { askConsole, listenToLab, startConsole, type RunningConsole } from "../support/running-console.ts";

let running: RunningConsole;

beforeAll(async () => {
  running = await startConsole(labUnderTest().stack);
});

afterAll(async () => {
  await running.stop();
});

describe("a thousand connections at once", () => {
  it("are held within bounds, and the console and the lab go on", async () => {
    using before = listenToLab(running);
    await before.until("the lab is up", ({ messages }) =>
      messages.some((one) => one.kind === "lab" && one.lab.state === "up"),
    );
    const burst = await Promise.all(Array.from({ length: 1000 }, () => openConnection()));
    try {
      const open = burst.filter((socket) => !socket.destroyed);
      expect(open.length).toBeLessThan(300);
      // Whoever says nothing is not kept: there is room again.
      await Promise.all(open.map(ended));
      expect((await askConsole(running, "/api/console")).status).toBe(200);
      const zones = (await (await askConsole(running, "/api/zones")).json()) as Zone[];
      expect(zones.flatMap(({ records }) => records).some(({ type }) => type === "MX")).toBe(true);
      expect(before.closeCode).toBeUndefined();
    } finally {
      for (const socket of burst) socket.destroy();
    }
  });

  it("are no more WebSockets than there is room for", async () => {
    const listeners = Array.from({ length: 80 }, () => listenToLab(running));
    try {
      await Promise.all(
        listeners.map((one) =>
          one.until(
            "it is told of the lab, or closed",
            ({ messages, closeCode }) => messages.length > 0 || closeCode,
          ),
        ),
      );
      const refused = listeners.filter(({ closeCode }) => closeCode === 1013);
      expect(refused.length).toBeGreaterThanOrEqual(16);
      expect(listeners.filter(({ messages }) => messages.length > 0).length).toBeLessThanOrEqual(64);
    } finally {
      for (const one of listeners) one[Symbol.dispose]();
    }
  });
});

/** A connection that says nothing; destroyed where the other side has closed it by then. */
async function openConnection(): Promise<Socket> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const socket = connect({ host: "127.0.0.1", port: running.port });
  const settle = () => {
    resolve(socket);
  };
  socket.resume();
  socket.on("error", settle).on("close", settle);
  // One that is refused is accepted first, and closed at once.
  socket.on("connect", () => setTimeout(settle, 500));
  return await promise;
}

async function ended(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  socket.once("close", () => {
    resolve(undefined);
  });
  await promise;
}
