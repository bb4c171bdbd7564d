import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { labPaths, projectRoot, type LabPaths } from "../../../src/lab/lab-paths.ts";
import { checkUserConfig } from "../../../src/lab/stack/stack-config.ts";
import { LabError } from "../../../src/model/lab-error.ts";
import { configRows } from "../../cli/bad-input/config-rows.ts";

let root: string;
let paths: LabPaths;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mail-lab-bad-config-"));
  paths = labPaths("t", root);
  await copyFile(join(projectRoot, "Pulumi.yaml"), join(root, "Pulumi.yaml"));
  await mkdir(dirname(paths.stackConfig), { recursive: true });
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

/** A stack's file with these values, as a person writes it. */
function fileOf(config: Readonly<Record<string, unknown>> | string): string {
  if (typeof config === "string") return config;
  const named = Object.entries(config).map(([key, value]) => [`mail-lab:${key}`, value] as const);
  return stringify({ config: Object.fromEntries(named) });
}

async function refusal(): Promise<LabError> {
  const error: unknown = await checkUserConfig(paths, "t").then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LabError) return error;
  throw new Error("the configuration was taken", { cause: error });
}

describe("a configuration is refused by code, field, value and rule in both languages, with a hint", () => {
  it.each(configRows)("for $name", async ({ config, code, exit, en, ja }) => {
    await writeFile(paths.stackConfig, fileOf(config));
    const error = await refusal();
    expect([error.code, error.exit]).toEqual([code, exit]);
    for (const words of en) expect(error.text.en).toContain(words);
    for (const words of ja) expect(error.text.ja).toContain(words);
    expect(error.hint?.en).toBeTruthy();
    expect(error.hint?.ja).toBeTruthy();
    expect(await readdir(join(root, ".lab"), { recursive: true })).toEqual([
      "stacks",
      "stacks/Pulumi.t.yaml",
    ]);
  });

  it("for what the project's committed file sets, by that file's name", async () => {
    await writeFile(join(root, "Pulumi.t.yaml"), "config: [\n");
    expect((await refusal()).text.en).toContain("Pulumi.t.yaml: line 2 is no YAML");
    await writeFile(join(root, "Pulumi.t.yaml"), "config:\n  mail-lab:subnet: 8.8.8.0/24\n");
    expect((await refusal()).text.en).toContain("8.8.8.0/24 is public");
  });

  it("for a broken file of what the machine chose, which can't be told from the user's then", async () => {
    await writeFile(join(dirname(paths.stackConfig), "Pulumi.t.chosen.json"), '{"pub');
    const { code, text, hint } = await refusal();
    expect(code).toBe("LAB_CONFIG_FILE");
    expect(text.en).toContain(".lab/stacks/Pulumi.t.chosen.json: must be the JSON");
    expect(hint?.en).toContain("rm .lab/stacks/Pulumi.t.chosen.json");
  });

  it("for none that is right", async () => {
    await writeFile(
      paths.stackConfig,
      fileOf({
        subnet: "10.77.0.0/24",
        hosts: [{ name: "host1", domain: "example1.test", address: "10.77.0.12", users: ["user1"] }],
      }),
    );
    await expect(checkUserConfig(paths, "t")).resolves.toMatchObject({ subnet: "10.77.0.0/24" });
  });
});
