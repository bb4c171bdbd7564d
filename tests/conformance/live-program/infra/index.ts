/** A network, a volume and a container, with one input changed at a time by the environment variable VARIANT. */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

const variant = process.env["VARIANT"] ?? "base";
const run = process.env["CONF_RUN"] ?? "conf-live";
const prefix = process.env["CONF_PREFIX"] ?? "10.0.0";
const pick = <Value>(name: string, yes: Value, no: Value): Value => (variant === name ? yes : no);
const labels = [{ label: "mail-lab.test", value: run }];

const network = new docker.Network("lan", {
  name: `${run}-lan`,
  driver: "bridge",
  ipamConfigs: [{ subnet: `${prefix}.0/24`, gateway: `${prefix}.1` }],
  labels,
});
const volume = new docker.Volume("spool", { name: `${run}-spool`, labels });

/** The container's id, which tells an update from a replacement. */
export const containerId = new docker.Container("host", {
  image: process.env["CONF_IMAGE"] ?? "",
  name: `${run}-host`,
  labels,
  command: ["/bin/sleep", "infinity"],
  envs: [pick("envs", "A=2", "A=1")],
  networkMode: "bridge",
  networksAdvanced: [{ name: network.name, ipv4Address: `${prefix}.12`, aliases: ["mail"] }],
  dns: [`${prefix}.11`],
  volumes: [{ volumeName: volume.name, containerPath: "/srv" }],
  tmpfs: { "/run": "" },
  memory: pick("memory", 96, 64),
  restart: "unless-stopped",
  capabilities: { adds: ["CAP_NET_ADMIN"], drops: ["MKNOD"] },
  securityOpts: ["no-new-privileges", `seccomp=${JSON.stringify({ defaultAction: "SCMP_ACT_ALLOW" })}`],
  healthcheck: { tests: ["CMD", "/bin/true"], interval: "1s" },
  wait: true,
  uploads: [
    {
      file: "/etc/secret/key",
      content: pulumi.secret(process.env["CONF_SECRET"] ?? ""),
      permissions: "0600",
    },
    { file: "/etc/motto", contentBase64: Buffer.from("one, two\n").toString("base64"), executable: true },
  ],
}).id;
