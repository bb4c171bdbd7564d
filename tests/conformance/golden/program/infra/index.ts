import * as docker from "@pulumi/docker";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
const v = process.env["VARIANT"] ?? "base";
const is = (n: string): boolean => v === n;
const pick = <T,>(n: string, yes: T, no: T): T => (is(n) ? yes : no);
const labels = [{ label: "mail-lab.stack", value: pick("labels", "other", "dev") }, { label: "mail-lab.node", value: "host1" }];
export const net = new docker.Network("lan", { name: "dev-lan", driver: "bridge", ipamConfigs: [{ subnet: pick("net-subnet", "192.168.9.0/24", "192.168.1.0/24"), gateway: pick("net-subnet", "192.168.9.1", "192.168.1.1") }], labels: [{ label: "mail-lab.stack", value: "dev" }], options: pick<Record<string,string>>("net-options", { "com.docker.network.bridge.name": "br-lab2" }, { "com.docker.network.bridge.name": "br-lab" }) }, { aliases: [] });
const vol = new docker.Volume("spool", { name: pick("vol-name", "dev-spool2", "dev-spool"), labels: [{ label: "mail-lab.stack", value: "dev" }] });
const rimg = new docker.RemoteImage("rbuilt", { name: "golden/rbuilt:dev", build: { context: "../ctx", dockerfile: "Dockerfile", buildArgs: { WHO: pick("rimage-arg", "two", "one") } }, triggers: { hash: pick("rimage-trigger", "h2", "h1") }, keepLocally: pick("rimage-keep", true, false) });
const secret = pulumi.secret("s3cret");
const c = new docker.Container("host1", {
  image: is("image-other") ? "labbase:bookworm" : rimg.imageId, name: pick("name", "dev-host1b", "dev-host1"), hostname: pick("hostname", "other", "host1example1test"), domainname: "example1.test",
  command: ["/bin/sleep", pick("command", "1000", "infinity")], entrypoints: is("entrypoints") ? ["/bin/sh", "-c"] : [],
  networkMode: "bridge", networksAdvanced: [{ name: net.name, ipv4Address: pick("ip", "192.168.1.14", "192.168.1.12"), aliases: is("alias") ? ["mail"] : [] }],
  dns: [pick("dns", "192.168.1.9", "192.168.1.11")], dnsSearches: ["example1.test"],
  envs: is("envs") ? ["container=docker", "A=2"] : ["A=1", "container=docker"], 
  capabilities: { adds: is("caps") ? ["SYS_ADMIN"] : ["NET_ADMIN", "SYS_ADMIN"] },
  tmpfs: is("tmpfs") ? { "/run": "", "/tmp": "size=64m" } : { "/run": "", "/run/lock": "", "/tmp": "" },
  volumes: [{ volumeName: vol.name, containerPath: "/var/spool/x" }, ...(is("volumes") ? [{ volumeName: vol.name, containerPath: "/srv" }] : [])],
  ports: [{ internal: 25, external: pick("ports", 12526, 12525), ip: "127.0.0.1" }, { internal: 143, external: 12143, ip: "127.0.0.1" }],
  labels, restart: pick("restart", "no", "unless-stopped"), mustRun: true, stopSignal: "SIGRTMIN+3", stopTimeout: pick("stopTimeout", 20, 10), destroyGraceSeconds: pick("grace", 5, 2),
  memory: pick("memory", 300, 256), memorySwap: 512, cpuShares: pick("cpuShares", 512, 1024), pidMode: "", securityOpts: is("securityOpts") ? ["no-new-privileges"] : [], cgroupnsMode: pick("cgroupns", "host", "private"),
  healthcheck: { tests: ["CMD", pick("healthcheck", "false", "true")], interval: "1s", timeout: "2s", retries: 3 }, wait: true, waitTimeout: pick("waitTimeout", 40, 30),
  logDriver: "json-file", logOpts: { "max-size": pick("logOpts", "2m", "1m") }, sysctls: { "net.ipv4.ip_unprivileged_port_start": pick("sysctls", "1", "0") }, hosts: is("hosts") ? [{ host: "x", ip: "192.168.1.1" }] : [],
  uploads: is("uploads") ? [{ file: "/etc/u", content: "u" }] : [], init: pick("init", true, false), shmSize: pick("shm", 128, 64), ulimits: [{ name: "nofile", soft: 1024, hard: pick("ulimits", 8192, 4096) }], user: pick("user", "1000", ""), workingDir: pick("workdir", "/tmp", "/"), privileged: pick("privileged", true, false), rm: false, tty: pick("tty", true, false), stdinOpen: false,
});
export const cmd = new command.local.Command("step", { create: pick("cmd-create", "echo created-b", "echo created"), update: is("cmd-noupdate") ? undefined : "echo updated", delete: "true", triggers: [pick<pulumi.Input<string>>("cmd-triggers", "other", c.id)], environment: { PW: secret, X: pick("cmd-env", "2", "1") }, stdin: pick("cmd-stdin", "in2", "in1") } as command.local.CommandArgs);
export const imageId = rimg.imageId;
