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

describe("the command that runs a program", () => {
  it("is Node with the SDK's runner, and what the engine said of the run", () => {
    const { file, arguments: words } = programCommand(run, {}, "/sdk/run");
    expect(file).toBe(process.execPath);
    expect(words.join(" ")).toBe(
      "/sdk/run --monitor 127.0.0.1:2 --engine 127.0.0.1:1 --organization organization --project lab " +
        "--root-directory /lab --stack dev --pwd /lab/infra --parallel 8 --dry-run . -- x",
    );
  });

  it("leaves out what the engine didn't say", () => {
    const update = { ...run, isDryRun: false, parallel: 0, organization: "", rootFolder: "", entryPoint: "" };
    expect(programCommand(update, {}, "/sdk/run").arguments.join(" ")).toBe(
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
    expect(programCommand(here, {}).arguments[0]).toMatch(/@pulumi\/pulumi\/cmd\/run\/index\.js$/);
    expect(() => programCommand({ ...run, programFolder: "/" }, {})).toThrow(
      "@pulumi/pulumi is not installed for the program in /",
    );
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
