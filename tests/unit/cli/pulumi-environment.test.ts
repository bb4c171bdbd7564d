import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LabContext } from "../../../src/lab/lab-context.ts";
import { labPaths } from "../../../src/lab/lab-paths.ts";
import { pulumiEnvironment } from "../../../src/lab/stack/pulumi-environment.ts";
import { temporaryFolder } from "../toolchain/support/temporary-folder.ts";

/** As much of a context as the environment is made of. */
function contextIn(root: string): LabContext {
  const paths = labPaths("dev", root);
  mkdirSync(paths.folder);
  return { stack: "dev", paths, toolchain: { environment: { PATH: "/bin" } } } as unknown as LabContext;
}

describe("the environment of a plain pulumi", () => {
  beforeEach(() => {
    for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"]) {
      vi.stubEnv(name, undefined);
    }
    return () => {
      vi.unstubAllEnvs();
    };
  });

  it("has one passphrase for the clone, also where many first commands start at once", async () => {
    using clone = temporaryFolder();
    // With a backend to make, one of them would be ahead of the others.
    vi.stubEnv("PULUMI_BACKEND_URL", "file:///somewhere");
    const context = contextIn(clone.path);
    const { passphrase, folder } = context.paths;
    const all = await Promise.all(Array.from({ length: 20 }, () => pulumiEnvironment(context)));
    expect(new Set(all.map((environment) => environment["PULUMI_CONFIG_PASSPHRASE_FILE"]))).toEqual(
      new Set([passphrase]),
    );
    expect(readFileSync(passphrase, "utf8")).toMatch(/^[\w-]{32}$/);
    expect(statSync(passphrase).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["passphrase"]);
  });

  it("keeps state and passphrase in the clone, and the passphrase that is there", async () => {
    using clone = temporaryFolder();
    const context = contextIn(clone.path);
    const { passphrase, state } = context.paths;
    const first = await pulumiEnvironment(context);
    expect(first).toMatchObject({
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    });
    const words = readFileSync(passphrase, "utf8");
    expect(await pulumiEnvironment(context)).toEqual(first);
    expect(readFileSync(passphrase, "utf8")).toBe(words);
  });

  it("leaves the user's own backend and passphrase alone", async () => {
    using clone = temporaryFolder();
    vi.stubEnv("PULUMI_BACKEND_URL", "file:///somewhere");
    vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", "");
    const context = contextIn(clone.path);
    expect(await pulumiEnvironment(context)).toEqual({
      PATH: "/bin",
      PULUMI_STACK: "dev",
      PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    });
    expect(readdirSync(context.paths.folder)).toEqual([]);
  });
});
