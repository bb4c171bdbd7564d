import { randomBytes } from "node:crypto";
import { utils } from "ssh2";
import { describe, expect, it } from "vitest";
import { deriveLabSecrets, ownerOfSeed, savedSeedOf } from "../../../src/model/lab-secrets.ts";
import { planTopology } from "../../../src/model/topology.ts";
import { configWith } from "../../support/default-config.ts";

const topology = planTopology(configWith());
const seed = randomBytes(32).toString("base64");

describe("a lab's secrets", () => {
  it("follow from the seed alone", () => {
    expect(deriveLabSecrets(seed, topology)).toEqual(deriveLabSecrets(seed, topology));
    const other = deriveLabSecrets(randomBytes(32).toString("base64"), topology);
    expect(other.owner).not.toBe(deriveLabSecrets(seed, topology).owner);
  });

  it("are the saved lab's in one that was restored, but for the owner, who is another", () => {
    const own = randomBytes(32).toString("base64");
    const restored = deriveLabSecrets(`${seed}\n${own}\n`, topology);
    const saved = deriveLabSecrets(seed, topology);
    expect({ ...restored, owner: "" }).toEqual({ ...saved, owner: "" });
    expect(restored.owner).toBe(ownerOfSeed(own));
    expect(restored.owner).not.toBe(saved.owner);
    expect(savedSeedOf(`${seed}\n${own}\n`)).toBe(seed);
  });

  it("are all different from each other", () => {
    const { passwords, labKey, hostKeys } = deriveLabSecrets(seed, topology);
    expect(new Set(Object.values(passwords)).size).toBe(3);
    const keys = [labKey, ...Object.values(hostKeys)].map(({ publicKey }) => publicKey);
    expect(new Set(keys).size).toBe(3);
  });

  it("have one password for an account that two hosts have", () => {
    const hosts = topology.hosts.map((host) => ({ ...host, users: ["taro"] }));
    const { passwords } = deriveLabSecrets(seed, { ...topology, hosts });
    expect(Object.keys(passwords)).toEqual(["ubuntu", "taro"]);
  });

  it("has passwords of three groups of four easy characters", () => {
    const { passwords } = deriveLabSecrets(seed, topology);
    for (const password of Object.values(passwords))
      expect(password).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}$/);
  });

  it("has a password for the desk that VNC takes whole: eight characters, and nobody's account's", () => {
    const { deskPassword } = deriveLabSecrets(seed, topology);
    expect(deskPassword).toMatch(/^[a-hjkmnp-z2-9]{8}$/);
    const taken = deriveLabSecrets(seed, {
      ...topology,
      hosts: topology.hosts.map((host) => ({ ...host, users: ["desk"] })),
    });
    expect(taken.passwords["desk"]?.replaceAll("-", "")).not.toContain(deskPassword);
  });

  it("has keys that an ssh client reads and that belong together", () => {
    const { labKey } = deriveLabSecrets(seed, topology);
    const parsed = utils.parseKey(labKey.privateKey);
    if (parsed instanceof Error) throw parsed;
    expect(parsed.type).toBe("ssh-ed25519");
    expect(parsed.getPublicSSH().toString("base64")).toBe(labKey.publicKey.split(" ")[1]);
    expect(parsed.verify("words", parsed.sign("words"))).toBe(true);
  });

  it("refuses a seed of another length", () => {
    expect(() => deriveLabSecrets("c2hvcnQ=", topology)).toThrow("5 bytes instead of 32");
  });
});
