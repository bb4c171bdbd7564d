import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { withOwnTerminal, type OwnTerminal } from "../../../src/lab/terminal/own-terminal.ts";

const nothing = () => undefined;

/** A local terminal that keeps what becomes of it. */
function makeTerminal({ isTTY = true } = {}) {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
  });
  const stdout = Object.assign(new PassThrough(), { isTTY, columns: 100, rows: 40 });
  return { stdin, stdout, modes, shown: () => String(stdout.read() ?? "") };
}

describe("the own terminal", () => {
  it("takes no keys meanwhile, and is as it was afterwards", async () => {
    const { stdin, stdout, modes, shown } = makeTerminal();
    const result = await withOwnTerminal({ stdin, stdout }, nothing, nothing, ({ size, show }) => {
      expect(modes).toEqual([true]);
      expect(size()).toEqual({ rows: 40, cols: 100, term: "xterm-256color" });
      show("\u001b[41mred");
      return Promise.resolve("done");
    });
    expect(result).toBe("done");
    expect(modes).toEqual([true, false]);
    const printed = shown();
    expect(printed.startsWith("\u001b[41mred")).toBe(true);
    expect(printed).toContain("\u001b[?25h\u001b[0m");
    expect([stdin.listenerCount("data"), stdout.listenerCount("resize")]).toEqual([0, 0]);
  });

  it("is as it was where the work fails, too", async () => {
    const { stdin, stdout, modes } = makeTerminal();
    const failing = withOwnTerminal({ stdin, stdout }, nothing, nothing, () =>
      Promise.reject(new Error("no")),
    );
    await expect(failing).rejects.toThrow("no");
    expect(modes).toEqual([true, false]);
  });

  it("ends the work at Ctrl-C, once, and at no other key", async () => {
    const { stdin, stdout } = makeTerminal();
    let interrupts = 0;
    const onInterrupt = () => {
      interrupts += 1;
    };
    const waiting = withOwnTerminal(
      { stdin, stdout },
      onInterrupt,
      nothing,
      async ({ interrupted }: OwnTerminal) => {
        const { promise, resolve } = Promise.withResolvers<unknown>();
        interrupted.addEventListener("abort", () => {
          resolve(interrupted.reason);
        });
        stdin.write("q\u001b[?1;2c");
        stdin.write("\u0003\u0003");
        stdin.write("\u0003");
        return await promise;
      },
    );
    expect(await waiting).toMatchObject({ code: "LAB_INTERRUPTED" });
    expect(interrupts).toBe(1);
  });

  it("says when its size changes", async () => {
    const { stdin, stdout } = makeTerminal();
    const sizes: number[] = [];
    await withOwnTerminal(
      { stdin, stdout },
      nothing,
      ({ cols }) => sizes.push(cols),
      () => {
        Object.assign(stdout, { columns: 120 });
        stdout.emit("resize");
        return Promise.resolve();
      },
    );
    expect(sizes).toEqual([120]);
  });

  it("that is none gets no raw mode and nothing but what is shown", async () => {
    const { stdin, stdout, modes, shown } = makeTerminal({ isTTY: false });
    await withOwnTerminal({ stdin, stdout }, nothing, nothing, ({ show }) => {
      show("plain");
      return Promise.resolve();
    });
    expect(modes).toEqual([]);
    expect(shown()).toBe("plain");
  });
});
