import type { ServerChannel } from "ssh2";

/** What a program at the fake shell's terminal can do. */
export interface FakeTerminal {
  /** Prints; LF goes to the start of the next line. */
  readonly print: (text: string) => void;
  /** One key. */
  readonly readKey: () => Promise<string>;
  /** What is typed next, up to Enter or a single control character; echoed unless told. */
  readonly read: (options?: { readonly isSecret?: boolean }) => Promise<string>;
}

/** A program by its command line: gives its exit code. */
export type FakePrograms = Readonly<Record<string, (terminal: FakeTerminal) => Promise<number> | number>>;

const enter = "\r";

/** What a program meets that waits for a key when the terminal goes. */
const closed = new Error("the terminal is closed");

/**
 * A shell at a terminal, as far as whoever types at one can tell: it echoes, runs the given programs, and tells
 * exit codes as the lab's shells do, unless it is a plain one.
 */
export async function runFakeShell(
  channel: ServerChannel,
  prompt: string,
  programs: FakePrograms,
  isPlain = false,
): Promise<void> {
  const typed: string[] = [];
  let wake: () => void = () => undefined;
  const state = { isOpen: true };
  channel.on("data", (chunk: Buffer) => {
    typed.push(...Array.from(chunk.toString("utf8")));
    wake();
  });
  const end = () => {
    state.isOpen = false;
    wake();
  };
  channel.on("close", end);
  channel.on("end", end);
  const readKey = async (): Promise<string> => {
    while (typed.length === 0) {
      if (!state.isOpen) throw closed;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      wake = () => {
        resolve(undefined);
      };
      await promise;
    }
    return typed.shift() ?? "";
  };
  const print = (text: string) => {
    if (state.isOpen) channel.write(text.replaceAll("\n", "\r\n"));
  };
  const read: FakeTerminal["read"] = async ({ isSecret = false } = {}) => {
    let words = "";
    for (;;) {
      const key = await readKey();
      if (key === enter) {
        print("\n");
        return words;
      }
      if (key < " ") return words + key;
      words += key;
      if (!isSecret) print(key);
    }
  };
  let exitCode = 0;
  const runNext = async (): Promise<void> => {
    print(isPlain ? prompt : `\u001b]133;D;${exitCode}\u0007${prompt}`);
    const line = await read();
    if (line === "") return;
    const program = programs[line];
    if (program === undefined) print(`bash: ${line}: command not found\n`);
    exitCode = (await program?.({ print, read, readKey })) ?? 127;
  };
  try {
    while (state.isOpen) await runNext();
  } catch (error) {
    if (error !== closed) throw error;
  }
}
