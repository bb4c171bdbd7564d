import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listDependencies } from "../../../../toolchain/offline/language/npm.ts";
import { findRequiredPackages } from "../../../../toolchain/offline/language/required-packages.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offline-packages-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function writeManifest(path: string, manifest: object): Promise<void> {
  await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, path, "package.json"), JSON.stringify(manifest));
}

describe("findRequiredPackages", () => {
  it("names the plugins behind the installed packages, the nearest first", async () => {
    await writeManifest("node_modules/@pulumi/docker", {
      name: "@pulumi/docker",
      pulumi: { resource: true, name: "docker", version: "5.2.0" },
    });
    await writeManifest("node_modules/pulumi-thing", {
      name: "pulumi-thing",
      pulumi: { resource: true, version: "v1.0.0", server: "file:///x" },
    });
    await writeManifest("infra/node_modules/@pulumi/docker", {
      name: "@pulumi/docker",
      pulumi: { resource: true, name: "docker", version: "5.3.0" },
    });
    const found = findRequiredPackages(join(folder, "infra"));
    expect(found.toSorted((one, other) => one.name.localeCompare(other.name))).toEqual([
      { name: "docker", version: "v5.3.0", server: "" },
      { name: "pulumi-thing", version: "v1.0.0", server: "file:///x" },
    ]);
  });

  it("passes over packages without a plugin, broken ones and files", async () => {
    await writeManifest("node_modules/@pulumi/pulumi", {
      name: "@pulumi/pulumi",
      pulumi: { resource: false },
    });
    await writeManifest("node_modules/plain", { name: "plain" });
    await mkdir(join(folder, "node_modules/empty"));
    await mkdir(join(folder, "node_modules/broken"));
    await writeFile(join(folder, "node_modules/broken/package.json"), '{"pulumi"');
    await writeFile(join(folder, "node_modules/@file"), "");
    expect(findRequiredPackages(folder)).toEqual([]);
  });
});

describe("listDependencies", () => {
  it("names what package.json names, with the installed version where there is one", async () => {
    await writeManifest(".", { dependencies: { "@pulumi/docker": "^5.0.0", absent: "^1.0.0" } });
    await writeManifest("node_modules/@pulumi/docker", { version: "5.2.0" });
    await mkdir(join(folder, "infra"));
    expect(listDependencies(join(folder, "infra"))).toEqual([
      { name: "@pulumi/docker", version: "5.2.0" },
      { name: "absent", version: "^1.0.0" },
    ]);
  });
});
