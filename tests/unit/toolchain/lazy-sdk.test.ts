import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");
const preload = join(root, "toolchain", "lazy-sdk.cjs");

/** Runs a line of JavaScript in a process of its own, as a module of this project, and returns what it prints. */
function run(line: string, ...options: readonly string[]): string {
  return execFileSync(process.execPath, [...options, "--eval", line, join(root, "package.json")], {
    cwd: root,
    encoding: "utf8",
  });
}

const loaded = `
  require("@pulumi/pulumi");
  require("@pulumi/pulumi/cmd/run/tracing.js");
  const names = ["typescript/lib", "@npmcli/arborist/lib", "@opentelemetry/sdk-trace/"];
  const files = Object.values(require.cache).map(({ filename }) => filename);
  console.log(names.filter((name) => files.some((file) => file.includes("/node_modules/" + name))).join(" "));`;

describe("the SDK's start", () => {
  it("leaves out what a lab does not use", () => {
    expect(run(loaded).trim()).toBe("typescript/lib @npmcli/arborist/lib @opentelemetry/sdk-trace/");
    expect(run(loaded, "--require", preload).trim()).toBe("");
  });

  it("brings what is used after all, when it is used", () => {
    const use = `
      const { runtime } = require("@pulumi/pulumi");
      const tracing = require("@pulumi/pulumi/cmd/run/tracing.js");
      tracing.start("http://127.0.0.1:9/spans");
      tracing.stop();
      process.chdir("/");
      Promise.allSettled([runtime.serializeFunction(() => 42), runtime.computeCodePaths({})]).then(
        ([{ value }, { reason }]) => {
          console.log(value.text.includes("42"), reason.message.includes("package.json"));
        },
      );`;
    expect(run(use, "--require", preload).trim()).toBe("true true");
  });
});
