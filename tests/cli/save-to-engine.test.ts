import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { ensureArguments, imagesFolder, planImages } from "../../src/images/image-plan.ts";
import { readFacts } from "../../toolchain/remembered-facts.ts";
import { startEngineOfItsOwn, whyNoEngineOfItsOwn } from "../support/engine-of-its-own.ts";
import { isFullRun } from "../support/full-run.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";
import { LabInHand } from "../support/lab-in-hand.ts";
import { doWork, expectQueueDelivers, expectWork } from "../support/student-work.ts";

const busyTimeoutMs = 600_000;
const suffix = randomBytes(3).toString("hex");
const whyNot = isFullRun ? await whyNoEngineOfItsOwn() : "the full run alone has it";
if (whyNot !== undefined) console.error(`save-to-engine: skipped: ${whyNot}`);

/** What a lab needs that the other engine can't build: it has no way out. */
async function imagesBelow(): Promise<readonly string[]> {
  const distribution = process.env["MAIL_LAB_BASE_IMAGE"] ?? readFacts(projectRoot).baseImage;
  if (distribution === undefined) throw new Error("no base image yet: ./lab up brings one");
  const { base, dns, mailHost } = planImages(distribution, "finished");
  for (const plan of [base, dns, mailHost])
    await execa(join(imagesFolder, "ensure"), ensureArguments(plan, imagesFolder), { stdin: "ignore" });
  return [distribution, base.reference, dns.reference, mailHost.reference];
}

describe.runIf(whyNot === undefined)("a lab's file on another engine", { timeout: busyTimeoutMs }, () => {
  it("is the same lab there, which needs no update, and delivers what was queued", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mail-lab-saves-"));
    const [name, file] = [`carry-${suffix}`, join(folder, "carry.save")];
    try {
      await using engine = await startEngineOfItsOwn();
      await engine.loadImages(await imagesBelow());
      const lab = await LabInHand.build(name);
      const work = await doWork(lab);
      await lab.good("save", name, "--file", file);
      await lab.good("down", "--forget");

      const there = { enter: engine.enter(), env: { DOCKER_HOST: engine.host } };
      const away = await runLab(["restore", name, "--stack", `${name}-b`], there);
      expect(away.stderr).toContain("[LAB_SAVE_GONE]");
      const run = await runLab(["restore", "--file", file, "--json", "--stack", `${name}-b`], there);
      expect(run.exitCode, run.stderr).toBe(0);
      await using restored = await LabInHand.of(`${name}-b`, run.stdout, engine);
      await expectWork(restored, work);
      await expectQueueDelivers(restored, work);
      await restored.pulumi("preview --expect-no-changes");
    } finally {
      await runLab(["down", "--forget", "--stack", name]);
      await runLab(["saves", "rm", name]);
      await rm(folder, { recursive: true });
    }
  });
});
