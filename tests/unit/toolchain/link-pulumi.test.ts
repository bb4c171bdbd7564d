import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import {
  areLogsClosed,
  clonePulumi,
  linkOffline,
  linkOfficial,
} from "../../../toolchain/pulumi/link-pulumi.ts";
import { readPulumiParts } from "../../../toolchain/pulumi/pulumi-parts.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const repository = path.resolve(import.meta.dirname, "../../..");

function officialSet(folder: string) {
  const set = {
    binFolder: path.join(folder, "official", "bin"),
    pluginsFolder: path.join(folder, "plugins"),
  };
  const plugin = path.join(set.pluginsFolder, "resource-docker-v5.2.0", "pulumi-resource-docker");
  for (const file of [
    path.join(set.binFolder, "pulumi"),
    path.join(set.binFolder, "pulumi-language-nodejs"),
    plugin,
  ]) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, "official");
    chmodSync(file, 0o755);
  }
  return { set, plugin };
}

describe("a clone's Pulumi", () => {
  it("changes from Pulumi's own parts to the stand-ins without touching Pulumi's own", async () => {
    using folder = temporaryFolder();
    const { set, plugin } = officialSet(folder.path);
    const engine = path.join(folder.path, "engine");
    writeFileSync(engine, "engine");
    const clone = clonePulumi(folder.path);
    await linkOfficial(clone, set);
    expect(realpathSync(path.join(clone.pulumiHome, "plugins"))).toBe(set.pluginsFolder);
    await linkOffline(clone, engine);
    expect(realpathSync(path.join(clone.binFolder, "pulumi"))).toBe(engine);
    for (const file of [plugin, path.join(set.binFolder, "pulumi-language-nodejs")]) {
      expect(readFileSync(file, "utf8")).toBe("official");
      expect(lstatSync(file).isFile()).toBe(true);
    }
    const { cliVersion, plugins } = readPulumiParts(repository);
    for (const standIn of [
      path.join(`resource-docker-v${plugins[0]?.version ?? ""}`, "pulumi-resource-docker"),
      path.join(`language-nodejs-v${cliVersion}`, "pulumi-language-nodejs"),
    ]) {
      const file = realpathSync(path.join(clone.pulumiHome, "plugins", standIn));
      expect(file).toContain(path.join("toolchain", "offline"));
    }
  });

  it("has no stand-in for the language host on its PATH, where the engine would warn of it", async () => {
    using folder = temporaryFolder();
    const engine = path.join(folder.path, "engine");
    writeFileSync(engine, "engine");
    const clone = clonePulumi(folder.path);
    mkdirSync(clone.binFolder, { recursive: true });
    symlinkSync("/before/pulumi-language-nodejs", path.join(clone.binFolder, "pulumi-language-nodejs"));
    await linkOffline(clone, engine);
    expect(readdirSync(clone.binFolder)).toEqual(["pulumi"]);
  });

  it("leaves Pulumi no place to log its commands, where it had one too", async () => {
    using folder = temporaryFolder();
    const { set } = officialSet(folder.path);
    const engine = path.join(folder.path, "engine");
    writeFileSync(engine, "engine");
    const clone = clonePulumi(folder.path);
    const logs = path.join(clone.pulumiHome, "logs");
    for (const link of [() => linkOffline(clone, engine), () => linkOfficial(clone, set)]) {
      mkdirSync(logs, { recursive: true });
      writeFileSync(path.join(logs, "pulumi-up.log"), "former");
      expect(areLogsClosed(clone.pulumiHome)).toBe(false);
      await link();
      expect(lstatSync(logs).isFile()).toBe(true);
      expect(areLogsClosed(clone.pulumiHome)).toBe(true);
      rmSync(logs);
    }
  });

  it("changes back from the stand-ins to Pulumi's own parts", async () => {
    using folder = temporaryFolder();
    const { set } = officialSet(folder.path);
    const engine = path.join(folder.path, "engine");
    writeFileSync(engine, "engine");
    const clone = clonePulumi(folder.path);
    await linkOffline(clone, engine);
    await linkOfficial(clone, set);
    expect(realpathSync(path.join(clone.binFolder, "pulumi"))).toBe(path.join(set.binFolder, "pulumi"));
    expect(realpathSync(path.join(clone.binFolder, "pulumi-language-nodejs"))).toBe(
      path.join(set.binFolder, "pulumi-language-nodejs"),
    );
    expect(realpathSync(path.join(clone.pulumiHome, "plugins"))).toBe(set.pluginsFolder);
  });
});
