import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { deskAccount } from "../src/model/desk-account.ts";
import type { Start } from "../src/model/lab-config.ts";
import type { LabSecrets } from "../src/model/lab-secrets.ts";
import { deskPort, type DeskPlan } from "../src/model/topology.ts";
import { loopback, nodeContainer, type NodeArgs } from "./lab-container.ts";

/** What the desk is made from. */
export interface StudentDeskArgs extends NodeArgs {
  readonly plan: DeskPlan;
  readonly secrets: pulumi.Output<LabSecrets>;
  /** What it is created as: `finished` has the first user's account set up, `exercise` none. */
  readonly start: Start;
}

/** Seconds that Thunderbird gets to write its profile down. */
const stopSeconds = 10;

/** The desk: a small desktop with Thunderbird on the lab's network, shown in the browser by noVNC. */
export class StudentDesk extends pulumi.ComponentResource {
  readonly containerId: pulumi.Output<string>;

  constructor(name: string, args: StudentDeskArgs, options?: pulumi.ComponentResourceOptions) {
    super("mail-lab:index:StudentDesk", name, {}, options);
    const { plan, topology } = args;
    const container = new docker.Container(
      name,
      {
        ...nodeContainer(args, plan.address, [
          `MAIL_LAB_DNS=${topology.dns.address}`,
          `MAIL_LAB_LANG=${plan.language}`,
        ]),
        hostname: plan.name,
        // For the entry alone, which drops it; nobody gets more by a set-user-id program either.
        capabilities: { adds: ["CAP_NET_ADMIN"] },
        securityOpts: [...args.securityOpts, "no-new-privileges:true"],
        ports: [{ internal: deskPort, external: plan.port, ip: loopback, protocol: "tcp" }],
        // By what it is created as and not by the stage: a lab that goes forward keeps its desk.
        uploads: args.secrets.apply(({ deskPassword, passwords }) => [
          uploaded("password", `${deskPassword}\n`),
          ...(args.start === "finished"
            ? [uploaded("account.json", `${JSON.stringify(deskAccount(topology, passwords))}\n`)]
            : []),
        ]),
        destroyGraceSeconds: stopSeconds,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.containerId = container.id;
    this.registerOutputs({ containerId: this.containerId });
  }
}

/** A file that is there before the first start; the only person on the desk may read it. */
function uploaded(name: string, content: string): { file: string; content: string; permissions: string } {
  return { file: `/etc/mail-lab/desk/${name}`, content, permissions: "0644" };
}
