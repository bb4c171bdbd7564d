import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { afterEach, describe, expect, it, vi } from "vitest";

import { findInstalledSet, isWholeSet } from "../../../toolchain/pulumi/installed-pulumi.ts";
import {
  downloadCommand,
  installPlugins,
  officialSetInCache,
} from "../../../toolchain/pulumi/official-download.ts";
import { localServer } from "./support/local-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const { signal } = new AbortController();

afterEach(() => {
  vi.unstubAllEnvs();
});
const voice = { line: () => undefined, note: () => undefined };
const parts = {
  cliVersion: "3.270.0",
  plugins: [
    { name: "docker", version: "5.2.0" },
    { name: "command", version: "1.2.1" },
  ],
} as const;
const archiveName = `pulumi-v3.270.0-linux-${process.arch === "arm64" ? "arm64" : "x64"}.tar.gz`;

/** A `pulumi` that says a version, and installs a plugin as an executable file, as Pulumi's own does. */
const command = `#!/bin/sh
case $1 in
version) echo v3.270.0 ;;
plugin)
  folder=$PULUMI_HOME/plugins/resource-$4-v$5
  mkdir -p "$folder" && echo '#!/bin/sh' >"$folder/pulumi-resource-$4" && chmod +x "$folder/pulumi-resource-$4" ;;
esac
`;

function writeExecutable(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

function makeArchive(folder: string): Buffer {
  writeExecutable(path.join(folder, "pulumi", "pulumi"), command);
  writeExecutable(path.join(folder, "pulumi", "pulumi-language-nodejs"), "#!/bin/sh\n");
  execFileSync("tar", ["-czf", "archive.tar.gz", "pulumi"], { cwd: folder });
  return readFileSync(path.join(folder, "archive.tar.gz"));
}

/** Pulumi's download site with one release; `listed` is the checksum that it lists for it. */
function downloadSite(archive: Buffer, listed: string) {
  return localServer((request, response) => {
    if (request.url === "/releases/sdk/pulumi-3.270.0-checksums.txt") {
      response.end(`${"0".repeat(64)}  pulumi-v3.270.0-windows-x64.zip\n${listed}  ${archiveName}\n`);
    } else if (request.url === `/releases/sdk/${archiveName}`) response.end(archive);
    else response.writeHead(404).end();
  });
}

describe("Pulumi's own downloads", () => {
  it("are held against the site's checksum, unpacked into the cache, and completed with the plugins", async () => {
    using folder = temporaryFolder();
    const archive = makeArchive(path.join(folder.path));
    const sha256 = createHash("sha256").update(archive).digest("hex");
    await using site = await downloadSite(archive, sha256);
    const cache = path.join(folder.path, "cache");
    const options = { cache, parts, voice, signal, siteUrl: site.url };
    await downloadCommand(options);
    const set = officialSetInCache(cache, parts);
    expect(isWholeSet(set, parts)).toBe(false);
    await installPlugins(options);
    expect(isWholeSet(set, parts)).toBe(true);
    expect(readdirSync(path.dirname(set.binFolder))).toEqual(["bin"]);
  });

  it("are refused, with nothing left, when they are not what the site lists", async () => {
    using folder = temporaryFolder();
    await using site = await downloadSite(makeArchive(folder.path), "f".repeat(64));
    const cache = path.join(folder.path, "cache");
    await expect(downloadCommand({ cache, parts, voice, signal, siteUrl: site.url })).rejects.toMatchObject({
      code: "LAB_PULUMI_CHECKSUM",
    });
    expect(existsSync(cache)).toBe(false);
  });

  it("fail with the address and the status where the site has no such release", async () => {
    await using site = await localServer((_request, response) => response.writeHead(404).end());
    await expect(
      downloadCommand({ cache: "/nonexistent", parts, voice, signal, siteUrl: site.url }),
    ).rejects.toThrow(/checksums\.txt answered with status 404/);
  });
});

describe("an installed Pulumi", () => {
  function install(home: string, version: string): void {
    const plugins = path.join(home, ".pulumi", "plugins");
    writeExecutable(path.join(home, "bin", "pulumi"), `#!/bin/sh\necho ${version}\n`);
    writeExecutable(path.join(home, "bin", "pulumi-language-nodejs"), "#!/bin/sh\n");
    for (const { name, version: plugin } of parts.plugins) {
      writeExecutable(
        path.join(plugins, `resource-${name}-v${plugin}`, `pulumi-resource-${name}`),
        "#!/bin/sh\n",
      );
    }
  }

  it("is used where it is whole and new enough", async () => {
    using home = temporaryFolder();
    install(home.path, "v3.271.0");
    const bin = path.join(home.path, "bin");
    vi.stubEnv("HOME", home.path);
    vi.stubEnv("PULUMI_HOME", undefined);
    vi.stubEnv("PATH", `${bin}:${process.env["PATH"] ?? ""}`);
    expect(await findInstalledSet("/clone", parts, signal)).toEqual({
      binFolder: bin,
      pluginsFolder: path.join(home.path, ".pulumi", "plugins"),
    });
  });

  it("is left alone where it is too old, or lacks a plugin of the pinned version", async () => {
    using home = temporaryFolder();
    install(home.path, "v3.258.9");
    vi.stubEnv("HOME", home.path);
    vi.stubEnv("PULUMI_HOME", undefined);
    vi.stubEnv("PATH", `${path.join(home.path, "bin")}:${process.env["PATH"] ?? ""}`);
    expect(await findInstalledSet("/clone", parts, signal)).toBeUndefined();
    install(home.path, "v3.271.0");
    const others = { ...parts, plugins: [{ name: "docker", version: "5.3.0" }] as const };
    expect(await findInstalledSet("/clone", others, signal)).toBeUndefined();
  });

  it("is passed over where it does not even run", async () => {
    using home = temporaryFolder();
    install(home.path, "v3.271.0");
    const bin = path.join(home.path, "bin");
    writeExecutable(path.join(bin, "pulumi"), "#!/bin/sh\necho 'no such library' >&2\nexit 127\n");
    vi.stubEnv("HOME", home.path);
    vi.stubEnv("PULUMI_HOME", undefined);
    vi.stubEnv("PATH", `${bin}:${process.env["PATH"] ?? ""}`);
    expect(await findInstalledSet("/clone", parts, signal)).toBeUndefined();
  });
});
