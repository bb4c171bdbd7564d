import { z } from "zod";
import { configIssue, fitting, isFitting } from "./config-issue.ts";
import { brokenRules, type RuleLeniency } from "./config-rules.ts";
import { parseCidr, parseIpv4 } from "./ipv4.ts";
import { LabError, exitCode } from "./lab-error.ts";

/** How the textbook's addresses are held: by a Docker network of that range, or inside the containers. */
export type Addressing = "docker" | "inside";

/** What a host's container is created as. */
export type Start = "exercise" | "finished";

/** How systemd in a host gets a writable cgroup tree. */
export type SystemdCgroups = "entry" | "writable-cgroups";

const networkRule = {
  en: "must be an IPv4 network such as 192.168.1.0/24",
  ja: "192.168.1.0/24 のようなIPv4ネットワークにしてください",
};
const cidr = fitting((text) => parseCidr(text) !== undefined, networkRule);
const address = fitting((text) => parseIpv4(text) !== undefined, {
  en: "must be an IPv4 address such as 192.168.1.12",
  ja: "192.168.1.12 のようなIPv4アドレスにしてください",
});
const largestPort = 65_535;
const port = isFitting(
  z.number(),
  (number) => Number.isInteger(number) && number >= 1 && number <= largestPort,
  {
    en: `must be a whole number from 1 to ${largestPort}`,
    ja: `1から${largestPort}までの整数にしてください`,
  },
);
/** More than a classroom's lab has, and as many as share one machine's ports without a clash. */
const mostHosts = 20;
/** A reference as Docker takes it: registry and path in lower case, then a tag or a digest. */
const imageReference =
  /^[a-z0-9]+([.-][a-z0-9]+)*(:\d+)?(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
const engineAddress = /^(unix|tcp|ssh|npipe|https?):\/\/./;
/** As `docker context create` takes it. */
const contextName = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;
const atLeastOne = { en: "must have at least one entry", ja: "1つ以上書いてください" };
const isNotEmpty = (list: { readonly length: number }): boolean => list.length > 0;

const hostSchema = z.strictObject({
  name: fitting((text) => /^[a-z][a-z0-9-]{0,30}$/.test(text), {
    en: "must begin with a lower-case letter and go on in lower-case letters, digits and hyphens, 31 at most",
    ja: "英小文字で始まる、英小文字・数字・ハイフンの31文字までにしてください",
  }),
  domain: fitting((text) => /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]+$/.test(text), {
    en: "must be a domain name such as example1.test",
    ja: "example1.test のようなドメイン名にしてください",
  }),
  address,
  users: isFitting(
    z.array(
      fitting((text) => /^[a-z][a-z0-9-]{0,30}$/.test(text), {
        en: "must be a user name such as user1",
        ja: "user1 のようなユーザー名にしてください",
      }),
    ),
    isNotEmpty,
    atLeastOne,
  ),
});

const hostPortsSchema = z.strictObject({ ssh: port, smtp: port, pop3: port, imap: port });

const publishSchema = z.strictObject({
  dns: port.optional(),
  desk: port.optional(),
  hosts: z.record(z.string(), hostPortsSchema).optional(),
});

const restoredHostSchema = z.strictObject({
  image: fitting((text) => imageReference.test(text), {
    en: "must name an image that ./lab save made",
    ja: "./lab save で作ったイメージを書いてください",
  }),
  stage: z.string(),
});

const labConfigSchema = z.strictObject({
  subnet: cidr,
  addressing: z.enum(["docker", "inside"]),
  carrierSubnet: fitting((text) => text === "" || parseCidr(text) !== undefined, networkRule),
  start: z.enum(["exercise", "finished"]),
  starts: z.record(z.string(), z.enum(["exercise", "finished"])),
  stage: z.string(),
  stages: z.record(z.string(), z.string()),
  restored: z.record(z.string(), restoredHostSchema),
  hosts: isFitting(
    isFitting(z.array(hostSchema), isNotEmpty, atLeastOne),
    ({ length }) => length <= mostHosts,
    { en: `must have at most ${mostHosts} entries`, ja: `${mostHosts}台までにしてください` },
  ),
  baseImage: fitting((text) => imageReference.test(text), {
    en: "must name an image such as ubuntu:24.04",
    ja: "ubuntu:24.04 のようなイメージ名を書いてください",
  }),
  publish: publishSchema,
  listen: fitting((text) => text === "" || parseIpv4(text) !== undefined, {
    en: "must be empty, 0.0.0.0 or an IPv4 address of this machine such as 192.168.0.10",
    ja: "空にするか、0.0.0.0、または 192.168.0.10 のようなこのマシンのIPv4アドレスにしてください",
  }),
  machine: z.array(address),
  upstream: z.boolean(),
  engine: fitting((text) => text === "" || engineAddress.test(text) || contextName.test(text), {
    en: "must be empty or an address as DOCKER_HOST has it, such as ssh://teacher@server, or the name of a Docker context",
    ja: "空にするか、DOCKER_HOSTと同じ形（例: ssh://teacher@server）か、Dockerコンテキストの名前で書いてください",
  }),
  systemd: z.enum(["entry", "writable-cgroups"]),
  securityOpts: z.array(z.string()),
  desk: z.enum(["", "ja", "en"]),
});

/** One mail host as configured. */
export type HostConfig = z.infer<typeof hostSchema>;

/** The published ports of one mail host, on the machine's side. */
export type HostPorts = z.infer<typeof hostPortsSchema>;

/** What a restored host is made from: an image of its own, and the stage that was applied in it already. */
export type RestoredHost = z.infer<typeof restoredHostSchema>;

/** A stack's whole configuration, checked: what Pulumi.yaml declares under `config:`. */
export type LabConfig = z.infer<typeof labConfigSchema>;

/** The configuration's keys as Pulumi.yaml declares them. */
export const configKeys = Object.keys(labConfigSchema.shape) as readonly (keyof LabConfig)[];

/** Keys whose value is text; `pulumi config set` stores every other value as JSON. */
export const textKeys: ReadonlySet<string> = new Set<keyof LabConfig>([
  "subnet",
  "addressing",
  "carrierSubnet",
  "start",
  "stage",
  "baseImage",
  "listen",
  "engine",
  "systemd",
  "desk",
]);

/**
 * Checks a stack's configuration.
 *
 * @param raw - key to value, as Pulumi hands it over (values of objects already parsed).
 * @param leniency - rules that do not hold here yet, or no longer; all of them do unless told.
 * @throws LabError `LAB_CONFIG` naming each field, its value and the rule it breaks.
 */
export function parseLabConfig(
  raw: Readonly<Record<string, unknown>>,
  leniency: RuleLeniency = {},
): LabConfig {
  const parsed = labConfigSchema.safeParse(raw, { reportInput: true });
  const failures = parsed.success
    ? brokenRules(parsed.data, leniency)
    : parsed.error.issues.map((issue) => configIssue(issue));
  if (parsed.success && failures.length === 0) return parsed.data;
  throw new LabError(
    "LAB_CONFIG",
    {
      en: `The lab's configuration is not valid: ${failures.map(({ en }) => en).join("; ")}.`,
      ja: `ラボの設定が正しくありません。${failures.map(({ ja }) => `${ja}。`).join("")}`,
    },
    {
      hint: {
        en: "pulumi config set KEY VALUE mends a key, --path 'hosts[0].name' a part of one; Pulumi.yaml lists the keys",
        ja: "pulumi config set キー 値 で直せます（一部だけなら --path 'hosts[0].name' のように）。キーの一覧はPulumi.yamlにあります",
      },
      exit: exitCode.usage,
    },
  );
}
