import * as pulumi from "@pulumi/pulumi";
import type { LabConfig } from "../src/model/lab-config.ts";
import { readLabConfig } from "./config.ts";
import { MailLab, type HostOutput } from "./mail-lab.ts";

/** What the program exports. */
export interface ProgramOutputs {
  /** The mail hosts: name, domain, address, users, ports on the loopback, public ssh host key. */
  readonly hosts: pulumi.Output<readonly HostOutput[]>;
  /** The DNS server: name, address, port on the loopback. */
  readonly dns: MailLab["dns"];
  /** The desk: name, address, port on the loopback, language; absent where the lab has none. */
  readonly desk?: MailLab["desk"];
  /** What opens the desk in a browser; absent with it. */
  readonly deskPassword?: MailLab["deskPassword"];
  /** The stage of the chapter that the lab stands at. */
  readonly stage: pulumi.Output<string>;
  /** The stage that each host stands at. */
  readonly stages: MailLab["stages"];
  /** What the hosts' containers were created as. */
  readonly start: LabConfig["start"];
  /** The same of single hosts that were created otherwise. */
  readonly starts: LabConfig["starts"];
  /** How the addresses are held, the range that they are in, and where ssh is published besides the loopback. */
  readonly network: Pick<LabConfig, "addressing" | "subnet" | "listen">;
  /** The machine's addresses as the lab's guard knows them. */
  readonly machine: LabConfig["machine"];
  /** The owner's name in the labels of everything that this lab made. */
  readonly owner: pulumi.Output<string>;
  /** Account name to password. */
  readonly passwords: MailLab["passwords"];
  /** The private key that opens ssh on every host. */
  readonly sshKey: pulumi.Output<string>;
}

/** Tells what the program exports, the secrets too, once all of it is known: to whoever runs it in its own process. */
export function tellOutputs(
  outputs: ProgramOutputs,
  tell: (values: pulumi.Unwrap<ProgramOutputs>) => void,
): void {
  pulumi.output(outputs).apply(tell);
}

/** The Pulumi program: declares the lab of the stack that it is run for, from that stack's configuration. */
export function labProgram(): ProgramOutputs {
  const settings = new pulumi.Config();
  const config = readLabConfig(settings);
  const lab = new MailLab(pulumi.getStack(), config, settings.getSecret("seed"));
  const { hosts, dns, desk, deskPassword, stage, stages, owner, passwords, sshKey } = lab;
  const { start, starts, addressing, subnet, listen, machine } = config;
  const network = { addressing, subnet, listen };
  return {
    hosts,
    dns,
    // Pulumi warns of outputs that are undefined.
    ...(desk !== undefined && { desk, deskPassword }),
    stage,
    stages,
    start,
    starts,
    network,
    machine,
    owner,
    passwords,
    sshKey,
  };
}
