import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { unitsOfSteps } from "../src/course/services.ts";
import { stageOfHost, startOfHost, startsInUse } from "../src/course/stage.ts";
import { deskBaseName, hostImageName, planDeskImages, planImages } from "../src/images/image-plan.ts";
import { labelsOf } from "../src/model/labels.ts";
import type { HostPorts, LabConfig } from "../src/model/lab-config.ts";
import { deriveLabSecrets } from "../src/model/lab-secrets.ts";
import { deskName, planTopology, type DeskPlan } from "../src/model/topology.ts";
import { HostChapter } from "./chapter.ts";
import { DnsServer } from "./dns-server.ts";
import { LabImage } from "./lab-image.ts";
import { LabNetwork } from "./lab-network.ts";
import { MailHost } from "./mail-host.ts";
import { SavedImage } from "./saved-image.ts";
import { StudentDesk } from "./student-desk.ts";

/** What a mail host is to those outside. */
export interface HostOutput {
  readonly name: string;
  readonly hostname: string;
  readonly domain: string;
  readonly address: string;
  readonly users: readonly string[];
  /** Ports on the loopback. */
  readonly ports: HostPorts;
  /** The ssh host key's public part, one OpenSSH line. */
  readonly hostKey: string;
}

/** 32 random bytes, one line of base64. */
const makeSeed = "head -c 32 /dev/urandom | base64";

/** The whole lab of one stack: network, DNS server, mail hosts, and the chapter applied to them. */
export class MailLab extends pulumi.ComponentResource {
  readonly hosts: pulumi.Output<readonly HostOutput[]>;
  readonly dns: { readonly name: string; readonly address: string; readonly port: number };
  /** Absent where the lab has no desk. */
  readonly desk: DeskPlan | undefined;
  /** What opens the desk; secret. */
  readonly deskPassword: pulumi.Output<string> | undefined;
  /** How far the chapter is applied, and on each host; known once no host has refused it. */
  readonly stage: pulumi.Output<string>;
  readonly stages: pulumi.Output<Readonly<Record<string, string>>>;
  readonly owner: pulumi.Output<string>;
  /** Account name to password; secret. */
  readonly passwords: pulumi.Output<Readonly<Record<string, string>>>;
  /** The private key that opens ssh on every host; secret. */
  readonly sshKey: pulumi.Output<string>;

  /** @param savedSeed - what the passwords and keys of a lab that is restored follow from; secret. */
  constructor(
    stack: string,
    config: LabConfig,
    savedSeed?: pulumi.Output<string>,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("mail-lab:index:MailLab", stack, {}, options);
    const topology = planTopology(config);
    const images = planImages(config.baseImage, config.start);
    const provider = new docker.Provider("engine", engineOf(config), { parent: this });
    const child = { parent: this, providers: [provider] };

    const seed = new command.local.Command(
      "seed",
      savedSeed === undefined
        ? { create: makeSeed, logging: "none" }
        : { create: `cat; ${makeSeed}`, stdin: savedSeed.apply((line) => `${line}\n`), logging: "none" },
      // Made once and for all: whatever changes here later, an existing lab keeps its passwords and keys.
      { parent: this, additionalSecretOutputs: ["stdout"], ignoreChanges: ["*"] },
    );
    const secrets = pulumi.secret(seed.stdout).apply((text) => deriveLabSecrets(text, topology));
    this.owner = pulumi.unsecret(secrets.apply(({ owner }) => owner));

    const imageArgs = { engine: config.engine };
    const base = new LabImage("base-image", { ...imageArgs, plan: images.base }, child);
    const dnsImage = new LabImage("dns-image", { ...imageArgs, plan: images.dns, base }, child);
    const hostImages = new Map(
      startsInUse(config).map((start) => {
        const plan = planImages(config.baseImage, start).mailHost;
        const name = hostImageName(config, start);
        return [start, new LabImage(name, { ...imageArgs, plan, base }, child)] as const;
      }),
    );

    const network = new LabNetwork(
      "lan",
      {
        name: `${stack}-lan`,
        subnet: config.addressing === "docker" ? config.subnet : config.carrierSubnet,
        labels: this.owner.apply((owner) => labelsOf(stack, owner)),
      },
      child,
    );
    const node = (name: string) => ({
      containerName: `${stack}-${name}`,
      networkName: network.networkName,
      labels: this.owner.apply((owner) => labelsOf(stack, owner, name)),
      topology,
      addressing: config.addressing,
      listen: config.listen,
      machine: config.machine,
      securityOpts: config.securityOpts,
    });

    new DnsServer("dns", { ...node("dns"), imageId: dnsImage.imageId, upstream: config.upstream }, child);
    this.desk = topology.desk;
    this.deskPassword = topology.desk && secrets.apply(({ deskPassword }) => deskPassword);
    if (topology.desk !== undefined) {
      const deskImages = planDeskImages(config.baseImage);
      const baseName = deskBaseName(config.baseImage);
      const deskBase =
        baseName === "base-image"
          ? base
          : new LabImage(baseName, { ...imageArgs, plan: deskImages.base }, child);
      const deskImage = new LabImage(
        "desk-image",
        { ...imageArgs, plan: deskImages.desk, base: deskBase },
        child,
      );
      new StudentDesk(
        deskName,
        {
          ...node(deskName),
          imageId: deskImage.imageId,
          plan: topology.desk,
          secrets,
          start: startOfHost(config, deskName),
        },
        child,
      );
    }
    const chapters: Record<string, pulumi.Output<string>> = {};
    for (const plan of topology.hosts) {
      const restored = config.restored[plan.name];
      const hostImage = hostImages.get(startOfHost(config, plan.name));
      if (hostImage === undefined) throw new Error(`no image was planned for ${plan.name}`);
      const image =
        restored === undefined
          ? hostImage
          : new SavedImage(
              `${plan.name}-saved-image`,
              { reference: restored.image, engine: config.engine },
              child,
            );
      const host = new MailHost(
        plan.name,
        {
          ...node(plan.name),
          imageId: image.imageId,
          plan,
          secrets,
          systemd: config.systemd,
          // By the start alone, never by the stage: a host that goes forward keeps its container.
          heldServices:
            startOfHost(config, plan.name) === "finished" ? unitsOfSteps({ host: plan, topology }) : [],
          isRestored: restored !== undefined,
        },
        child,
      );
      const stage = stageOfHost(config, plan.name);
      const chapter = new HostChapter(
        `${plan.name}-chapter`,
        { plan, topology, stage, appliedInImage: restored?.stage, secrets, containerId: host.containerId },
        child,
      );
      chapters[plan.name] = chapter.stage;
    }
    this.stages = pulumi.all(chapters);
    this.stage = this.stages.apply(() => config.stage);

    this.hosts = pulumi.unsecret(
      secrets.apply(({ hostKeys }) =>
        topology.hosts.map(({ name, hostname, domain, address, users, ports }) => ({
          name,
          hostname,
          domain,
          address,
          users,
          ports,
          hostKey: hostKeys[name]?.publicKey ?? "",
        })),
      ),
    );
    this.dns = topology.dns;
    this.passwords = secrets.apply(({ passwords }) => passwords);
    this.sshKey = secrets.apply(({ labKey }) => labKey.privateKey);
    this.registerOutputs();
  }
}

/** The provider's way to the engine: by its address, or by a Docker context, which may hold certificates. */
function engineOf({ engine }: LabConfig): docker.ProviderArgs {
  if (engine === "") return {};
  return engine.includes("://") ? { host: engine } : { context: engine };
}
