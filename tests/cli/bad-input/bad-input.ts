import type { ScratchCheckout } from "./scratch-checkout.ts";

/** Something wrong that a person gives or a machine has, and what the lab says of it. */
export interface BadInput {
  /** What is wrong, as the rest of "refuses …". */
  readonly name: string;
  /** The command's words; `up` of the scratch stack unless given. */
  readonly words?: readonly string[];
  readonly code: string;
  /** Exit code; docs/commands.md says what each means. */
  readonly exit: number;
  /** Field, value and rule as the English sentence has them. */
  readonly en: readonly string[];
  /** The same in the Japanese one. */
  readonly ja: readonly string[];
}

/** A stack's configuration that is wrong. */
export interface BadConfig extends BadInput {
  /** Key to value, without the project's prefix; or the file's whole text. */
  readonly config: Readonly<Record<string, unknown>> | string;
  /** Given to the real command too, not only to what reads a configuration. */
  readonly isTriedByCommand?: boolean;
}

/** What a row has planted: how the command then runs, and what to take away after it. */
export interface Planted {
  readonly env?: NodeJS.ProcessEnv;
  /** Shell lines that mount something where this command alone sees it. */
  readonly mounts?: string;
  readonly remove?: () => Promise<unknown>;
}

/** Something wrong with the machine, with the lab's files or with the words that were typed. */
export interface BadMachine extends BadInput {
  readonly plant?: (scratch: ScratchCheckout) => Promise<Planted>;
}
