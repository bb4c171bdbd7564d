import type { CheckFailure, PropertyMap, PropertyValue } from "../../provider/resource.ts";

/**
 * The shape of a property's value. `strings` is ordered, `stringSet` is not; a `block` is one nested object,
 * `blocks` an ordered list of them and `blockSet` an unordered one.
 */
export type Kind =
  "string" | "number" | "boolean" | "strings" | "stringSet" | "map" | "block" | "blocks" | "blockSet";

/** What a value of one field looks like, alone or inside a block. */
export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** The program must give it. */
  readonly required?: boolean;
  /** Docker fills it in where the program leaves it out, so leaving it out is no change. */
  readonly computed?: boolean;
  /** Put into the inputs, and listed in `__defaults`, where the program leaves it out. */
  readonly default?: PropertyValue;
  /** Not for a program to give: Docker sets it, or it is there for the official plugin's sake. */
  readonly isOutput?: boolean;
  /** A change needs a new object; else it is made in place. */
  readonly replaces: boolean;
  /** The fields of a `block`, `blocks` or `blockSet`. */
  readonly fields?: readonly Field[];
  /** What the state holds where nothing was given. */
  readonly unset?: PropertyValue;
  /** Two spellings of one value come out the same (`SYS_ADMIN`, `CAP_SYS_ADMIN`). */
  readonly canonical?: (text: string) => string;
  /** Says what is wrong with a value of the right kind. */
  readonly problem?: (value: PropertyValue) => string | undefined;
  /** Holds where a difference that remains after the ordinary comparison is none. */
  readonly same?: (old: PropertyValue, next: PropertyValue) => boolean;
}

/** One row of a resource's table: a field with its way into Docker's API and back. */
export interface Property<Body, Live> extends Field {
  /** A name is drawn (`<resource>-<7 hex digits>`) where the program gives none. */
  readonly isAutoNamed?: boolean;
  /** Writes a given value into the request that creates the object. */
  readonly toApi?: (value: PropertyValue, body: Body) => void;
  /** Reads the value from the real object; without it the state keeps what was given. `all` is everything given. */
  readonly fromInspect?: (live: Live, given: PropertyValue, all: PropertyMap) => PropertyValue;
}

/** A resource's table: everything that check, diff, preview, create and read need to know. */
export interface Table<Body, Live> {
  /** The engine's type token, `docker:index/network:Network`. */
  readonly type: string;
  readonly properties: readonly Property<Body, Live>[];
  /** Always delete the old object first, whatever its name is. */
  readonly isDeletedBeforeReplace: boolean;
  /** The `__meta` text that the official plugin keeps in the state. */
  readonly meta: string;
  /** A block whose empty fields the official plugin lists as added when anything outside the block changes. */
  readonly restatedBlock?: string;
  /** Says what is wrong with inputs that are fine one by one. */
  readonly problems?: (inputs: PropertyMap) => readonly CheckFailure[];
}
