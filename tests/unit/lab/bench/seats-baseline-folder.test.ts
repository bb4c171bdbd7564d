import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeSeatsBaselineFolder } from "../../../../src/lab/bench/seats-baseline-folder.ts";
import { configWith } from "../../../support/default-config.ts";

describe("what the plain script of a class works with", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mail-lab-seats-baseline-test-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** A variable of a settings file, as a shell reads it. */
  const setting = (file: string, name: string): string =>
    execFileSync("sh", ["-c", `. "$1"; eval "printf %s \\"\\$${name}\\""`, "sh", join(folder, file)], {
      encoding: "utf8",
    });

  const seats = ["01", "02"].map((id, index) => ({
    id,
    config: configWith({ addressing: "inside", carrierSubnet: `10.213.${index}.0/24`, start: "exercise" }),
  }));

  it("is each seat's own lab under a name of its own, and one label for all", async () => {
    await writeSeatsBaselineFolder(folder, "bench-1-baseline", seats, { start: "exercise", cores: 2 });
    expect(setting("seats/02/settings", "name")).toBe("bench-1-baseline-02");
    expect(setting("seats/02/settings", "network_subnet")).toBe("10.213.1.0/24");
    expect(setting("settings", "label")).toBe("mail-lab.baseline=bench-1-baseline");
  });

  it("awaits sshd everywhere, and Postfix where the image has it", async () => {
    await writeSeatsBaselineFolder(folder, "bench-1-baseline", seats, { start: "exercise", cores: 2 });
    expect(setting("settings", "awaited")).toBe("ssh:22:SSH-");
    await writeSeatsBaselineFolder(folder, "bench-1-baseline", seats, { start: "finished", cores: 2 });
    expect(setting("settings", "awaited")).toBe("ssh:22:SSH- smtp:25:220");
  });
});
