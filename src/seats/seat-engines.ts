import type { LabContext } from "../lab/lab-context.ts";
import { onEngine } from "../lab/reach/on-engine.ts";

/** The contexts of a class's engines, each opened once, when the first seat needs it. */
export class SeatEngines<Context extends LabContext> {
  readonly #base: Context;
  readonly #opened = new Map<string | undefined, Promise<Context>>();

  constructor(base: Context) {
    this.#base = base;
  }

  /**
   * The class's context on the engine that a seat's record names.
   *
   * @throws what `onEngine` throws, for each seat of an engine that can't be reached.
   */
  on(engine: string | undefined): Promise<Context> {
    const known = this.#opened.get(engine) ?? onEngine(this.#base, engine);
    this.#opened.set(engine, known);
    return known;
  }
}
