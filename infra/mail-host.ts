import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import seccompProfile from "../images/seccomp.json" with { type: "json" };
import type { SystemdCgroups } from "../src/model/lab-config.ts";
import { administrator, type LabSecrets } from "../src/model/lab-secrets.ts";
import { sshAddresses } from "../src/model/listen-rules.ts";
import { servicePorts, type MailHostPlan } from "../src/model/topology.ts";
import { loopback, nodeContainer, type NodeArgs } from "./lab-container.ts";

/** What a mail host is made from. */
export interface MailHostArgs extends NodeArgs {
  readonly plan: MailHostPlan;
  readonly secrets: pulumi.Output<LabSecrets>;
  /** How systemd gets a writable cgroup tree on this engine. */
  readonly systemd: SystemdCgroups;
  /** Units that the first boot does not start, since the steps of the chapter do. */
  readonly heldServices: readonly string[];
  /** Whether its image is a saved host's, where the administrator has a password already. */
  readonly isRestored: boolean;
}

/** What a container needs for each way of giving systemd its cgroups; the entry drops the capabilities for good. */
const systemdNeeds: Record<
  SystemdCgroups,
  { capabilities: string[]; securityOpts: string[]; sysctls?: Record<string, string> }
> = {
  entry: {
    capabilities: ["CAP_NET_ADMIN", "CAP_SYS_ADMIN"],
    // SYS_ADMIN, though dropped, would leave Docker's own filter wide open for the container's whole life.
    securityOpts: [`seccomp=${JSON.stringify(seccompProfile)}`],
  },
  "writable-cgroups": {
    capabilities: ["CAP_NET_ADMIN"],
    securityOpts: ["writable-cgroups=true"],
    // What the entry sets itself where it can: as many messages may wait at /dev/log as on an installed Ubuntu.
    sysctls: { "net.unix.max_dgram_qlen": "512" },
  },
};

/** An Ubuntu host with systemd and ssh, created as the chapter finds it or with its packages installed. */
export class MailHost extends pulumi.ComponentResource {
  readonly containerId: pulumi.Output<string>;

  constructor(name: string, args: MailHostArgs, options?: pulumi.ComponentResourceOptions) {
    super("mail-lab:index:MailHost", name, {}, options);
    const { plan, topology } = args;
    const needs = systemdNeeds[args.systemd];
    const container = new docker.Container(
      name,
      {
        ...nodeContainer(args, plan.address, [
          "container=docker",
          `MAIL_LAB_DNS=${topology.dns.address}`,
          `MAIL_LAB_SYSTEMD=${args.systemd}`,
          ...(args.listen === "" ? [] : [`MAIL_LAB_LISTEN=${args.listen}`]),
          ...(args.heldServices.length === 0
            ? []
            : [`MAIL_LAB_HELD_SERVICES=${args.heldServices.join(" ")}`]),
        ]),
        hostname: plan.hostname,
        capabilities: { adds: needs.capabilities },
        securityOpts: [...args.securityOpts, ...needs.securityOpts],
        ...(needs.sysctls === undefined ? {} : { sysctls: needs.sysctls }),
        tmpfs: { "/run": "", "/run/lock": "", "/tmp": "" },
        // On cgroup v1 engines share the machine's namespace unless told; systemd then looks for its units' processes
        // under paths that are not theirs, and some stops of a service end only by their timeout.
        cgroupnsMode: "private",
        stopSignal: "SIGRTMIN+3",
        ports: [
          ...sshAddresses(args.listen).map((ip) => published(plan, "ssh", ip)),
          // On any other address a lab would be an open relay for the network around it.
          ...(["smtp", "pop3", "imap"] as const).map((service) => published(plan, service, loopback)),
        ],
        uploads: args.secrets.apply((secrets) => [
          ...identityFiles(plan, secrets),
          ...(args.isRestored ? [] : [firstPassword(secrets)]),
        ]),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.containerId = container.id;
    this.registerOutputs({ containerId: this.containerId });
  }
}

/** A port of the host, and where the machine has it. */
function published(
  { ports }: MailHostPlan,
  service: keyof MailHostPlan["ports"],
  ip: string,
): { internal: number; external: number; ip: string; protocol: string } {
  return { internal: servicePorts[service], external: ports[service], ip, protocol: "tcp" };
}

/** A file that is there before the first start. */
interface UploadedFile {
  readonly file: string;
  readonly content: string;
  readonly permissions: string;
}

/** This host's ssh identity, and who may enter. */
function identityFiles(plan: MailHostPlan, secrets: LabSecrets): UploadedFile[] {
  const hostKey = secrets.hostKeys[plan.name];
  if (hostKey === undefined) throw new Error(`no secrets were derived for ${plan.name}`);
  return [
    { file: "/etc/ssh/ssh_host_ed25519_key", content: hostKey.privateKey, permissions: "0600" },
    { file: "/etc/ssh/ssh_host_ed25519_key.pub", content: `${hostKey.publicKey}\n`, permissions: "0644" },
    { file: "/etc/mail-lab/authorized_keys", content: `${secrets.labKey.publicKey}\n`, permissions: "0644" },
  ];
}

/** The administrator's password, which the entry sets at the first start. */
function firstPassword({ passwords }: LabSecrets): UploadedFile {
  const password = passwords[administrator];
  if (password === undefined) throw new Error(`no password was derived for ${administrator}`);
  return {
    file: "/etc/mail-lab/first-boot/chpasswd",
    content: `${administrator}:${password}\n`,
    permissions: "0600",
  };
}
