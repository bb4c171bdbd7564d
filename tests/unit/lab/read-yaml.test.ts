import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readYamlFields } from "../../../src/lab/stack/read-yaml.ts";
import { temporaryFolder } from "../toolchain/support/temporary-folder.ts";

describe("a YAML file that is read again", () => {
  it("has what it holds by now", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "Pulumi.yaml");
    for (const name of ["one", "two", "two"]) {
      writeFileSync(file, `name: ${name}\n`);
      expect(await readYamlFields(file, folder.path)).toEqual({ name });
    }
  });

  it("is held to the rule that it is read by, whatever rule it was read by before", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "Pulumi.yaml");
    writeFileSync(file, "config: none\n");
    expect(await readYamlFields(file, folder.path)).toEqual({ config: "none" });
    await expect(readYamlFields(file, folder.path, "config")).rejects.toThrow(
      expect.objectContaining({ code: "LAB_CONFIG_FILE" }),
    );
  });
});
