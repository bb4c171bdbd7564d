import type { Text } from "../model/text.ts";
import type { MailHostPlan, Topology } from "../model/topology.ts";
import type { TypedLine } from "./transcript.ts";

/** A setting: the name left of the equals sign and the value right of it. */
export type Setting = readonly [name: string, value: string];

/** What one step does to a host, as data; `script.ts` turns it into the commands of an administrator. */
export type Action =
  /** Installs packages, with the answers to the questions that they ask. */
  | { readonly kind: "install"; readonly packages: readonly string[]; readonly answers: readonly string[] }
  /** Has Postfix be what its dialog calls an Internet Site, whatever was chosen there; the answers as for `install`. */
  | { readonly kind: "internet site"; readonly mailName: string; readonly answers: readonly string[] }
  /** Sets parameters of Postfix's main.cf. */
  | { readonly kind: "main.cf"; readonly settings: readonly Setting[] }
  /** Sets `name = value` lines of a configuration file, each below the comment that explains it. */
  | { readonly kind: "settings"; readonly file: string; readonly settings: readonly Setting[] }
  /** Takes the comment signs off an example block of a configuration file and sets its lines. */
  | {
      readonly kind: "block";
      readonly file: string;
      readonly head: string;
      readonly settings: readonly Setting[];
    }
  /** Makes an account with its password; one that exists is left as it is. */
  | { readonly kind: "account"; readonly user: string }
  /** Restarts a service and has it start at boot. */
  | { readonly kind: "service"; readonly service: string }
  /** Commands exactly as the textbook prints them. */
  | { readonly kind: "commands"; readonly lines: readonly string[] };

/** What a step is worked out from. */
export interface StepContext {
  readonly host: MailHostPlan;
  readonly topology: Topology;
}

/** One step of the chapter. */
export interface Step {
  /** Place in the chapter, `6.05`; the ids' order is the chapter's. */
  readonly id: string;
  readonly title: Text;
  /** What is to be done, with every host's own values; lines are parted by LF. */
  readonly task: (topology: Topology) => Text;
  readonly hint: Text;
  /** Where it is done: on every mail host, or at a client outside of them. */
  readonly where: "hosts" | "client";
  /** What is done on one host; empty where the step is something that a person does and that leaves nothing behind. */
  readonly actions: (context: StepContext) => readonly Action[];
  /** What a student types for it, host by host, in order; empty where nothing is typed in a terminal. */
  readonly transcript: (topology: Topology) => readonly TypedLine[];
}
