import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeChosenValues } from "../../../src/lab/machine/chosen-values.ts";
import { labPaths, projectRoot, type LabPaths } from "../../../src/lab/lab-paths.ts";
import {
  readLabConfig,
  readOwnValues,
  readUnsettledConfig,
  setOwnValues,
  takeOverCommittedConfig,
} from "../../../src/lab/stack/stack-config.ts";

let root: string;
let paths: LabPaths;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mail-lab-config-"));
  paths = labPaths("t", root);
  await copyFile(join(projectRoot, "Pulumi.yaml"), join(root, "Pulumi.yaml"));
  await mkdir(dirname(paths.stackConfig), { recursive: true });
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

/** What Pulumi 3.259 wrote after `pulumi config set upstream true` and the like, plain and by `--path`. */
const writtenByPulumi = `encryptionsalt: v1:ZsYCJSbEpio=:v1:oLNZ7Shgj9aJDT9S:gg/pG8S/RmJAAJ5g0bWk450RmoOyKw==
config:
  mail-lab:upstream: "true"
  mail-lab:hosts: '[{"name":"host1","domain":"a.test","address":"192.168.1.12","users":["u1"]}]'
  mail-lab:securityOpts: '["label=disable"]'
  mail-lab:stage: "6.05"
  mail-lab:publish:
    dns: 5399
  docker:host: unix:///somewhere
`;

const ports = { ssh: 2212, smtp: 2512, pop3: 11_012, imap: 14_312 };

describe("a stack's configuration", () => {
  it("is Pulumi.yaml's defaults where the stack sets nothing", async () => {
    expect(await readLabConfig(paths)).toMatchObject({ subnet: "192.168.1.0/24", upstream: false });
  });

  it("is read as Pulumi writes it", async () => {
    await writeFile(paths.stackConfig, writtenByPulumi);
    expect(await readLabConfig(paths)).toMatchObject({
      upstream: true,
      hosts: [{ name: "host1", domain: "a.test", address: "192.168.1.12", users: ["u1"] }],
      securityOpts: ["label=disable"],
      stage: "6.05",
      publish: { dns: 5399 },
    });
  });

  it("has lists and maps as such before the engine reads it, which refuses its own text", async () => {
    await writeFile(paths.stackConfig, writtenByPulumi);
    await writeFile(join(root, "Pulumi.t.yaml"), "config:\n  mail-lab:subnet: 192.168.0.0/16\n");
    await takeOverCommittedConfig(paths, "t");
    expect(parse(await readFile(paths.stackConfig, "utf8"))).toEqual({
      encryptionsalt: expect.stringContaining("v1:") as string,
      config: {
        "mail-lab:upstream": true,
        "mail-lab:hosts": [{ name: "host1", domain: "a.test", address: "192.168.1.12", users: ["u1"] }],
        "mail-lab:securityOpts": ["label=disable"],
        "mail-lab:stage": "6.05",
        "mail-lab:publish": { dns: 5399 },
        "docker:host": "unix:///somewhere",
        "mail-lab:subnet": "192.168.0.0/16",
      },
    });
  });

  it("is refused by its own rule where the text is no JSON", async () => {
    await writeFile(paths.stackConfig, "config:\n  mail-lab:upstream: sometimes\n");
    await expect(readLabConfig(paths)).rejects.toThrow('upstream: must be true or false, not "sometimes"');
  });

  it("is read back as it was set", async () => {
    const values = { engine: "", securityOpts: [], publish: { dns: 5311, hosts: { host1: ports } } };
    await setOwnValues(paths, values);
    expect(await readOwnValues(paths)).toEqual(values);
  });

  it("lets ports of a removed host stand where the machine chose them, and refuses a person's", async () => {
    const publish = { hosts: { gone: { ssh: 1, smtp: 2, pop3: 3, imap: 4 } } };
    await setOwnValues(paths, { publish });
    await expect(readLabConfig(paths)).rejects.toThrow("hosts.gone names no host");
    await writeChosenValues(paths, { publish });
    expect((await readLabConfig(paths)).publish).toEqual(publish);
  });

  it("may lack its carrier until that is chosen", async () => {
    expect((await readUnsettledConfig(paths, { addressing: "inside" })).carrierSubnet).toBe("");
  });
});
