import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type { CreateResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readStruct, secret, type WireMap, writeStruct } from "../../../../toolchain/offline/rpc/values.ts";
import { EngineDouble } from "./engine-double.ts";
import { FakeResource } from "./fake-resource.ts";

const urn = "urn:pulumi:dev::lab::my:Lab$fake:index/thing:Thing::a::b";
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

function create(
  inputs: WireMap,
  settings: { preview?: boolean; timeoutSeconds?: number } = {},
): Promise<CreateResponse> {
  const request = new messages.CreateRequest()
    .setUrn(urn)
    .setProperties(writeStruct(inputs))
    .setPreview(settings.preview ?? false)
    .setTimeout(settings.timeoutSeconds ?? 0);
  return engine.ask((client, callback) => client.create(request, callback));
}

describe("create", () => {
  it("shows a preview without creating, with unknown outputs", async () => {
    const response = await create({ text: "x" }, { preview: true });
    expect(response.getId()).toBe("");
    expect(readStruct(response.getProperties())).toEqual({ text: "x", echo: unknownText });
    expect(resource.calls).not.toHaveProperty("create");
  });

  it("gives the resource its name and the provider's options", async () => {
    const request = new messages.ConfigureRequest().setArgs(writeStruct({ host: secret("h") }));
    await engine.ask((client, callback) => client.configure(request, callback));
    const response = await create({ text: "x" });
    expect(response.getId()).toBe("id1");
    expect(resource.calls["create"]).toEqual({
      inputs: { text: "x" },
      config: { host: "h" },
      name: "a::b",
      urn,
    });
  });

  it("marks an output secret that carries a secret input, and no other", async () => {
    const carried = await create({ text: secret("x"), other: "o" });
    expect(readStruct(carried.getProperties())).toEqual({ text: secret("x"), other: "o", echo: secret("x") });
    const plain = await create({ text: "x", other: secret("o") });
    expect(readStruct(plain.getProperties())).toEqual({ text: "x", other: secret("o"), echo: "x" });
  });

  it("shows lines in status column and diagnostics before its answer, secrets masked", async () => {
    resource.onCreate = (context) => {
      context.status("got hush-hush");
      context.log("warning", "kept hush-hush");
      return Promise.resolve();
    };
    await create({ text: secret("hush-hush") });
    expect(engine.lines).toEqual([
      { message: "got [secret]", urn, isStatus: true },
      { message: "kept [secret]", urn, isStatus: false },
    ]);
  });

  it("shows the newest status line when they come faster than they are taken", async () => {
    resource.onCreate = (context) => {
      Array.from({ length: 1000 }, (_, index) => `line ${String(index)}`).forEach((line) => {
        context.status(line);
      });
      return Promise.resolve();
    };
    await create({});
    expect(engine.lines.length).toBeLessThan(1000);
    expect(engine.lines.at(-1)?.message).toBe("line 999");
  });

  it("fails with the sentence of the error, secrets masked", async () => {
    resource.onCreate = () => Promise.reject(new Error("no luck with hush-hush"));
    await expect(create({ text: secret("hush-hush") })).rejects.toThrow("no luck with [secret]");
  });

  it("brings the stack of a defect of ours", async () => {
    resource.onCreate = () => Promise.reject(new TypeError("x is not a function"));
    await expect(create({})).rejects.toThrow(
      /this is a defect of the offline plugin: TypeError: x is not a function\n {4}at/,
    );
  });

  it("is aborted when its time is over", async () => {
    resource.onCreate = ({ signal }) => aborted(signal);
    await expect(create({}, { timeoutSeconds: 0.05 })).rejects.toThrow(
      "not done within its time limit of 0.05 s",
    );
  });
});

describe("cancel", () => {
  it("aborts what runs and refuses what comes later", async () => {
    const running = new Promise<void>((resolve) => {
      resource.onCreate = ({ signal }) => {
        resolve();
        return aborted(signal);
      };
    });
    const outcome = expect(create({})).rejects.toThrow("cancelled");
    await running;
    await engine.ask((client, callback) => client.cancel(new emptyMessages.Empty(), callback));
    await outcome;
    await expect(create({})).rejects.toThrow("cancelled");
  });
});

describe("read", () => {
  const read = () => {
    const request = new messages.ReadRequest()
      .setUrn(urn)
      .setId("id1")
      .setProperties(writeStruct({ text: "x", echo: secret("x") }))
      .setInputs(writeStruct({ text: secret("x") }));
    return engine.ask<InstanceType<typeof messages.ReadResponse>>((client, callback) =>
      client.read(request, callback),
    );
  };

  it("keeps secret what was secret in state or inputs", async () => {
    const response = await read();
    expect(response.getId()).toBe("id1");
    expect(readStruct(response.getProperties())).toEqual({ text: secret("x"), echo: secret("x") });
    expect(readStruct(response.getInputs())).toEqual({ text: secret("x") });
  });

  it("answers with no id when the thing is gone", async () => {
    resource.isThere = false;
    const response = await read();
    expect(response.getId()).toBe("");
  });
});

describe("update and delete", () => {
  const update = (preview: boolean) => {
    const request = new messages.UpdateRequest()
      .setUrn(urn)
      .setId("id1")
      .setOlds(writeStruct({ text: "x", echo: "x" }))
      .setOldInputs(writeStruct({ text: "x" }))
      .setNews(writeStruct({ text: secret("y") }))
      .setPreview(preview);
    return engine.ask<InstanceType<typeof messages.UpdateResponse>>((client, callback) =>
      client.update(request, callback),
    );
  };

  it("updates, or shows what an update would give", async () => {
    const change = { oldInputs: { text: "x" }, oldState: { text: "x", echo: "x" }, news: { text: "y" } };
    const previewed = await update(true);
    expect(resource.calls["preview"]).toEqual(change);
    expect(readStruct(previewed.getProperties())).toEqual({ text: secret("y"), echo: secret(unknownText) });
    const updated = await update(false);
    expect(resource.calls["update"]).toEqual({ id: "id1", ...change });
    expect(readStruct(updated.getProperties())).toEqual({ text: secret("y"), echo: secret("updated") });
  });

  it("deletes with the recorded state and inputs", async () => {
    const request = new messages.DeleteRequest()
      .setUrn(urn)
      .setId("id1")
      .setProperties(writeStruct({ echo: secret("x") }))
      .setOldInputs(writeStruct({ text: secret("x") }));
    await engine.ask((client, callback) => client.delete(request, callback));
    expect(resource.calls["delete"]).toEqual({ id: "id1", state: { echo: "x" }, inputs: { text: "x" } });
  });
});

/** Waits for an abort and fails with its reason, as operations do. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    });
  });
}
