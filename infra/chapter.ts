import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { scriptOfStep } from "../src/course/script.ts";
import { stageNames, stepsOfStage } from "../src/course/stage.ts";
import { administrator, type LabSecrets } from "../src/model/lab-secrets.ts";
import { quoteWord } from "../src/model/quote-word.ts";
import type { MailHostPlan, Topology } from "../src/model/topology.ts";
import { loopback } from "./lab-container.ts";

/** What the steps of one host are made from. */
export interface HostChapterArgs {
  readonly plan: MailHostPlan;
  readonly topology: Topology;
  /** How far the chapter is applied. */
  readonly stage: string;
  /** The stage that the host's own image stands at, where it was restored: what a student made of it stays. */
  readonly appliedInImage: string | undefined;
  readonly secrets: pulumi.Output<LabSecrets>;
  /** The container that the steps are applied to; another one gets them all again. */
  readonly containerId: pulumi.Output<string>;
}

/** A host needs a second or two until sshd listens; each failed try waits a little longer. */
const dialAttempts = 30;
const dialTimeoutSeconds = 5;

/** The steps of the chapter on one host, one after the other, over ssh as an administrator would do them. */
export class HostChapter extends pulumi.ComponentResource {
  /** The stage that the host was brought to. */
  readonly stage: pulumi.Output<string>;

  constructor(name: string, args: HostChapterArgs, options?: pulumi.ComponentResourceOptions) {
    super("mail-lab:index:HostChapter", name, {}, options);
    const { plan, secrets } = args;
    const connection: command.types.input.remote.ConnectionArgs = {
      host: loopback,
      port: plan.ports.ssh,
      user: administrator,
      privateKey: secrets.apply(({ labKey }) => labKey.privateKey),
      hostKey: pulumi.unsecret(secrets.apply(({ hostKeys }) => hostKeys[plan.name]?.publicKey ?? "")),
      dialErrorLimit: dialAttempts,
      perDialTimeout: dialTimeoutSeconds,
    };
    // The program can't see what was applied before; this command is run with what it printed then, and refuses a
    // stage that lies before. A new container makes it a new command, which knows nothing of the old one.
    const stage = new command.local.Command(
      `${plan.name}-stage`,
      {
        create: ["./raise-stage", plan.name, args.stage, ...stageNames].map(quoteWord).join(" "),
        triggers: [args.containerId],
      },
      { parent: this },
    );
    this.stage = stage.stdout;
    let previous: pulumi.Resource = stage;
    const applied = args.appliedInImage === undefined ? [] : stepsOfStage(args.appliedInImage);
    for (const step of stepsOfStage(args.stage)) {
      if (applied.includes(step)) continue;
      const stepScript = scriptOfStep(step, { host: plan, topology: args.topology });
      if (stepScript === undefined) continue;
      previous = new command.remote.Command(
        `${plan.name}-${step.id}`,
        {
          connection,
          create: stepScript.script,
          stdin: secrets.apply(({ passwords }) =>
            [administrator, ...stepScript.passwordsOf]
              .map((account) => `${passwords[account] ?? ""}\n`)
              .join(""),
          ),
          triggers: [args.containerId],
          // It would come as an environment variable, which sshd takes from nobody.
          addPreviousOutputInEnv: false,
        },
        { parent: this, dependsOn: [previous] },
      );
    }
    this.registerOutputs({ stage: this.stage });
  }
}
