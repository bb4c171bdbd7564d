import { keysOf, viKeys, viSessionOf, type ViTurn } from "../../course/keystrokes.ts";
import type { Answer, TypedLine } from "../../course/transcript.ts";
import { LabError } from "../../model/lab-error.ts";
import { sameText } from "../../model/text.ts";
import type { TerminalScreen } from "../../protocols/terminal-screen.ts";
import type { TerminalSession } from "../../protocols/terminal-session.ts";

/** Who types at a terminal, and what is needed for it. */
export interface Typist {
  readonly session: TerminalSession;
  /** The login, as the prompt has it: `ubuntu@host1example1test`. */
  readonly login: { readonly user: string; readonly hostname: string };
  /** Gives an account's password. */
  readonly passwordOf: (account: string) => string;
  /** Time between two keys; presentation only. */
  readonly paceMs: number;
  /** A file of the host as it is now. */
  readonly readFile: (path: string) => Promise<string>;
}

/** What became of a line that was typed. */
export interface TypedOutcome {
  /** Absent where the shell did not tell. */
  readonly exitCode: number | undefined;
  /** What the terminal showed from the line itself to the next prompt, as plain text with LF. */
  readonly shown: string;
}

const promptDeadlineMs = 30_000;
const echoDeadlineMs = 30_000;
const viDeadlineMs = 30_000;
const commandDeadlineMs = 60_000;
const installDeadlineMs = 240_000;

const enter = "\r";
const ctrlC = "\u0003";

/** A prompt as short as this could be part of any text, so it counts only where the cursor stands behind it. */
const shortPromptLength = 3;

const leaveDeadlineMs = 3000;

const insertMode = /-- INSERT --/;
const openedFile = /^".*" .*\d+L, \d+[BC]/;

/** Waits for the shell's prompt. */
export async function waitForPrompt(
  { session, login }: Typist,
  deadlineMs = promptDeadlineMs,
): Promise<void> {
  await session.waitFor({ awaited: promptWords(login), deadlineMs }, (screen) =>
    isAtPrompt(screen, login) ? true : undefined,
  );
}

/**
 * Types one line at the prompt, answers what is asked, and waits for the next prompt. What is not asked (a package is
 * there already, sudo knows the password) is not answered.
 *
 * @throws LabError `LAB_TERMINAL_UNEXPECTED` where the terminal shows something else.
 */
export async function typeLine(typist: Typist, line: TypedLine): Promise<TypedOutcome> {
  const { session, paceMs } = typist;
  const { screen } = session;
  await waitForPrompt(typist);
  const file = line.kind === "edit" ? await typist.readFile(line.file) : undefined;
  const start = screen.position;
  const command: RunningLine = { line, told: screen.exitCodes.length, start, mark: start };
  await session.press(line.line, paceMs);
  await session.waitFor({ awaited: sameText(line.line), deadlineMs: echoDeadlineMs }, () =>
    withoutBlanks(screen.textSince(start)).endsWith(withoutBlanks(line.line)) ? true : undefined,
  );
  command.mark = screen.position;
  await session.press(enter);
  const keys = line.kind === "edit" ? "" : await answer(typist, command, line.answers);
  if (line.kind === "edit") await edit(typist, command, file ?? "", line);
  const exitCode = keys.includes(ctrlC) ? undefined : screen.exitCodes[command.told];
  return { exitCode, shown: screen.textSince(start) };
}

/** A line that runs: how many exit codes were told before it, and up to where its output was dealt with. */
interface RunningLine {
  readonly line: TypedLine;
  readonly told: number;
  readonly start: number;
  mark: number;
}

/** Answers questions in their order until the prompt is back; gives the last keys that were pressed. */
async function answer(typist: Typist, command: RunningLine, answers: readonly Answer[]): Promise<string> {
  const { session, paceMs, login, passwordOf } = typist;
  const deadlineMs = command.line.line.includes("apt install") ? installDeadlineMs : commandDeadlineMs;
  let pending = answers;
  let lastKeys = "";
  let hasGivenPassword = false;
  for (;;) {
    const next = await session.waitFor(
      { awaited: awaitedWords(typist, pending), deadlineMs },
      (screen): "prompt" | "password" | Answer | undefined => {
        if (isAsked(screen, command.mark, sudoPrompt(login.user))) return "password";
        const asked = pending.find((one) => isDue(screen, command.mark, one));
        return asked ?? (isDone(screen, command, login) ? "prompt" : undefined);
      },
    );
    if (next === "prompt") return lastKeys;
    command.mark = session.screen.position;
    if (next === "password") {
      if (hasGivenPassword) throw passwordRefused(login.user);
      hasGivenPassword = true;
      await session.press(`${passwordOf(login.user)}${enter}`);
    } else {
      pending = pending.slice(pending.indexOf(next) + 1);
      lastKeys = keysOf(next.typed, passwordOf);
      const hasSecret = next.typed.some((stroke) => typeof stroke !== "string" && "passwordOf" in stroke);
      await session.press(lastKeys, hasSecret || lastKeys.startsWith("\u007f") ? 0 : paceMs);
    }
  }
}

/** Makes edits in vi, which was just started on a file with that text. */
async function edit(
  typist: Typist,
  command: RunningLine,
  text: string,
  line: TypedLine & { readonly kind: "edit" },
): Promise<void> {
  const { session, login, passwordOf, paceMs } = typist;
  const awaited = { en: `vi with ${line.file}`, ja: `${line.file}を開いたvi` };
  const opened = (screen: TerminalScreen): "vi" | "elsewhere" | undefined =>
    isOpenElsewhere(screen) ? "elsewhere" : openedFile.test(screen.lastLine) ? "vi" : undefined;
  let first = await session.waitFor({ awaited, deadlineMs: viDeadlineMs }, (screen) =>
    isAsked(screen, command.mark, sudoPrompt(login.user)) ? "password" : opened(screen),
  );
  if (first === "password") {
    command.mark = session.screen.position;
    await session.press(`${passwordOf(login.user)}${enter}`);
    first = await session.waitFor({ awaited, deadlineMs: viDeadlineMs }, opened);
  }
  if (first === "elsewhere") throw openElsewhere(line.file);
  const { turns, lines } = viSessionOf(text, line.edits);
  for (const turn of turns) {
    await session.press(turn.keys, paceMs);
    await session.waitFor(
      {
        awaited: { en: `“${turn.line}” in vi, ${turn.mode} mode`, ja: `viの行「${turn.line}」` },
        deadlineMs: viDeadlineMs,
      },
      (screen) => (showsTurn(screen, turn) ? true : undefined),
    );
  }
  command.mark = session.screen.position;
  await session.press(viKeys.save, paceMs);
  await session.waitFor({ awaited: promptWords(login), deadlineMs: viDeadlineMs }, (screen) =>
    isDone(screen, command, login) ? true : undefined,
  );
  const written = await typist.readFile(line.file);
  if (written.replace(/\n$/, "") !== lines.join("\n")) throw writtenOtherwise(line.file);
}

/** Gives up what runs at the terminal for a line: vi without saving, anything else by Ctrl-C; then closes it. */
export async function abandon({ session, login }: Typist, line: TypedLine): Promise<void> {
  const { screen } = session;
  const isBack = async (): Promise<boolean> =>
    session
      .waitFor({ awaited: promptWords(login), deadlineMs: leaveDeadlineMs, isUnstoppable: true }, () =>
        isAtPrompt(screen, login) ? true : undefined,
      )
      .catch(() => false);
  if (!session.isOver && !isAtPrompt(screen, login)) {
    const isInVi = line.kind === "edit" && !screen.beforeCursor.includes(sudoPrompt(login.user));
    if (isInVi) await session.press(isOpenElsewhere(screen) ? "q" : viKeys.giveUp);
    if (!isInVi || !(await isBack())) {
      await session.press(ctrlC);
      await isBack();
    }
  }
  session.close();
}

/** vi asks what to do where it finds the file open in another one, or a killed one's remains. */
function isOpenElsewhere({ lines }: TerminalScreen): boolean {
  return lines.some((shown) => shown.startsWith("E325:"));
}

function showsTurn(screen: TerminalScreen, { mode, line }: ViTurn): boolean {
  if (insertMode.test(screen.lastLine) !== (mode === "insert")) return false;
  // vi shows tabs as blanks, and breaks what is wider than the screen.
  if (line.includes("\t")) return true;
  const { columns, cursorLine } = screen;
  for (let from = 0; from <= line.length; from += columns) {
    if (line.slice(from, from + columns).trimEnd() === cursorLine) return true;
  }
  return false;
}

function sudoPrompt(user: string): string {
  return `[sudo] password for ${user}:`;
}

function isAsked(screen: TerminalScreen, mark: number, prompt: string): boolean {
  if (!screen.textSince(mark).includes(prompt)) return false;
  return prompt.length > shortPromptLength || screen.beforeCursor.trimEnd().endsWith(prompt.trimEnd());
}

function isDue(screen: TerminalScreen, mark: number, { prompt, otherPrompt, atNextLine }: Answer): boolean {
  if (atNextLine === true) return screen.textBeforeLineSince(mark).includes(prompt);
  return [prompt, otherPrompt].some((words) => words !== undefined && isAsked(screen, mark, words));
}

function isAtPrompt({ beforeCursor }: TerminalScreen, { user, hostname }: Typist["login"]): boolean {
  const at = beforeCursor.lastIndexOf(`${user}@${hostname}:`);
  return at >= 0 && /^[^$#]*[$#] $/.test(beforeCursor.slice(at));
}

/** Whether the command has ended: by what the shell tells where it does, and by the prompt. */
function isDone(screen: TerminalScreen, { mark, told }: RunningLine, login: Typist["login"]): boolean {
  if (!isAtPrompt(screen, login)) return false;
  return screen.exitCodes.length > told || (told === 0 && screen.textSince(mark).includes("\n"));
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s/g, "");
}

function promptWords({ user, hostname }: Typist["login"]) {
  return { en: `the prompt of ${user}@${hostname}`, ja: `${user}@${hostname}のプロンプト` };
}

function awaitedWords({ login }: Typist, [next]: readonly Answer[]) {
  const prompt = promptWords(login);
  if (next === undefined) return prompt;
  return { en: `“${next.prompt}” or ${prompt.en}`, ja: `「${next.prompt}」か${prompt.ja}` };
}

function passwordRefused(user: string): LabError {
  return new LabError(
    "LAB_TERMINAL_PASSWORD",
    {
      en: `sudo does not take the lab's password of ${user}.`,
      ja: `sudoが${user}のラボのパスワードを受け付けません。`,
    },
    {
      hint: {
        en: "It has been changed on this host: passwd sets it back to what ./lab passwords shows",
        ja: "このホストで変更されています。passwd で ./lab passwords の示すものに戻せます",
      },
    },
  );
}

function openElsewhere(file: string): LabError {
  return new LabError(
    "LAB_TERMINAL_FILE_OPEN",
    {
      en: `${file} is open in another vi, or a vi that was killed left its changes behind.`,
      ja: `${file}は別のviで開かれているか、強制終了したviの変更が残っています。`,
    },
    {
      hint: {
        en: `sudo vi ${file} on the host says which, and can take them over or delete them`,
        ja: `ホストで sudo vi ${file} を実行すると、どちらか分かり、取り込みや削除ができます`,
      },
    },
  );
}

function writtenOtherwise(file: string): LabError {
  return new LabError("LAB_TERMINAL_FILE", {
    en: `${file} is not what was typed.`,
    ja: `${file}の内容が、入力したものと異なります。`,
  });
}
