import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { addressAt, parseCidr } from "../src/model/ipv4.ts";
import { dockerLabels, type Labels } from "./docker-labels.ts";

/** What a lab's network is made from. */
export interface LabNetworkArgs {
  /** Docker's name of the network. */
  readonly name: string;
  /** The range that Docker holds: the textbook's, or the lab's carrier where the addresses are held inside. */
  readonly subnet: string;
  readonly labels: pulumi.Input<Labels>;
}

/** The bridge that joins the nodes of one lab. */
export class LabNetwork extends pulumi.ComponentResource {
  /** Docker's name of the network. */
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, args: LabNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("mail-lab:index:LabNetwork", name, {}, options);
    const network = new docker.Network(
      name,
      {
        name: args.name,
        driver: "bridge",
        // One entry with its gateway given: anything less comes back differently from Docker and never converges.
        ipamConfigs: [{ subnet: args.subnet, gateway: gatewayOf(args.subnet) }],
        labels: dockerLabels(args.labels),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}

function gatewayOf(subnet: string): string {
  const network = parseCidr(subnet);
  if (network === undefined) throw new Error(`${subnet} passed the configuration's check and is no network`);
  return addressAt(network, 1);
}
