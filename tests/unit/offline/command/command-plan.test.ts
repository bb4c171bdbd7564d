import { describe, expect, it } from "vitest";
import { SshPool } from "../../../../toolchain/offline/command/ssh-pool.ts";
import { localCommand } from "../../../../toolchain/offline/command/local-command.ts";
import { remoteCommand } from "../../../../toolchain/offline/command/remote-command.ts";
import {
  type PropertyMap,
  type Resource,
  type ResourcePlan,
  UNKNOWN,
} from "../../../../toolchain/offline/provider/resource.ts";

const remote = remoteCommand(new SshPool());
const local = localCommand({ environment: {}, folder: "/" });

function plan(resource: Resource, oldInputs: PropertyMap, news: PropertyMap): ResourcePlan {
  return resource.diff({ id: "x", oldInputs, oldState: { ...oldInputs, stdout: "", stderr: "" }, news });
}

function without(inputs: PropertyMap, name: string): PropertyMap {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== name));
}

/** The inputs from which the official plugin 1.2.1 was recorded, and what it planned for each change of one. */
const remoteBase: PropertyMap = {
  connection: {
    host: "127.0.0.1",
    port: 12222,
    user: "lab",
    privateKey: "key",
    dialErrorLimit: 3,
    perDialTimeout: 15,
  },
  create: "echo first; echo warn >&2",
  update: "echo changed",
  delete: "echo gone",
  triggers: ["t1"],
  environment: { A: "1" },
  stdin: "in1",
  addPreviousOutputInEnv: true,
};

const remoteRows: readonly (readonly [variant: string, news: PropertyMap, ResourcePlan["detailed"]])[] = [
  ["base", remoteBase, {}],
  ["conn-dial", withConnection({ dialErrorLimit: 5 }), { connection: "update" }],
  ["conn-key", withConnection({ privateKey: "other" }), { connection: "update" }],
  ["create", { ...remoteBase, create: "echo first-b" }, { create: "update" }],
  ["delete", { ...remoteBase, delete: "echo gone-b" }, { delete: "update" }],
  ["env", { ...remoteBase, environment: { A: "2" } }, { "environment.A": "update" }],
  ["logging", { ...remoteBase, logging: "none" }, { logging: "add" }],
  ["noupdate", without(remoteBase, "update"), { update: "delete" }],
  ["prev", { ...remoteBase, addPreviousOutputInEnv: false }, { addPreviousOutputInEnv: "update" }],
  ["stdin", { ...remoteBase, stdin: "in2" }, { stdin: "update" }],
  ["triggers", { ...remoteBase, triggers: ["t2"] }, { "triggers[0]": "update-replace" }],
  ["update", { ...remoteBase, update: "echo changed-b" }, { update: "update" }],
];

function withConnection(change: PropertyMap): PropertyMap {
  return { ...remoteBase, connection: { ...(remoteBase["connection"] as PropertyMap), ...change } };
}

describe("a remote command's plan", () => {
  it.each(remoteRows)("is what the official plugin plans: %s", (_variant, news, detailed) => {
    expect(plan(remote, remoteBase, news)).toEqual({ detailed, replaces: [], deleteBeforeReplace: false });
  });

  it.each(remoteRows.filter(([variant]) => variant !== "base" && variant !== "logging"))(
    "makes the outputs unknown, as recorded of what depends on them: %s",
    (_variant, news) => {
      const oldState = { ...remoteBase, stdout: "first", stderr: "warn" };
      expect(remote.preview({ news, oldInputs: remoteBase, oldState })).toEqual({
        ...news,
        stdout: UNKNOWN,
        stderr: UNKNOWN,
      });
    },
  );

  it("leaves the outputs alone when only an input was added", () => {
    const news = { ...remoteBase, logging: "none" };
    const oldState = { ...remoteBase, stdout: "first", stderr: "warn" };
    expect(remote.preview({ news, oldInputs: remoteBase, oldState })).toEqual({
      ...news,
      stdout: "first",
      stderr: "warn",
    });
  });
});

const localBase: PropertyMap = {
  create: "echo created",
  update: "echo updated",
  delete: "true",
  triggers: ["container-id"],
  environment: { PW: "s3cret", X: "1" },
  stdin: "in1",
};

describe("a local command's plan", () => {
  it.each<readonly [string, PropertyMap, ResourcePlan["detailed"]]>([
    ["base", localBase, {}],
    ["cmd-create", { ...localBase, create: "echo created-b" }, { create: "update" }],
    ["cmd-env", { ...localBase, environment: { PW: "s3cret", X: "2" } }, { "environment.X": "update" }],
    ["cmd-noupdate", without(localBase, "update"), { update: "delete" }],
    ["cmd-stdin", { ...localBase, stdin: "in2" }, { stdin: "update" }],
    ["cmd-triggers", { ...localBase, triggers: ["other"] }, { "triggers[0]": "update-replace" }],
    [
      "a trigger that isn't known yet",
      { ...localBase, triggers: [UNKNOWN] },
      { "triggers[0]": "update-replace" },
    ],
    ["one more trigger", { ...localBase, triggers: ["container-id", "b"] }, { "triggers[1]": "add-replace" }],
    ["no triggers", without(localBase, "triggers"), { triggers: "delete-replace" }],
    [
      "a variable with dots",
      { ...localBase, environment: { PW: "s3cret", X: "1", "a.b": "c" } },
      { 'environment["a.b"]': "add" },
    ],
  ])("is what the official plugin plans: %s", (_variant, news, detailed) => {
    expect(plan(local, localBase, news)).toEqual({ detailed, replaces: [], deleteBeforeReplace: false });
  });

  it("passes over the bookkeeping of another plugin in the state", () => {
    const oldInputs = { ...localBase, __internal: {}, dir: null };
    expect(plan(local, oldInputs, localBase).detailed).toEqual({});
  });

  it("shows unknown outputs for a command that will be made", () => {
    expect(local.preview({ news: localBase })).toEqual({ ...localBase, stdout: UNKNOWN, stderr: UNKNOWN });
  });

  it("shows unknown outputs when an added input isn't known yet", () => {
    const oldState = { create: "x", stdout: "o", stderr: "e" };
    expect(local.preview({ news: { create: "x", stdin: UNKNOWN }, oldState })).toMatchObject({
      stdout: UNKNOWN,
    });
  });
});

describe("a command's inputs", () => {
  const check = (resource: Resource, news: PropertyMap) => resource.check({ urn: "u", name: "n", news });

  it("are accepted as they are, without what is null", () => {
    expect(check(local, { ...localBase, dir: null })).toEqual({ inputs: localBase, failures: [] });
  });

  it("are accepted when a preview doesn't know them yet", () => {
    const news: PropertyMap = {
      create: UNKNOWN,
      environment: { A: UNKNOWN },
      triggers: UNKNOWN,
      logging: UNKNOWN,
    };
    expect(check(local, news).failures).toEqual([]);
    expect(check(remote, { connection: UNKNOWN })).toEqual({ inputs: { connection: UNKNOWN }, failures: [] });
  });

  it("get the connection's defaults", () => {
    expect(check(remote, { connection: { host: "h", user: "lab" } }).inputs).toEqual({
      connection: { host: "h", user: "lab", port: 22, dialErrorLimit: 10, perDialTimeout: 15 },
    });
  });

  it.each<readonly [string, Resource, PropertyMap, string]>([
    ["assetPaths", local, { assetPaths: ["*"] }, "is not in the offline command plugin"],
    ["archivePaths", local, { archivePaths: ["*"] }, "is not in the offline command plugin"],
    [
      "connection.proxy",
      remote,
      { connection: { host: "h", proxy: {} } },
      "is not in the offline command plugin",
    ],
    ["connection.host", remote, { connection: {} }, "is missing"],
    ["connection", remote, { create: "x" }, "is missing"],
    ["creat", local, { creat: "x" }, "does not know the property creat"],
    ["create", local, { create: 1 }, "must be text"],
    ["logging", local, { logging: "all" }, "must be one of stdout, stderr, stdoutAndStderr, none"],
    ["environment", local, { environment: { A: 1 } }, "must be an object whose values are texts"],
    ["interpreter", local, { interpreter: "bash" }, "must be a list of texts"],
    ["dir", remote, { connection: { host: "h" }, dir: "/" }, "does not know the property dir"],
  ])("are refused by name: %s", (property, resource, news, reason) => {
    const { failures } = check(resource, news);
    expect(failures).toEqual([{ property, reason: expect.stringContaining(reason) as string }]);
  });
});
