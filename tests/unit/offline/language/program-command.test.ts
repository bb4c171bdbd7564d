import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  programCommand,
  type ProgramRun,
  readRuntimeOptions,
} from "../../../../toolchain/offline/language/program-command.ts";
import { programEnd } from "../../../../toolchain/offline/language/run-program.ts";

const run: ProgramRun = {
  engine: "127.0.0.1:1",
  monitor: "127.0.0.1:2",
  organization: "organization",
  project: "lab",
  stack: "dev",
  rootFolder: "/lab",
  programFolder: "/lab/infra",
  entryPoint: ".",
  isDryRun: true,
  parallel: 8,
  programArguments: ["--", "x"],
  config: { "lab:stage": "6.05", "lab:hosts": '[{"a":"b:c"}]', plain: "1" },
  configSecretKeys: ["lab:password"],
  options: { typescript: false, tsconfig: undefined, nodeArguments: [] },
};

/** The words after the preload that every program gets which Node runs by itself. */
function wordsOf(asked: ProgramRun, runner?: string): readonly string[] {
  const [flag, preload, ...words] = programCommand(asked, {}, runner).arguments;
  expect([flag, basename(preload ?? "")]).toEqual(["--require", "plain-stacks.cjs"]);
  return words;
}

describe("the command that runs a program", () => {
  it("is Node with the SDK's runner, and what the engine said of the run", () => {
    expect(programCommand(run, {}, "/sdk/run").file).toBe(process.execPath);
    expect(wordsOf(run, "/sdk/run").join(" ")).toBe(
      "/sdk/run --monitor 127.0.0.1:2 --engine 127.0.0.1:1 --organization organization --project lab " +
        "--root-directory /lab --stack dev --pwd /lab/infra --parallel 8 --dry-run . -- x",
    );
  });

  it("leaves out what the engine didn't say", () => {
    const update = { ...run, isDryRun: false, parallel: 0, organization: "", rootFolder: "", entryPoint: "" };
    expect(wordsOf(update, "/sdk/run").join(" ")).toBe(
      "/sdk/run --monitor 127.0.0.1:2 --engine 127.0.0.1:1 --project lab --stack dev --pwd /lab/infra . -- x",
    );
  });

  it("puts Node's own arguments before the runner", () => {
    const withOptions = { ...run, options: readRuntimeOptions({ nodeargs: " --inspect  --trace-warnings" }) };
    expect(programCommand(withOptions, {}, "/sdk/run").arguments.slice(0, 3)).toEqual([
      "--inspect",
      "--trace-warnings",
      "/sdk/run",
    ]);
  });

  it("finds the runner in the program's own packages", () => {
    const here = { ...run, programFolder: import.meta.dirname };
    expect(wordsOf(here)[0]).toMatch(/@pulumi\/pulumi\/cmd\/run\/index\.js$/);
    expect(() => programCommand({ ...run, programFolder: "/" }, {})).toThrow(
      "@pulumi/pulumi is not installed for the program in /",
    );
  });

  it("looks at a program's stacks without source maps, and still names its own lines", () => {
    const { file, arguments: words } = programCommand(run, {}, "/sdk/run");
    const folder = mkdtempSync(join(tmpdir(), "mail-lab-stacks-"));
    try {
      symlinkSync(join(import.meta.dirname, "../../../../node_modules"), join(folder, "node_modules"));
      const script = join(folder, "program.cjs");
      writeFileSync(
        script,
        `require("source-map-support/register");
console.log(String(Error.prepareStackTrace), new Error("x").stack.split("\\n")[1]);`,
      );
      const plain = words.slice(0, words.indexOf("/sdk/run"));
      const withPreload = execFileSync(file, [...plain, script], { encoding: "utf8" });
      const without = execFileSync(file, [script], { encoding: "utf8" });
      expect(withPreload).not.toMatch(/wrapCallSite/);
      expect(withPreload).toContain("program.cjs:2");
      expect(without).toMatch(/wrapCallSite/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("hands over the configuration as the SDK reads it", () => {
    const { environment } = programCommand(run, {}, "/sdk/run");
    expect(JSON.parse(environment["PULUMI_CONFIG"] ?? "")).toEqual({
      "lab:config:stage": "6.05",
      "lab:config:hosts": '[{"a":"b:c"}]',
      plain: "1",
    });
    expect(environment["PULUMI_CONFIG_SECRET_KEYS"]).toBe('["lab:password"]');
  });

  it("asks for ts-node only where the project wants it", () => {
    expect(programCommand(run, {}, "/sdk/run").environment).not.toHaveProperty("PULUMI_NODEJS_TYPESCRIPT");
    const withTsNode = { ...run, options: readRuntimeOptions({ tsconfig: "my.json" }) };
    expect(programCommand(withTsNode, {}, "/sdk/run").environment).toMatchObject({
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_TSCONFIG_PATH: "my.json",
    });
  });

  it("keeps compiled code in the user's cache folder, or where the user says", () => {
    const cached = (environment: NodeJS.ProcessEnv) =>
      programCommand(run, environment, "/sdk/run").environment["NODE_COMPILE_CACHE"];
    expect(cached({ XDG_CACHE_HOME: "/cache" })).toBe("/cache/mail-lab/compile-cache");
    expect(cached({ NODE_COMPILE_CACHE: "/mine" })).toBe("/mine");
  });
});

describe("the runtime's options", () => {
  it("are those that the host honours", () => {
    expect(readRuntimeOptions({ typescript: false, packagemanager: "npm" })).toEqual({
      typescript: false,
      tsconfig: undefined,
      nodeArguments: [],
    });
    expect(readRuntimeOptions({}).typescript).toBe(true);
  });

  it("are refused by name where it has no code for them", () => {
    expect(() => readRuntimeOptions({ version: "20" })).toThrow(
      "the runtime option version is not in the offline",
    );
    expect(() => readRuntimeOptions({ packagemanager: "pnpm" })).toThrow("package manager npm only");
  });
});

describe("a program's end", () => {
  it.each([
    [0, null, { bail: false, error: "" }],
    [32, null, { bail: true, error: "" }],
    [3, null, { bail: false, error: "Program exited with non-zero exit code: 3" }],
    [null, "SIGKILL", { bail: false, error: "Program was ended by SIGKILL (9)" }],
  ] as const)("by code %s and signal %s reaches the engine", (code, signal, end) => {
    expect(programEnd(code, signal)).toEqual(end);
  });
});
