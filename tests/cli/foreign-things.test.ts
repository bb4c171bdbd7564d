import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  docker,
  expectNothingOf,
  ownerOf,
  refusedUp,
  runForeign,
  traceOf,
} from "../support/foreign-objects.ts";
import { runLab } from "../support/lab-command.ts";

const suffix = randomBytes(3).toString("hex");
const stack = `things-${suffix}`;
/** Of a stack that is never built. */
const unbuilt = `unbuilt-${suffix}`;
const buildTimeoutMs = 300_000;
const otherOwner = randomBytes(6).toString("hex");
/** Something with our stack's labels and another owner's name. */
const lookAlike = `look-alike-${suffix}`;
const lookAlikeNetwork = `look-alike-net-${suffix}`;
const subnet = `10.77.${randomBytes(1).readUInt8()}.0/24`;

const labelsOf = (name: string, owner: string): readonly string[] => [
  `mail-lab.stack=${name}`,
  "mail-lab.node=host1",
  `mail-lab.owner=${owner}`,
];

async function good(words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await runLab([...words, "--stack", stack]);
  expect(exitCode, `${words.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return { stdout, stderr };
}

describe("things on the engine that are not this lab's", () => {
  let image: string;
  let before: string;

  const trace = async () => {
    const container = await traceOf("container", [lookAlike]);
    return `${container}\n${await traceOf("network", [lookAlikeNetwork])}`;
  };
  const named = [
    `container ${lookAlike} (owner ${otherOwner})`,
    `network ${lookAlikeNetwork} (owner ${otherOwner})`,
  ];

  beforeAll(async () => {
    const up = await good(["up"]);
    expect(up.stderr).not.toContain("Left alone");
    image = await docker("inspect", "--format", "{{.Image}}", `${stack}-dns`);
    await runForeign(image, lookAlike, labelsOf(stack, otherOwner));
    const labels = labelsOf(stack, otherOwner).flatMap((label) => ["--label", label]);
    await docker("network", "create", "--subnet", subnet, ...labels, lookAlikeNetwork);
    before = await trace();
  }, buildTimeoutMs);

  afterAll(async () => {
    await docker("rm", "--force", lookAlike, `${stack}-host2`);
    await docker("network", "rm", lookAlikeNetwork);
    await good(["down", "--forget"]);
    await expectNothingOf(stack);
  });

  it.each([["up"], ["stop"], ["start"]])(
    "are not touched by %s, though they carry its labels",
    async (command) => {
      const { stderr } = await good([command]);
      if (command === "up") for (const name of named) expect(stderr).toContain(name);
      expect(await trace()).toBe(before);
    },
  );

  it("are named by the doctor, which removes none", async () => {
    const { stdout } = await runLab(["doctor", "--orphans"]);
    expect(stdout).toContain(`${stack} (owner ${otherOwner}), running containers: 1`);
    expect(stdout).toContain(`container ${lookAlike}`);
    expect(stdout).not.toContain(await ownerOf(`${stack}-host1`));
    expect(await trace()).toBe(before);
  });

  it("keep their name where a host of the lab is gone and one of them has taken it", async () => {
    const host = `${stack}-host2`;
    await docker("rm", "--force", host);
    await runForeign(image, host);
    const foreign = await traceOf("container", [host]);
    const refused = await runLab(["up", "--stack", stack]);
    expect(refused.exitCode).toBe(5);
    expect(refused.stderr).toContain(`${host}: not made by mail-lab`);
    await good(["stop"]);
    expect((await runLab(["start", "--stack", stack])).stderr).toContain("LAB_NOT_WHOLE");
    const down = await good(["down"]);
    for (const name of named) expect(down.stderr).toContain(name);
    expect(await traceOf("container", [host])).toBe(foreign);
    expect(await trace()).toBe(before);
    await expect(docker("inspect", `${stack}-host1`)).rejects.toThrow();
  });

  it("are named and refused where a network has the lab's name", async () => {
    const network = `${unbuilt}-lan`;
    await docker("network", "create", "--subnet", subnet.replace("10.77.", "10.78."), network);
    try {
      const foreign = await traceOf("network", [network]);
      for (const [language, sentence, origin] of [
        ["en", "A network of this name exists and is not this lab's", "not made by mail-lab"],
        ["ja", "このラボのものではないネットワークがあります", "mail-labが作ったものではありません"],
      ] as const) {
        const stderr = await refusedUp(unbuilt, {}, ["--lang", language]);
        expect(stderr).toContain("LAB_FOREIGN_NETWORK");
        expect(stderr).toContain(sentence);
        expect(stderr).toContain(`${network}: ${origin}`);
      }
      expect(await traceOf("network", [network])).toBe(foreign);
      await expectNothingOf(unbuilt);
    } finally {
      await docker("network", "rm", network);
    }
  });

  it.each([
    ["host1", {}],
    ["desk", { desk: "en" }],
  ])("are named and refused where a container has the name of %s, running or not", async (node, values) => {
    const host = `${unbuilt}-${node}`;
    await runForeign(image, host);
    try {
      await docker("kill", host);
      const foreign = await traceOf("container", [host]);
      expect(await refusedUp(unbuilt, values)).toContain(`${host}: not made by mail-lab`);
      expect(await traceOf("container", [host])).toBe(foreign);
      await expectNothingOf(unbuilt);
    } finally {
      await docker("rm", "--force", host);
    }
  });

  it("are named and refused where a network holds the range that the lab is to have", async () => {
    const values = { addressing: "inside", carrierSubnet: subnet };
    const stderr = await refusedUp(unbuilt, values);
    expect(stderr).toContain(`carrierSubnet: ${subnet} is held by the Docker network ${lookAlikeNetwork}`);
    expect(stderr).toContain("LAB_RANGE_TAKEN");
    expect(await trace()).toBe(before);
    await expectNothingOf(unbuilt);
  });
});
