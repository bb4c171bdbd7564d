import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readlink, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installOfflinePlugins } from "../../../toolchain/offline/install.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offline-install-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function install(pluginVersions = {}) {
  return installOfflinePlugins({ pulumiHome: join(folder, "home"), pluginVersions });
}

const launchers = join(import.meta.dirname, "../../../toolchain/offline/bin");

describe("installOfflinePlugins", () => {
  it("links the stand-ins to where the engine looks, under the versions of the npm packages", async () => {
    const installed = await install();
    expect(installed.map(({ path, outcome }) => [path.slice(folder.length), outcome])).toEqual([
      ["/home/plugins/language-nodejs-v3.270.0/pulumi-language-nodejs", "linked"],
      ["/home/plugins/resource-docker-v5.2.0/pulumi-resource-docker", "linked"],
      ["/home/plugins/resource-command-v1.2.1/pulumi-resource-command", "linked"],
    ]);
    for (const { path } of installed) {
      expect(dirname(await realpath(path))).toBe(await realpath(launchers));
    }
  });

  it("takes other versions when told to", async () => {
    const [, docker] = await install({ docker: "9.9.9" });
    expect(docker?.path).toContain("resource-docker-v9.9.9");
  });

  it("changes nothing the second time", async () => {
    await install();
    expect((await install()).map(({ outcome }) => outcome)).toEqual(["unchanged", "unchanged", "unchanged"]);
  });

  it("turns a link that leads elsewhere, as after this folder moved", async () => {
    const path = join(folder, "home/plugins/language-nodejs-v3.270.0/pulumi-language-nodejs");
    await mkdir(dirname(path), { recursive: true });
    await symlink("/somewhere/else", path);
    const [host] = await install();
    expect(host?.outcome).toBe("linked");
    expect(await readlink(path)).toBe(join(launchers, "pulumi-language-nodejs"));
  });

  it("leaves an official plugin where it is", async () => {
    const plugin = join(folder, "home/plugins/resource-docker-v5.2.0/pulumi-resource-docker");
    await mkdir(dirname(plugin), { recursive: true });
    await writeFile(plugin, "official");
    const [, docker] = await install();
    expect(docker).toEqual({ path: plugin, outcome: "kept" });
    expect(await readFile(plugin, "utf8")).toBe("official");
  });
});

describe("an installed stand-in", () => {
  async function start(name: string) {
    const installed = await install();
    const path = installed.find((plugin) => plugin.path.endsWith(name))?.path ?? "";
    const plugin = spawn(path, ["--tracing", "x", "127.0.0.1:1"], {
      env: { ...process.env, MAIL_LAB_NODE: process.execPath },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [line] = (await once(plugin.stdout, "data")) as [Buffer];
    return { plugin, line: line.toString() };
  }

  it.each(["pulumi-language-nodejs", "pulumi-resource-command"])(
    "says its port first, and ends with the engine: %s",
    async (name) => {
      const { plugin, line } = await start(name);
      expect(line).toMatch(/^\d+\n$/);
      plugin.stdin.end();
      expect(await once(plugin, "exit")).toEqual([0, null]);
    },
  );

  it("ends at once when the engine asks for it", async () => {
    const { plugin } = await start("pulumi-resource-command");
    plugin.kill("SIGINT");
    expect(await once(plugin, "exit")).toEqual([0, null]);
  });

  it("says what it is when it isn't the engine that starts it", async () => {
    const plugin = spawn(join(launchers, "pulumi-resource-command"), ["--help"], {
      env: { ...process.env, MAIL_LAB_NODE: process.execPath },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const [message] = (await once(plugin.stderr, "data")) as [Buffer];
    expect(message.toString()).toContain("the engine starts it");
  });
});
