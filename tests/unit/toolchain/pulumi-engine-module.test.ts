import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { requiredGo } from "../../../toolchain/pulumi/go-toolchain.ts";
import { moduleEngineVersion, readPulumiParts } from "../../../toolchain/pulumi/pulumi-parts.ts";

const repository = path.resolve(import.meta.dirname, "../../..");
const folder = path.join(repository, "toolchain", "pulumi-engine");
const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");

describe("the module that the Pulumi engine is built from", () => {
  it("requires the engine and its SDK at the version that the toolchain names", () => {
    for (const name of ["pkg", "sdk"]) {
      expect(read("go.mod")).toContain(`github.com/pulumi/pulumi/${name}/v3 v${moduleEngineVersion}`);
      expect(read("go.sum")).toContain(`github.com/pulumi/pulumi/${name}/v3 v${moduleEngineVersion} h1:`);
    }
    expect(read("tools.go")).toContain('import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"');
  });

  it("replaces the clipboard module as Pulumi's own module file does, with a sum for it", () => {
    const replacement = "github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e";
    expect(read("go.mod")).toContain(`replace github.com/atotto/clipboard => ${replacement}`);
    expect(read("go.sum")).toContain(`${replacement} h1:`);
  });

  it("says which Go it needs", async () => {
    const [major, minor] = await requiredGo(folder);
    expect([major, minor]).toEqual([1, 25]);
  });
});

describe("the pinned versions", () => {
  it("are exact, for Pulumi's command and for each plugin", () => {
    const { cliVersion, plugins } = readPulumiParts(repository);
    expect(plugins.map(({ name }) => name)).toEqual(["docker", "command"]);
    for (const version of [cliVersion, ...plugins.map((plugin) => plugin.version)]) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});
