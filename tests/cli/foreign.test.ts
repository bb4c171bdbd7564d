import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, expectNothingOf, ownerOf, refusedUp, traceOf } from "../support/foreign-objects.ts";
import { runLab } from "../support/lab-command.ts";
import { narrowEngine } from "../support/narrowed-engine.ts";
import { cloneCheckout, type SecondCheckout } from "../support/second-checkout.ts";

const suffix = randomBytes(3).toString("hex");
const buildTimeoutMs = 300_000;

describe("another checkout's lab of the same name", () => {
  const stack = `foreign-${suffix}`;
  const names = ["dns", "host1", "host2"].map((node) => `${stack}-${node}`);
  let other: SecondCheckout;
  let owner: string;
  let before: string;

  const trace = async () => [await traceOf("container", names), await traceOf("network", [`${stack}-lan`])];

  beforeAll(async () => {
    other = await cloneCheckout();
    const up = await other.run(["up", "--stack", stack]);
    expect(up.exitCode, up.stderr).toBe(0);
    owner = await ownerOf(names[0] ?? "");
    before = (await trace()).join("\n");
  }, buildTimeoutMs);

  afterAll(async () => {
    const down = await other.run(["down", "--forget", "--stack", stack]);
    expect(down.exitCode, down.stderr).toBe(0);
    await expectNothingOf(stack);
    await other[Symbol.asyncDispose]();
  });

  const expectUntouched = async () => {
    expect((await trace()).join("\n")).toBe(before);
  };

  it.each([["down"], ["down --forget"]])("is named by %s, which finds no lab of its own", async (words) => {
    const { exitCode, stdout, stderr } = await runLab([...words.split(" "), "--stack", stack]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(`The lab ${stack} is not up`);
    for (const name of names) expect(stderr).toContain(`container ${name} (owner ${owner})`);
    expect(stderr).toContain(`network ${stack}-lan (owner ${owner})`);
    await expectUntouched();
  });

  it.each([
    ["en", "Containers of these names exist and are not this lab's"],
    ["ja", "このラボのものではないコンテナがあります"],
  ] as const)("is named and refused by up, which makes nothing (%s)", async (language, sentence) => {
    const origin = {
      en: `the lab “${stack}” of another checkout (owner ${owner})`,
      ja: `別のチェックアウトのラボ「${stack}」のもの（所有者 ${owner}）`,
    }[language];
    const stderr = await refusedUp(stack, {}, ["--lang", language]);
    expect(stderr).toContain("LAB_FOREIGN_CONTAINER");
    expect(stderr).toContain(sentence);
    for (const name of names) expect(stderr).toContain(`${name}: ${origin}`);
    await expectUntouched();
  });

  it.each([["stop"], ["start"]])(
    "is named by %s, which has no lab of its own to work on",
    async (command) => {
      const { exitCode, stderr } = await runLab([command, "--stack", stack]);
      expect(exitCode).toBe(4);
      expect(stderr).toContain("LAB_NOT_UP");
      for (const name of names) expect(stderr).toContain(`container ${name} (owner ${owner})`);
      await expectUntouched();
    },
  );

  it("keeps its images when this checkout prunes all of its own", async () => {
    const images = (await docker("inspect", "--format", "{{.Image}}", ...names)).split("\n");
    await using engine = await narrowEngine(({ Id }) => images.includes(Id));
    const { exitCode, stdout } = await runLab(["prune", "--all"], { env: { DOCKER_HOST: engine.host } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "There is no image to remove." });
    await docker("image", "inspect", ...images);
    await expectUntouched();
  });

  it("is named by the doctor, which leaves it alone", async () => {
    const { stdout } = await runLab(["doctor", "--orphans", "--json"]);
    const { strangers } = JSON.parse(stdout) as { strangers: readonly unknown[] };
    expect(strangers).toContainEqual({
      owner,
      stack,
      objects: [...names.map((name) => `container ${name}`), `network ${stack}-lan`],
      running: 3,
    });
    await expectUntouched();
  });

  it("is as good as before", async () => {
    const status = await other.run(["status", "--stack", stack]);
    expect(status.exitCode, status.stdout).toBe(0);
    const sent = await other.run(["send", "--stack", stack]);
    expect(sent.exitCode, sent.stderr).toBe(0);
  });

  it.each([
    ["en", "addressing", "a lab's network needs a range of its own"],
    ["ja", "addressing", "ラボのネットワークには専用の範囲が必要です"],
  ])(
    "keeps another lab from the textbook's range where that one insists on it (%s)",
    async (language, key, sentence) => {
      // Whoever was first on this engine has 192.168.1.0/24: this lab, or one that it has given way to.
      const stranger = `insists-${suffix}`;
      const stderr = await refusedUp(stranger, { [key]: "docker" }, ["--lang", language]);
      expect(stderr).toContain("LAB_RANGE_TAKEN");
      expect(stderr).toContain("subnet: 192.168.1.0/24");
      expect(stderr).toContain(sentence);
      expect(stderr).toContain("pulumi config rm addressing");
      await expectNothingOf(stranger);
      await expectUntouched();
    },
  );
});
