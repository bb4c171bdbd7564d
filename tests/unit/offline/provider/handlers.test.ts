import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../toolchain/offline/provider/resource.ts";
import { readStruct, secret, type WireMap, writeStruct } from "../../../../toolchain/offline/rpc/values.ts";
import { EngineDouble } from "./engine-double.ts";
import { FakeResource } from "./fake-resource.ts";

const urn = "urn:pulumi:dev::lab::my:Lab$fake:index/thing:Thing::a::b";
const otherUrn = "urn:pulumi:dev::lab::fake:index/other:Other::x";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let resource: FakeResource;
let engine: EngineDouble;

beforeEach(async () => {
  resource = new FakeResource();
  engine = await EngineDouble.start({
    name: "fake",
    version: "1.2.3",
    resources: [resource],
    configKeys: ["host"],
  });
});

afterEach(async () => {
  await engine[Symbol.asyncDispose]();
});

function check(target: string, news: WireMap, olds?: WireMap) {
  const request = new messages.CheckRequest().setUrn(target).setNews(writeStruct(news));
  if (olds !== undefined) {
    request.setOlds(writeStruct(olds));
  }
  return engine.ask<InstanceType<typeof messages.CheckResponse>>((client, callback) =>
    client.check(request, callback),
  );
}

describe("a stand-in provider", () => {
  it("says which version it stands for and that it takes secrets", async () => {
    const plugin = await engine.ask<{ getVersion(): string }>((client, callback) =>
      client.getPluginInfo(new emptyMessages.Empty(), callback),
    );
    expect(plugin.getVersion()).toBe("1.2.3");
    const configured = await engine.ask<InstanceType<typeof messages.ConfigureResponse>>((client, callback) =>
      client.configure(new messages.ConfigureRequest(), callback),
    );
    expect(configured.getAcceptsecrets()).toBe(true);
    expect(configured.getSupportspreview()).toBe(true);
  });

  it("refuses a resource that it doesn't implement, by name", async () => {
    await expect(check(otherUrn, {})).rejects.toThrow("fake:index/other:Other is not in the offline plugin");
    await expect(check(otherUrn, {})).rejects.toThrow("The official fake plugin has it");
  });

  it("refuses a function that it doesn't implement, by name", async () => {
    const request = new messages.InvokeRequest().setTok("fake:index/getThing:getThing");
    await expect(engine.ask((client, callback) => client.invoke(request, callback))).rejects.toThrow(
      "fake:index/getThing:getThing is not in the offline plugin",
    );
  });

  it("refuses an unknown provider option by name and accepts its own and the engine's", async () => {
    const news = { host: "h", version: "1.2.3", __internal: {}, weird: 1 };
    const request = new messages.CheckRequest().setNews(writeStruct(news));
    const response = await engine.ask<InstanceType<typeof messages.CheckResponse>>((client, callback) =>
      client.checkConfig(request, callback),
    );
    expect(response.getFailuresList().map((failure) => failure.toObject())).toEqual([
      {
        property: "weird",
        reason: "the offline fake plugin does not know the provider option weird; it knows host",
      },
    ]);
  });

  it("updates itself when an option changes, and never for its own bookkeeping", async () => {
    const changes = async (news: WireMap): Promise<number> => {
      const request = new messages.DiffRequest()
        .setOlds(writeStruct({ host: "h", __x: 1 }))
        .setNews(writeStruct(news));
      const response = await engine.ask<InstanceType<typeof messages.DiffResponse>>((client, callback) =>
        client.diffConfig(request, callback),
      );
      return response.getChanges();
    };
    expect(await changes({ host: "h" })).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
    expect(await changes({ host: "other" })).toBe(messages.DiffResponse.DiffChanges.DIFF_SOME);
  });
});

describe("check", () => {
  it("hands over plain values and marks the same inputs secret again", async () => {
    const response = await check(
      urn,
      { text: secret("x"), map: { a: secret("y"), b: unknownText } },
      { text: secret("o") },
    );
    expect(resource.calls["check"]).toEqual({
      urn,
      name: "a::b",
      news: { text: "x", map: { a: "y", b: UNKNOWN } },
      olds: { text: "o" },
    });
    expect(readStruct(response.getInputs())).toEqual({
      text: secret("x"),
      map: { a: secret("y"), b: unknownText },
      size: 1,
    });
  });

  it("has no olds for a resource that is new", async () => {
    await check(urn, {});
    expect(resource.calls["check"]).not.toHaveProperty("olds");
  });

  it("reports what can't be accepted", async () => {
    const response = await check(urn, { bad: true });
    expect(response.getFailuresList().map((failure) => failure.toObject())).toEqual([
      { property: "bad", reason: "bad is bad" },
    ]);
  });

  it("refuses an asset, naming the property", async () => {
    const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "x" };
    await expect(check(urn, { source: asset })).rejects.toThrow("source is an asset");
  });
});

describe("diff", () => {
  const diff = (text: string) => {
    const request = new messages.DiffRequest()
      .setUrn(urn)
      .setId("id1")
      .setOlds(writeStruct({ text: secret("x"), echo: "x" }))
      .setOldInputs(writeStruct({ text: secret("x") }))
      .setNews(writeStruct({ text: secret(text) }));
    return engine.ask<InstanceType<typeof messages.DiffResponse>>((client, callback) =>
      client.diff(request, callback),
    );
  };

  it("is none when the plan is empty", async () => {
    const response = await diff("x");
    expect(response.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
    expect(resource.calls["diff"]).toEqual({
      id: "id1",
      oldInputs: { text: "x" },
      oldState: { text: "x", echo: "x" },
      news: { text: "x" },
    });
  });

  it("says property by property what changes and how", async () => {
    const response = await diff("y");
    expect(response.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_SOME);
    expect(response.getHasdetaileddiff()).toBe(true);
    expect(response.getDeletebeforereplace()).toBe(true);
    expect(response.getReplacesList()).toEqual(["map"]);
    expect(response.getDiffsList()).toEqual(["map", "text"]);
    const { Kind } = messages.PropertyDiff;
    expect(response.getDetaileddiffMap().get('map["a.b"].c')?.getKind()).toBe(Kind.UPDATE_REPLACE);
    expect(response.getDetaileddiffMap().get("text[0]")?.getKind()).toBe(Kind.ADD);
  });
});
