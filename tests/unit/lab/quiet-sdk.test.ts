import { CustomResource, Resource, runtime } from "@pulumi/pulumi";
import log from "@pulumi/pulumi/log/index.js";
import * as debuggableModule from "@pulumi/pulumi/runtime/debuggable.js";
import * as stateModule from "@pulumi/pulumi/runtime/state.js";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { quietSdk } from "../../../src/lab/stack/quiet-sdk.ts";

interface Traced extends Promise<unknown> {
  readonly _debugStackTrace: string;
}

/** Parts of the SDK that its declarations leave out. */
const debuggable = Reflect.get(debuggableModule, "default") as {
  readonly debuggablePromise: (promise: Promise<unknown>, context: string) => Promise<unknown>;
};
const state = Reflect.get(stateModule, "default") as {
  readonly getStore: () => { readonly leakCandidates: ReadonlySet<Promise<unknown>> };
};

class Thing extends CustomResource {}

/** A promise that the SDK keeps in mind, as it does with each property of a resource. */
function keptInMind(): Traced {
  const promise = new Promise(() => undefined);
  void debuggable.debuggablePromise(promise, "a test");
  return promise as Traced;
}

/** Has a resource registered, and tells what it sends of itself and to the log. */
async function register(name: string): Promise<{ readonly messages: number; readonly frames: number }> {
  const debug = vi.spyOn(log, "debug");
  const callsites = vi.spyOn(Resource as unknown as { callsites: () => readonly unknown[] }, "callsites");
  await runtime.setMocks({ newResource: () => ({ id: name, state: {} }), call: () => ({}) });
  const resource = new Thing("a:b:C", name, { value: 1 });
  await new Promise((resolve) => resource.urn.apply(resolve));
  const frames = (callsites.mock.results[0]?.value as readonly unknown[]).length;
  const messages = debug.mock.calls.length;
  vi.restoreAllMocks();
  return { messages, frames };
}

describe("the SDK in the command's process", () => {
  const before = { debug: log.debug, kept: keptInMind() };
  let registered: Awaited<ReturnType<typeof register>>;

  beforeAll(async () => {
    registered = await register("loud");
    quietSdk();
  });

  it("still asks what it is kept from, so that nothing of it was renamed", () => {
    expect(registered.messages).toBeGreaterThan(1);
    expect(registered.frames).toBeGreaterThan(5);
    expect(before.kept._debugStackTrace).toContain("keptInMind");
  });

  it("keeps promises in mind as before, without where they were made", () => {
    const kept = keptInMind();
    expect(state.getStore().leakCandidates).toContain(kept);
    expect(kept._debugStackTrace).not.toContain("keptInMind");
    expect(new Error("of somebody else").stack).toContain("quiet-sdk.test.ts");
  });

  it("sends no message and no stack trace with a resource", async () => {
    expect(log.debug).not.toBe(before.debug);
    expect(await register("quiet")).toMatchObject({ frames: 0 });
  });
});
