import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { engineEnvironment } from "./lab-image.ts";
import { quoteWord } from "../src/model/quote-word.ts";

/** What is needed to find a saved host's image. */
export interface SavedImageArgs {
  /** `mail-lab/save:…`, as the stack's configuration has it. */
  readonly reference: string;
  /** The Docker engine as `DOCKER_HOST` has it; empty for the CLI's default. */
  readonly engine: string;
}

/** The image of a host that was saved: it belongs to the save and not to the stack, so it is looked up and never made. */
export class SavedImage extends pulumi.ComponentResource {
  /** The image's id, `sha256:…`: what Docker records in a container, so that a refresh finds it unchanged. */
  readonly imageId: pulumi.Output<string>;

  constructor(name: string, args: SavedImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("mail-lab:index:SavedImage", name, {}, options);
    const find = new command.local.Command(
      name,
      {
        create: `docker image inspect --format '{{.Id}}' ${quoteWord(args.reference)}`,
        ...(args.engine === "" ? {} : { environment: engineEnvironment(args.engine) }),
        triggers: [args.reference],
      },
      { parent: this },
    );
    this.imageId = find.stdout;
    this.registerOutputs({ imageId: this.imageId });
  }
}
