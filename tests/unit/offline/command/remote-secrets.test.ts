import type { CheckResponse, CreateResponse, ReadResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { remoteCommand } from "../../../../toolchain/offline/command/remote-command.ts";
import { SshPool } from "../../../../toolchain/offline/command/ssh-pool.ts";
import { readStruct, secret, type WireMap, writeStruct } from "../../../../toolchain/offline/rpc/values.ts";
import { EngineDouble } from "../provider/engine-double.ts";
import { SshHost } from "./ssh-host.ts";

const urn = "urn:pulumi:dev::lab::command:remote:Command::step";

let host: SshHost;
let pool: SshPool;
let engine: EngineDouble;

beforeEach(async () => {
  host = await SshHost.start();
  pool = new SshPool();
  engine = await EngineDouble.start({
    name: "command",
    version: "1.2.1",
    resources: [remoteCommand(pool)],
    configKeys: [],
  });
});

afterEach(async () => {
  pool.close();
  await engine[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

async function check(news: WireMap): Promise<WireMap> {
  const request = new messages.CheckRequest().setUrn(urn).setNews(writeStruct(news));
  const response = await engine.ask<CheckResponse>((client, callback) => client.check(request, callback));
  return readStruct(response.getInputs());
}

async function create(inputs: WireMap): Promise<WireMap> {
  const request = new messages.CreateRequest().setUrn(urn).setProperties(writeStruct(inputs));
  const response = await engine.ask<CreateResponse>((client, callback) => client.create(request, callback));
  return readStruct(response.getProperties());
}

function connection(): WireMap {
  return { host: "127.0.0.1", port: host.port, user: "lab" };
}

const defaults = { dialErrorLimit: 10, perDialTimeout: 15 };

describe("the connection's secrets", () => {
  it.each([
    ["plain", (value: WireMap) => value],
    ["secret as a whole, as the SDK sends it", secret],
  ])("are marked where they stand, inside the secret connection: %s", async (_given, give) => {
    const logins = { password: "a", privateKey: "b", privateKeyPassword: "c" };
    expect(await check({ create: "x", connection: give({ ...connection(), ...logins }) })).toEqual({
      create: "x",
      connection: secret({
        ...connection(),
        ...defaults,
        password: secret("a"),
        privateKey: secret("b"),
        privateKeyPassword: secret("c"),
      }),
    });
  });

  it("are no more than the connection has", async () => {
    const checked = await check({ create: "x", connection: connection() });
    expect(checked["connection"]).toEqual(secret({ ...connection(), ...defaults }));
  });

  it("stay in their places in what is created", async () => {
    const login = { privateKey: secret(host.privateKey), hostKey: host.hostKey };
    const inputs = { create: "x", connection: secret({ ...connection(), ...login }) };
    expect(await create(inputs)).toEqual({ ...inputs, stdout: "ran x", stderr: "" });
  });

  it("get their places in a state that holds only the whole connection as secret", async () => {
    const inputs = { create: "x", connection: secret({ ...connection(), password: "a" }) };
    const request = new messages.ReadRequest()
      .setUrn(urn)
      .setId("step1")
      .setInputs(writeStruct(inputs))
      .setProperties(writeStruct({ ...inputs, stdout: "", stderr: "" }));
    const response = await engine.ask<ReadResponse>((client, callback) => client.read(request, callback));
    const marked = secret({ ...connection(), password: secret("a") });
    expect(readStruct(response.getInputs())["connection"]).toEqual(marked);
    expect(readStruct(response.getProperties())["connection"]).toEqual(marked);
  });
});
