import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attachProviders, type AttachedProviders } from "../../../toolchain/offline/attached-providers.ts";
import { installOfflinePlugins } from "../../../toolchain/offline/install.ts";
import { readStruct, writeStruct } from "../../../toolchain/offline/rpc/values.ts";
import { EngineDouble } from "./provider/engine-double.ts";

const urn = "urn:pulumi:dev::lab::command:local:Command::a";

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "attached-")));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function attach(): Promise<AttachedProviders> {
  return attachProviders(join(folder, "home"), {
    environment: { PATH: process.env["PATH"], GREETING: "hello" },
    folder,
  });
}

/** Provider name to `host:port`, as the engine reads them. */
function addresses({ environment }: AttachedProviders): Record<string, string> {
  const pairs = (environment["PULUMI_DEBUG_PROVIDERS"] ?? "").split(",").map((pair) => pair.split(":"));
  return Object.fromEntries(pairs.map(([name = "", port = ""]) => [name, `127.0.0.1:${port}`]));
}

function run(engine: EngineDouble, command: string) {
  const request = new messages.CreateRequest().setUrn(urn).setProperties(writeStruct({ create: command }));
  return engine.ask<InstanceType<typeof messages.CreateResponse>>((client, callback) =>
    client.create(request, callback),
  );
}

describe("providers in this process", () => {
  it("work for the engine that attaches, in the surroundings that they were given", async () => {
    await installOfflinePlugins({ pulumiHome: join(folder, "home") });
    const providers = await attach();
    try {
      const engine = await EngineDouble.attach(addresses(providers)["command"] ?? "");
      try {
        const created = await run(engine, "echo $GREETING from $PWD");
        expect(readStruct(created.getProperties())).toMatchObject({ stdout: `hello from ${folder}` });
        expect(engine.lines).toEqual([{ message: `hello from ${folder}`, urn, isStatus: true }]);
      } finally {
        await engine[Symbol.asyncDispose]();
      }
    } finally {
      await providers.close();
    }
  });

  it("leave the engine to start an official plugin that is there", async () => {
    const plugin = join(folder, "home/plugins/resource-docker-v5.2.0/pulumi-resource-docker");
    await mkdir(dirname(plugin), { recursive: true });
    await writeFile(plugin, "official");
    await installOfflinePlugins({ pulumiHome: join(folder, "home") });
    const providers = await attach();
    await providers.close();
    expect(Object.keys(addresses(providers))).toEqual(["command"]);
  });

  it("ask nothing of an engine where all plugins are official", async () => {
    const providers = await attach();
    await providers.close();
    expect(providers.environment).toEqual({});
  });

  it("end what still runs when they are closed, and answer no more", async () => {
    await installOfflinePlugins({ pulumiHome: join(folder, "home") });
    const providers = await attach();
    const engine = await EngineDouble.attach(addresses(providers)["command"] ?? "");
    try {
      const begun = run(engine, "echo begun; sleep 60").catch((error: unknown) => error);
      await expect.poll(() => engine.lines).toHaveLength(1);
      const started = performance.now();
      await providers.close();
      expect(await begun).toBeInstanceOf(Error);
      expect(performance.now() - started).toBeLessThan(2000);
      await expect(run(engine, "true")).rejects.toThrow();
    } finally {
      await engine[Symbol.asyncDispose]();
    }
  });
});
