import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFullRun } from "../support/full-run.ts";
import { projectRoot } from "../support/lab-command.ts";
import { LabInHand } from "../support/lab-in-hand.ts";

const stack = `reset-half-${randomBytes(3).toString("hex")}`;
const patienceMs = 400_000;
if (!isFullRun)
  console.error(
    "reset-interrupted: resets that are killed or interrupted, three minutes; ./lab test --full has them",
  );

/** Starts a reset of host1 to the end of the chapter and sends a signal to all of its processes at that line. */
async function resetUntil(moment: string, signal: "SIGKILL" | "SIGINT"): Promise<void> {
  const reset = execa(`${projectRoot}/lab`, ["reset", "host1", "--yes", "--stack", stack], {
    cwd: projectRoot,
    reject: false,
    stdin: "ignore",
    // A group of its own, that nobody else is in.
    detached: true,
    env: { LANG: "C.UTF-8", LC_ALL: "" },
  });
  let isSent = false;
  const said: string[] = [];
  for await (const line of reset.iterable({ from: "stderr" })) {
    said.push(line);
    if (isSent || reset.pid === undefined || !line.includes(moment)) continue;
    isSent = true;
    process.kill(signal === "SIGKILL" ? -reset.pid : reset.pid, signal);
  }
  await reset;
  expect(isSent, `“${moment}” was never said:\n${said.join("\n")}`).toBe(true);
}

describe.runIf(isFullRun)("a reset that ended half way", () => {
  let lab: LabInHand;
  let host2: string | undefined;

  const idOf = async (node: string): Promise<string | undefined> =>
    (await lab.containers()).find((line) => line.startsWith(`${node} `))?.split(" ")[1];

  async function expectWhole(): Promise<void> {
    await lab.good("send", "--from", "user2@host2", "--to", "user1@example1.test");
    await lab.pulumi("preview --expect-no-changes --color never");
    expect(await idOf("host2")).toBe(host2);
  }

  beforeAll(async () => {
    lab = await LabInHand.build(stack);
    host2 = await idOf("host2");
  });

  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it.each([
    ["killed", "creating container", "SIGKILL", ["reset", "host1", "--yes"]],
    ["killed", "create-replacement host1-6.05", "SIGKILL", ["reset", "host1", "--yes"]],
    ["killed", "create-replacement host1-6.02", "SIGKILL", ["up"]],
    ["interrupted", "create-replacement host1-6.03", "SIGINT", ["reset", "host1", "--yes"]],
    ["interrupted", "creating container", "SIGINT", ["up"]],
  ] as const)(
    "(%s at “%s”) is gone on with",
    { timeout: patienceMs },
    async (_how, moment, signal, words) => {
      await resetUntil(moment, signal);
      await lab.good(...words);
      await expectWhole();
    },
  );

  it("leaves the stage that a goto has brought a host to", { timeout: patienceMs }, async () => {
    await lab.good("reset", "--stage", "exercise", "--yes");
    host2 = await idOf("host2");
    await lab.good("goto", "6.05", "--host", "host1");
    const reset = await lab.good("reset", "host1", "--yes", "--json");
    expect(JSON.parse(reset)).toMatchObject({ nodes: [{ name: "host1", stage: "6.05" }] });
    expect(await lab.asRoot("host1", "systemctl is-active postfix")).toBe("active");
    await lab.pulumi("preview --expect-no-changes --color never");
    await lab.good("reset", "--stage", "finished", "--yes");
    host2 = await idOf("host2");
    await expectWhole();
  });
});
