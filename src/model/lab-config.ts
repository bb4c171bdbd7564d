import { z } from "zod";
import { addressAt, contains, parseCidr, parseIpv4 } from "./ipv4.ts";
import { LabError, exitCode } from "./lab-error.ts";

/** How the textbook's addresses are held: by a Docker network of that range, or inside the containers. */
export type Addressing = "docker" | "inside";

/** What a host's container is created as. */
export type Start = "exercise" | "finished";

/** How systemd in a host gets a writable cgroup tree. */
export type SystemdCgroups = "entry" | "writable-cgroups";

const cidr = z
  .string()
  .refine((text) => parseCidr(text) !== undefined, "must be an IPv4 network such as 192.168.1.0/24");
const address = z
  .string()
  .refine((text) => parseIpv4(text) !== undefined, "must be an IPv4 address such as 192.168.1.12");
const port = z.int().min(1).max(65_535);

const hostSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "must be lower-case letters, digits and hyphens"),
  domain: z.string().regex(/^([a-z0-9-]+\.)+[a-z]+$/, "must be a domain name such as example1.test"),
  address,
  users: z.array(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "must be a user name such as user1")).min(1),
});

const hostPortsSchema = z.strictObject({ ssh: port, smtp: port, pop3: port, imap: port });

const publishSchema = z.strictObject({
  dns: port.optional(),
  hosts: z.record(z.string(), hostPortsSchema).optional(),
});

const labConfigSchema = z.strictObject({
  subnet: cidr,
  addressing: z.enum(["docker", "inside"]),
  carrierSubnet: z.union([cidr, z.literal("")]),
  start: z.enum(["exercise", "finished"]),
  stage: z.string(),
  hosts: z.array(hostSchema).min(1),
  baseImage: z.string().min(1),
  publish: publishSchema,
  upstream: z.boolean(),
  engine: z.string(),
  systemd: z.enum(["entry", "writable-cgroups"]),
  securityOpts: z.array(z.string()),
});

/** One mail host as configured. */
export type HostConfig = z.infer<typeof hostSchema>;

/** The published ports of one mail host, on the machine's side. */
export type HostPorts = z.infer<typeof hostPortsSchema>;

/** A stack's whole configuration, checked: what Pulumi.yaml declares under `config:`. */
export type LabConfig = z.infer<typeof labConfigSchema>;

/** The configuration's keys as Pulumi.yaml declares them. */
export const configKeys = Object.keys(labConfigSchema.shape) as readonly (keyof LabConfig)[];

/** Numbers in the subnet that no mail host may have: the network's own, the gateway's and the DNS server's. */
const reservedIndices = [0, 1, 11] as const;

/** A rule that spans fields: the sentence to show, or `undefined` where it holds. */
type CrossRule = (config: LabConfig) => string | undefined;

const crossRules: readonly CrossRule[] = [
  ({ addressing, carrierSubnet }) =>
    addressing === "inside" && carrierSubnet === ""
      ? "carrierSubnet: must name a network of its own where addressing is inside"
      : undefined,
  ({ hosts, subnet }) => {
    const network = parseCidr(subnet);
    const outside = hosts.find(
      (host) => network !== undefined && !contains(network, parseIpv4(host.address) ?? -1),
    );
    return (
      outside && `hosts: the address ${outside.address} of ${outside.name} is not in the subnet ${subnet}`
    );
  },
  ({ hosts, subnet }) => {
    const network = parseCidr(subnet);
    const taken = reservedIndices.map((index) => network && addressAt(network, index));
    const clash = hosts.find((host) => taken.includes(host.address));
    return (
      clash && `hosts: the address ${clash.address} of ${clash.name} belongs to the gateway or the DNS server`
    );
  },
  ({ hosts }) => firstDuplicate("name", hosts),
  ({ hosts }) => firstDuplicate("domain", hosts),
  ({ hosts }) => firstDuplicate("address", hosts),
  ({ hosts }) => {
    const reserved = hosts.find((host) => host.name === "dns" || host.name === "desk");
    return reserved && `hosts: the name ${reserved.name} belongs to another node of the lab`;
  },
];

function firstDuplicate(
  field: "name" | "domain" | "address",
  hosts: readonly HostConfig[],
): string | undefined {
  const seen = new Set<string>();
  for (const host of hosts) {
    if (seen.has(host[field])) return `hosts: two hosts have the ${field} ${host[field]}`;
    seen.add(host[field]);
  }
  return undefined;
}

/**
 * Checks a stack's configuration.
 *
 * @param raw - key to value, as Pulumi hands it over (values of objects already parsed).
 * @throws LabError `LAB_CONFIG` naming each field, its value and the rule it breaks.
 */
export function parseLabConfig(raw: Readonly<Record<string, unknown>>): LabConfig {
  const parsed = labConfigSchema.safeParse(raw);
  const failures = parsed.success
    ? crossRules.map((rule) => rule(parsed.data)).filter((failure) => failure !== undefined)
    : parsed.error.issues.map((issue) => `${issue.path.join(".") || "configuration"}: ${issue.message}`);
  if (parsed.success && failures.length === 0) return parsed.data;
  throw new LabError(
    "LAB_CONFIG",
    {
      en: `The lab's configuration is not valid: ${failures.join("; ")}.`,
      ja: `ラボの設定が正しくありません: ${failures.join("; ")}`,
    },
    {
      hint: {
        en: "pulumi config set KEY VALUE mends a key; Pulumi.yaml lists the keys and their defaults",
        ja: "pulumi config set キー 値 で直せます。キーと既定値はPulumi.yamlにあります",
      },
      exit: exitCode.usage,
    },
  );
}
