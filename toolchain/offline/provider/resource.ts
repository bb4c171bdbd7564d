/**
 * What a stand-in provider implements for one resource type. The gRPC side (`serve.ts`) speaks the engine's
 * protocol, strips secrets before it calls a resource and marks the same properties secret again in what the
 * resource returns; a resource sees plain values only.
 */

/** Stands for a value that a preview does not know yet. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A property as the engine sends it, with secrets taken off. */
export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | typeof UNKNOWN
  | readonly PropertyValue[]
  | { readonly [name: string]: PropertyValue };

/** A resource's inputs or state: property name to value. */
export type PropertyMap = Readonly<Record<string, PropertyValue>>;

/** How one property changes, in the words of the engine's detailed diff. */
export type DiffKind = "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";

/** An input that can't be accepted: the property's path and why. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** What a change of inputs comes to. An empty `detailed` is no change. */
export interface ResourcePlan {
  /** Property path (`ports[0].external`, `options["a.b"]`) to kind of change. */
  readonly detailed: Readonly<Record<string, DiffKind>>;
  /** Names of the top-level properties that force a replacement; empty for an update in place. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** What a resource gets from the engine while it works. */
export interface ResourceContext {
  /** The provider's configuration, secrets taken off. */
  readonly config: PropertyMap;
  /** Aborted when the engine cancels (Ctrl-C) or the operation's deadline passes. */
  readonly signal: AbortSignal;
  /** Shows a line in the resource's status column. */
  status(message: string): void;
  /** Adds a line to the resource's diagnostics. */
  log(severity: "info" | "warning" | "error", message: string): void;
}

/** One resource type of a stand-in provider. */
export interface Resource {
  /** The engine's type token, `docker:index/network:Network`. */
  readonly type: string;
  /** Paths of inputs that are secret whether or not the program says so, in inputs and state alike; an inner path marks its part too. */
  readonly secretInputs?: readonly string[];
  /** Computed outputs that carry what inputs carry: an output becomes secret when one of its listed inputs holds a secret. */
  readonly secretOutputs?: Readonly<Record<string, readonly string[]>>;
  /** Paths of texts that lines and errors may show although they are inside a secret, such as a host's name. */
  readonly shownInputs?: readonly string[];
  /** Completes and validates the program's inputs. `olds` are the last checked inputs, absent at first and for a replacement. */
  check(request: {
    readonly urn: string;
    readonly name: string;
    readonly news: PropertyMap;
    readonly olds?: PropertyMap;
  }): {
    readonly inputs: PropertyMap;
    readonly failures: readonly CheckFailure[];
  };
  /** Compares checked inputs (and the recorded state) with new checked inputs. */
  diff(request: {
    readonly id: string;
    readonly oldInputs: PropertyMap;
    readonly oldState: PropertyMap;
    readonly news: PropertyMap;
  }): ResourcePlan;
  /** The state that a preview of `create` (no `oldState`) or `update` shows; a property that will only be known later is UNKNOWN. */
  preview(request: {
    readonly news: PropertyMap;
    readonly oldInputs?: PropertyMap;
    readonly oldState?: PropertyMap;
  }): PropertyMap;
  create(
    inputs: PropertyMap,
    context: ResourceContext & { readonly urn: string; readonly name: string },
  ): Promise<{ readonly id: string; readonly state: PropertyMap }>;
  /** Looks at the real thing; `undefined` when it is gone. */
  read(
    request: { readonly id: string; readonly state: PropertyMap; readonly inputs: PropertyMap },
    context: ResourceContext,
  ): Promise<{ readonly id: string; readonly state: PropertyMap; readonly inputs: PropertyMap } | undefined>;
  update(
    request: {
      readonly id: string;
      readonly oldInputs: PropertyMap;
      readonly oldState: PropertyMap;
      readonly news: PropertyMap;
    },
    context: ResourceContext,
  ): Promise<PropertyMap>;
  /** Removes the real thing; a thing that is gone already is no error. */
  delete(
    request: { readonly id: string; readonly state: PropertyMap; readonly inputs: PropertyMap },
    context: ResourceContext,
  ): Promise<void>;
}
