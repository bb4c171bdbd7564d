import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { scriptOfStep } from "../../course/script.ts";
import { unitsOfSteps } from "../../course/services.ts";
import { stepsOfStage } from "../../course/stage.ts";
import { imagesFolder, planImages } from "../../images/image-plan.ts";
import { addressAt, parseCidr } from "../../model/ipv4.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { administrator, deriveLabSecrets, type LabSecrets } from "../../model/lab-secrets.ts";
import { quoteWord } from "../../model/quote-word.ts";
import { planTopology, servicePorts, type MailHostPlan, type Topology } from "../../model/topology.ts";
import { dnsFiles } from "../../model/zone.ts";
import { correspondents } from "./correspondents.ts";

/** The loopback, where the baseline publishes the same ports as the lab. */
const loopback = "127.0.0.1";
const seedBytes = 32;
/** The bridge's own number in its network. */
const gatewayIndex = 1;

/** A file below the folder: its path and what is in it. */
type Entry = readonly [path: string, content: string];

/**
 * Writes what `baseline.sh` works with, from the configuration of the lab that it is compared with: the same
 * images, addresses, ports, files and steps. Its head says what is where.
 *
 * @param name - prefix of everything that the baseline makes on the engine.
 */
export async function writeBaselineFolder(folder: string, name: string, config: LabConfig): Promise<void> {
  const topology = planTopology(config);
  const secrets = deriveLabSecrets(randomBytes(seedBytes).toString("base64"), topology);
  const entries: readonly Entry[] = [
    ["settings", settingsText(commonSettings(name, config, topology))],
    ["seccomp.json", await readFile(join(imagesFolder, "seccomp.json"), "utf8")],
    ["dns/settings", settingsText(dnsSettings(topology))],
    ...dnsFiles(topology, config.upstream).map(({ path, content }): Entry => [`dns/files${path}`, content]),
    ...topology.hosts.flatMap((host) => hostEntries(host, topology, secrets, config.stage)),
  ];
  for (const [path, content] of entries) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

function commonSettings(name: string, config: LabConfig, topology: Topology): Record<string, string> {
  const images = planImages(config.baseImage, config.start);
  const networkSubnet = config.addressing === "docker" ? config.subnet : config.carrierSubnet;
  const network = parseCidr(networkSubnet);
  if (network === undefined)
    throw new Error(`${networkSubnet} passed the configuration's check and is no network`);
  return {
    name,
    dns_image: images.dns.reference,
    host_image: images.mailHost.reference,
    hosts: topology.hosts.map((host) => host.name).join(" "),
    correspondents: correspondents(topology.hosts).join(" "),
    network_subnet: networkSubnet,
    network_gateway: addressAt(network, gatewayIndex),
    addressing: config.addressing,
    subnet: topology.subnet,
    prefix_length: String(topology.prefixLength),
    gateway: topology.gateway,
    dns_address: topology.dns.address,
    systemd: config.systemd,
    security_options: config.securityOpts.join(" "),
  };
}

function dnsSettings({ dns }: Topology): Record<string, string> {
  const publish = ["tcp", "udp"].map((protocol) => `${loopback}:${dns.port}:${servicePorts.dns}/${protocol}`);
  return { address: dns.address, hostname: dns.name, publish: publish.join(" ") };
}

function hostEntries(
  host: MailHostPlan,
  topology: Topology,
  { passwords, labKey, hostKeys }: LabSecrets,
  stage: string,
): readonly Entry[] {
  const publish = (["ssh", "smtp", "pop3", "imap"] as const).map(
    (service) => `${loopback}:${host.ports[service]}:${servicePorts[service]}`,
  );
  const steps = stepsOfStage(stage).flatMap((step) => scriptOfStep(step, { host, topology }) ?? []);
  const passwordOf = (account: string): string => `${passwords[account] ?? ""}\n`;
  const stdin = steps.flatMap(({ passwordsOf }) => [administrator, ...passwordsOf].map(passwordOf));
  const hostKey = hostKeys[host.name];
  const files: readonly Entry[] = [
    ["etc/ssh/ssh_host_ed25519_key", hostKey?.privateKey ?? ""],
    ["etc/ssh/ssh_host_ed25519_key.pub", `${hostKey?.publicKey ?? ""}\n`],
    ["etc/mail-lab/authorized_keys", `${labKey.publicKey}\n`],
    ["etc/mail-lab/first-boot/chpasswd", `${administrator}:${passwordOf(administrator)}`],
  ];
  return [
    [
      `${host.name}/settings`,
      settingsText({
        address: host.address,
        hostname: host.hostname,
        publish: publish.join(" "),
        held_services: unitsOfSteps({ host, topology }).join(" "),
      }),
    ],
    ...files.map(([path, content]): Entry => [`${host.name}/files/${path}`, content]),
    [`${host.name}/steps.sh`, steps.map(({ script }) => script).join("\n")],
    [`${host.name}/steps.in`, stdin.join("")],
  ];
}

/** Shell variables, one a line. */
export function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${quoteWord(value)}\n`)
    .join("");
}
