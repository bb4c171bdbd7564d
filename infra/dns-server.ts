import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { servicePorts } from "../src/model/topology.ts";
import { dnsFiles } from "../src/model/zone.ts";
import { loopback, nodeContainer, type NodeArgs } from "./lab-container.ts";

/** What the DNS server is made from. */
export interface DnsServerArgs extends NodeArgs {
  /** Whether names that the lab does not know are asked of the machine's resolver. */
  readonly upstream: boolean;
}

/** Seconds that BIND gets to stop. */
const stopSeconds = 5;

/** The lab's DNS server: BIND with one zone a mail domain. */
export class DnsServer extends pulumi.ComponentResource {
  readonly containerId: pulumi.Output<string>;

  constructor(name: string, args: DnsServerArgs, options?: pulumi.ComponentResourceOptions) {
    super("mail-lab:index:DnsServer", name, {}, options);
    const { dns } = args.topology;
    const container = new docker.Container(
      name,
      {
        ...nodeContainer(args, dns.address, args.upstream ? ["MAIL_LAB_UPSTREAM=yes"] : []),
        hostname: dns.name,
        capabilities: { adds: ["CAP_NET_ADMIN"] },
        securityOpts: [...args.securityOpts],
        ports: ["tcp", "udp"].map((protocol) => ({
          internal: servicePorts.dns,
          external: dns.port,
          ip: loopback,
          protocol,
        })),
        uploads: dnsFiles(args.topology, args.upstream).map(({ path, content }) => ({
          file: path,
          content,
          permissions: "0644",
        })),
        destroyGraceSeconds: stopSeconds,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.containerId = container.id;
    this.registerOutputs({ containerId: this.containerId });
  }
}
