/** A key that types no letter. */
export type Key = "Enter" | "Tab" | "Escape" | "Ctrl-C" | "Ctrl-D" | "Rub out";

/** One thing typed: text as it stands, a key, or an account's password (which is no part of the chapter). */
export type Keystroke = string | { readonly key: Key } | { readonly passwordOf: string };

/** What a program asks, or shows when it waits, and what a student types then. */
export interface Answer {
  /** The prompt's own words, as far as they are the same on every system. */
  readonly prompt: string;
  /** What other versions of the program ask instead. */
  readonly otherPrompt?: string;
  /** The prompt is the line typed last, and the program has to be reading the next one by the time this is typed. */
  readonly atNextLine?: true;
  readonly typed: readonly Keystroke[];
}

/** Where a setting's line comes to stand in a configuration file as the packages bring it. */
export type Place = "instead of the active line" | "below the commented line" | "at the end";

/** A change to a file, as one makes it in an editor. */
export type Edit =
  /** The line `name = value`. */
  | { readonly kind: "setting"; readonly name: string; readonly value: string; readonly place: Place }
  /** The commented example block with this head, made active with just these lines. */
  | {
      readonly kind: "block";
      readonly head: string;
      readonly settings: readonly (readonly [name: string, value: string])[];
    };

interface AtHost {
  /** The node's name, `host1`. */
  readonly host: string;
  /** The account that is logged in. */
  readonly user: string;
  /** The command line exactly as the textbook prints it. */
  readonly line: string;
}

/**
 * One command line that a student types at a shell's prompt, and what follows until the prompt is back. sudo's
 * question for the password is not listed: it comes with a terminal's first sudo, and whoever types answers it with
 * that account's password.
 */
export type TypedLine =
  | (AtHost & { readonly kind: "command"; readonly answers: readonly Answer[] })
  /** An editor is opened on a file. */
  | (AtHost & { readonly kind: "edit"; readonly file: string; readonly edits: readonly Edit[] });

/** The key Enter, as something typed. */
export const enter: Keystroke = { key: "Enter" };
