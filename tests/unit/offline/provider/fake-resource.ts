import { type Resource, UNKNOWN } from "../../../../toolchain/offline/provider/resource.ts";

/** A resource that keeps what it was called with; its `echo` output repeats its `text` input. */
export class FakeResource implements Resource {
  readonly type = "fake:index/thing:Thing";
  readonly secretOutputs = { echo: ["text"] };
  /** The arguments of each call, by the call's name. */
  readonly calls: Record<string, unknown> = {};
  /** What `create` does beyond keeping its arguments. */
  onCreate: (context: Parameters<Resource["create"]>[1]) => Promise<void> = () => Promise.resolve();
  /** What `read` finds. */
  isThere = true;

  check(request: Parameters<Resource["check"]>[0]): ReturnType<Resource["check"]> {
    this.calls["check"] = request;
    const failures = request.news["bad"] === true ? [{ property: "bad", reason: "bad is bad" }] : [];
    return { inputs: { ...request.news, size: 1 }, failures };
  }

  diff(request: Parameters<Resource["diff"]>[0]): ReturnType<Resource["diff"]> {
    this.calls["diff"] = request;
    return request.news["text"] === request.oldInputs["text"]
      ? { detailed: {}, replaces: [], deleteBeforeReplace: false }
      : {
          detailed: { 'map["a.b"].c': "update-replace", "text[0]": "add" },
          replaces: ["map"],
          deleteBeforeReplace: true,
        };
  }

  preview(request: Parameters<Resource["preview"]>[0]): ReturnType<Resource["preview"]> {
    this.calls["preview"] = request;
    return { ...request.news, echo: UNKNOWN };
  }

  async create(
    inputs: Parameters<Resource["create"]>[0],
    context: Parameters<Resource["create"]>[1],
  ): ReturnType<Resource["create"]> {
    this.calls["create"] = { inputs, config: context.config, name: context.name, urn: context.urn };
    await this.onCreate(context);
    return { id: "id1", state: { ...inputs, echo: inputs["text"] ?? "" } };
  }

  read(request: Parameters<Resource["read"]>[0]): ReturnType<Resource["read"]> {
    this.calls["read"] = request;
    return Promise.resolve(this.isThere ? request : undefined);
  }

  update(request: Parameters<Resource["update"]>[0]): ReturnType<Resource["update"]> {
    this.calls["update"] = request;
    return Promise.resolve({ ...request.news, echo: "updated" });
  }

  delete(request: Parameters<Resource["delete"]>[0]): Promise<void> {
    this.calls["delete"] = request;
    return Promise.resolve();
  }
}
