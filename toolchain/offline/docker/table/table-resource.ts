import type { PropertyMap, Resource, ResourcePlan } from "../../provider/resource.ts";
import { checkInputs } from "./check.ts";
import { planChanges } from "./diff.ts";
import type { Table } from "./property.ts";
import { previewCreation, readState, refreshInputs, updatedState, writeBody } from "./state.ts";

/** The half of a resource that follows from its table alone and needs no Docker. */
export abstract class TableResource<Body, Live> {
  readonly type: string;
  readonly #table: Table<Body, Live>;

  constructor(table: Table<Body, Live>) {
    this.#table = table;
    this.type = table.type;
  }

  check(request: Parameters<Resource["check"]>[0]): ReturnType<Resource["check"]> {
    return checkInputs(this.#table, request);
  }

  diff(request: Parameters<Resource["diff"]>[0]): ResourcePlan {
    return planChanges(this.#table, request);
  }

  preview(request: Parameters<Resource["preview"]>[0]): PropertyMap {
    return request.oldState === undefined
      ? previewCreation(this.#table, request.news)
      : this.updatedState(request.oldState, request.news);
  }

  /** The request that creates the object. */
  protected writeBody(inputs: PropertyMap, body: Body): Body {
    return writeBody(this.#table, inputs, body);
  }

  /** The state of an object that was just created or changed. */
  protected readState(given: PropertyMap, live: Live, id: string): PropertyMap {
    return readState(this.#table, given, live, id);
  }

  /** The state that an update in place leads to, before a look at the object. */
  protected updatedState(oldState: PropertyMap, news: PropertyMap): PropertyMap {
    return updatedState(this.#table, oldState, news);
  }

  /** The answer to a look at an object that is there. */
  protected refreshed(
    request: { readonly state: PropertyMap; readonly inputs: PropertyMap },
    live: Live,
    id: string,
  ): { id: string; state: PropertyMap; inputs: PropertyMap } {
    const state = this.readState(request.state, live, id);
    return { id, state, inputs: refreshInputs(this.#table, request.inputs, request.state, state) };
  }
}
