import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { ensureCommand, type ImagePlan } from "../src/images/image-plan.ts";

/** What an image of the product is made from. */
export interface LabImageArgs {
  readonly plan: ImagePlan;
  /** The image that this one stands on, where it is one of ours too. */
  readonly base?: LabImage;
  /** The Docker engine as `DOCKER_HOST` has it, or a context's name; empty for the CLI's default. */
  readonly engine: string;
}

/**
 * An image of the product: built where its reference is missing on the engine, and never again.
 *
 * The Docker provider's own image resources build on every create, so a second stack after a pruned build cache
 * would move the tag to other bytes and the first stack's next refresh would replace its hosts. The images belong
 * to the product and not to a stack: `destroy` leaves them.
 */
export class LabImage extends pulumi.ComponentResource {
  /** The image's id, `sha256:…`: what Docker records in a container, so that a refresh finds it unchanged. */
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: LabImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("mail-lab:index:LabImage", name, {}, options);
    const ensure = new command.local.Command(
      name,
      {
        // The working directory is infra/: relative paths keep a moved clone from planning a change.
        create: ensureCommand(args.plan, "../images"),
        ...(args.engine === "" ? {} : { environment: engineEnvironment(args.engine) }),
        triggers: [args.plan.reference],
      },
      { parent: this, ...(args.base === undefined ? {} : { dependsOn: [args.base] }) },
    );
    this.imageId = ensure.stdout;
    this.registerOutputs({ imageId: this.imageId });
  }
}

/** What makes the docker command go to that engine. */
export function engineEnvironment(engine: string): Record<string, string> {
  return engine.includes("://") ? { DOCKER_HOST: engine } : { DOCKER_HOST: "", DOCKER_CONTEXT: engine };
}
