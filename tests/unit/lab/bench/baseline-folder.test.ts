import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scriptOfStep } from "../../../../src/course/script.ts";
import { stepsOfStage } from "../../../../src/course/stage.ts";
import { writeBaselineFolder } from "../../../../src/lab/bench/baseline-folder.ts";
import { planTopology } from "../../../../src/model/topology.ts";
import { configWith } from "../../../support/default-config.ts";

describe("what the plain script works with", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mail-lab-baseline-test-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** A variable of a settings file, as a shell reads it. */
  const setting = (file: string, name: string): string =>
    execFileSync("sh", ["-c", `. "$1"; eval "printf %s \\"\\$${name}\\""`, "sh", join(folder, file)], {
      encoding: "utf8",
    });

  it("is the same steps as the lab's, and a line of input for each that they read", async () => {
    const config = configWith();
    await writeBaselineFolder(folder, "bench-1-baseline", config);
    const topology = planTopology(config);
    for (const host of topology.hosts) {
      const steps = stepsOfStage(config.stage).flatMap(
        (step) => scriptOfStep(step, { host, topology }) ?? [],
      );
      const script = await readFile(join(folder, host.name, "steps.sh"), "utf8");
      expect(script).toBe(steps.map((step) => step.script).join("\n"));
      const lines = (await readFile(join(folder, host.name, "steps.in"), "utf8")).trimEnd().split("\n");
      expect(lines).toHaveLength(steps.reduce((sum, { passwordsOf }) => sum + 1 + passwordsOf.length, 0));
      expect(lines.every((line) => /^[a-z2-9-]{14}$/.test(line))).toBe(true);
    }
  });

  it("is the same addresses and ports, and the same files", async () => {
    const ports = { ssh: 30001, smtp: 30002, pop3: 30003, imap: 30004 };
    const publish = {
      dns: 30000,
      hosts: { host1: ports, host2: { ssh: 30005, smtp: 30006, pop3: 30007, imap: 30008 } },
    };
    await writeBaselineFolder(folder, "bench-1-baseline", configWith({ publish }));
    expect(setting("settings", "network_subnet")).toBe("192.168.1.0/24");
    expect(setting("settings", "network_gateway")).toBe("192.168.1.1");
    expect(setting("settings", "correspondents")).toBe("host1 user1@example1.test host2 user2@example2.test");
    expect(setting("host2/settings", "address")).toBe("192.168.1.13");
    expect(setting("host1/settings", "publish")).toBe(
      "127.0.0.1:30001:22 127.0.0.1:30002:25 127.0.0.1:30003:110 127.0.0.1:30004:143",
    );
    expect(setting("host1/settings", "held_services")).toBe("dovecot.service postfix.service");
    expect(setting("dns/settings", "publish")).toBe("127.0.0.1:30000:53/tcp 127.0.0.1:30000:53/udp");
    expect(await readdir(join(folder, "dns/files/etc/bind/lab"))).toContain("db.example1.test");
  });

  it("has the lab's carrier where the containers hold the addresses", async () => {
    const config = configWith({ addressing: "inside", carrierSubnet: "10.213.7.0/24" });
    await writeBaselineFolder(folder, "bench-1-baseline", config);
    expect(setting("settings", "network_subnet")).toBe("10.213.7.0/24");
    expect(setting("settings", "network_gateway")).toBe("10.213.7.1");
    expect(setting("settings", "subnet")).toBe("192.168.1.0/24");
  });
});
