import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureArguments, imagesFolder, planImages } from "../../src/images/image-plan.ts";
import { readFacts } from "../../toolchain/remembered-facts.ts";
import {
  startEngineOfItsOwn,
  whyNoEngineOfItsOwn,
  type EngineOfItsOwn,
} from "../support/engine-of-its-own.ts";
import { expectWholeLab } from "../support/expect-whole-lab.ts";
import { expectKept, expectQueueDelivers, fillLab, type KeptMail } from "../support/kept-mail.ts";
import { projectRoot } from "../support/lab-command.ts";
import { LabInHand } from "../support/lab-in-hand.ts";

/** For a few restarts and commands on a busy machine. */
const busyTimeoutMs = 900_000;
const suffix = randomBytes(3).toString("hex");
const whyNot = await whyNoEngineOfItsOwn();
if (whyNot !== undefined) console.error(`engine-restart: skipped: ${whyNot}`);

/** Builds a lab's images where they are missing, and gives their names. */
async function imagesOfLab(): Promise<readonly string[]> {
  const distribution = process.env["MAIL_LAB_BASE_IMAGE"] ?? readFacts(projectRoot).baseImage;
  if (distribution === undefined) throw new Error("no base image yet: ./lab up brings one");
  const { base, dns, mailHost } = planImages(distribution, "finished");
  for (const plan of [base, dns, mailHost]) {
    await execa(join(imagesFolder, "ensure"), ensureArguments(plan, imagesFolder), { stdin: "ignore" });
  }
  return [distribution, base.reference, dns.reference, mailHost.reference];
}

describe.runIf(whyNot === undefined)(
  "labs whose engine or machine restarts",
  { timeout: busyTimeoutMs },
  () => {
    let engine: EngineOfItsOwn;
    let labs: readonly { readonly lab: LabInHand; readonly kept: KeptMail }[] = [];
    let held: LabInHand;
    let running: LabInHand;

    beforeAll(async () => {
      engine = await startEngineOfItsOwn();
      await engine.loadImages(await imagesOfLab());
      labs = await Promise.all(
        ["a", "b"].map(async (name) => {
          const lab = await LabInHand.build(`engine-${name}-${suffix}`, engine);
          return { lab, kept: await fillLab(lab) };
        }),
      );
      const labOf = (addressing: string): LabInHand => {
        const found = labs.find(({ lab }) => lab.addressing === addressing);
        if (found === undefined) throw new Error(`no lab whose addressing is ${addressing}`);
        return found.lab;
      };
      [running, held] = [labOf("docker"), labOf("inside")];
    });

    afterAll(async () => {
      for (const { lab } of labs) await lab[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    });

    /** Has something happen to the engine; the labs have to be whole after it with nobody's help, the same ones. */
    async function expectBackByThemselves(
      happen: () => Promise<void>,
      back: readonly LabInHand[],
    ): Promise<void> {
      const before = await Promise.all(back.map((lab) => lab.containers()));
      await happen();
      await Promise.all(back.map(expectWholeLab));
      expect(await Promise.all(back.map((lab) => lab.containers()))).toEqual(before);
    }

    it("come back by themselves when the engine was stopped and started", async () => {
      await expectBackByThemselves(async () => {
        await engine.stop();
        await engine.start();
      }, [running, held]);
      for (const { lab, kept } of labs) await expectKept(lab, kept);
    });

    it("are unchanged for up and a plain pulumi after that", async () => {
      await Promise.all(
        labs.map(async ({ lab }) => {
          await lab.pulumi("refresh --yes --expect-no-changes");
          expect(await lab.good("up")).toContain("nothing had to change");
        }),
      );
    });

    it("come back by themselves after a power cut, and stay stopped where they were stopped", async () => {
      await held.good("stop");
      const stopped = await held.containers();
      expect(stopped.map((line) => line.split(" ").at(-1))).toEqual(["exited", "exited", "exited"]);
      await expectBackByThemselves(async () => {
        await engine.cutPower();
        await engine.start();
      }, [running]);
      expect(await held.containers()).toEqual(stopped);
    });

    it("start with all their mail when they are started again", async () => {
      expect(await held.good("start")).toContain("is up again");
      await expectWholeLab(held);
      for (const { lab, kept } of labs) {
        await expectKept(lab, kept);
        await expectQueueDelivers(lab, kept);
      }
    });
  },
);
