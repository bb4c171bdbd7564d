import { LabError } from "../../model/lab-error.ts";
import { windowOf, type SshTerminal, type TerminalSize } from "../../protocols/ssh-terminal.ts";

const ctrlC = "\u0003";

/**
 * What a program may have left switched that was ended in the middle: mouse reports, bracketed paste, a hidden cursor,
 * colours, a scrolling region (which moves the cursor when it goes).
 */
const asBefore = "\u001b[?1000;1002;1003;1006l\u001b[?2004l\u001b[?25h\u001b[0m\u001b7\u001b[r\u001b8";

/** The terminal that a person looks at while somebody else types on a host. */
export interface OwnTerminal {
  readonly size: () => TerminalSize;
  readonly show: (printed: string) => void;
  /** Aborted when the person presses Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** Programs are told of a terminal that knows colours and cursor movements, since the screen is read by one. */
const kind = "xterm-256color";

/**
 * Lends the local terminal to what is shown of a remote one. Keys go nowhere, and neither do the answers that it
 * gives by itself when a program asks what it is; Ctrl-C ends the work. It is as it was afterwards.
 */
export async function withOwnTerminal<Result>(
  { stdin, stdout }: SshTerminal,
  onInterrupt: () => void,
  onResize: (size: TerminalSize) => void,
  work: (terminal: OwnTerminal) => Promise<Result>,
): Promise<Result> {
  const interruption = new AbortController();
  const onData = (typed: Buffer) => {
    if (!typed.includes(ctrlC) || interruption.signal.aborted) return;
    onInterrupt();
    interruption.abort(interrupted());
  };
  const size = () => ({ ...windowOf(stdout), term: kind });
  const resized = () => {
    onResize(size());
  };
  const isTerminal = stdin.isTTY === true;
  if (isTerminal) {
    stdin.setRawMode?.(true);
    stdin.on("data", onData);
  }
  stdout.on("resize", resized);
  try {
    return await work({
      size,
      show: (printed) => stdout.write(printed),
      interrupted: interruption.signal,
    });
  } finally {
    stdout.off("resize", resized);
    if (isTerminal) {
      if ("isTTY" in stdout && stdout.isTTY === true) stdout.write(asBefore);
      stdin.off("data", onData);
      stdin.pause(); // a flowing stdin would keep the process alive
      stdin.setRawMode?.(false);
    }
  }
}

function interrupted(): LabError {
  return new LabError(
    "LAB_INTERRUPTED",
    { en: "Interrupted.", ja: "中断しました。" },
    {
      hint: {
        en: "What was typed up to here stands; ./lab diff shows what",
        ja: "ここまでに入力した分は残っています。./lab diff で確認できます",
      },
    },
  );
}
