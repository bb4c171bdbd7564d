import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readContainerFile } from "../../src/engine/container-file.ts";
import { parseDnsQuestions } from "../../src/model/dns-questions.ts";
import { lookUp, type DnsTarget } from "../../src/protocols/dns.ts";
import type { SshConnection } from "../../src/protocols/ssh.ts";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { isFullRun } from "../support/full-run.ts";
import { queryFromHost } from "../support/dig.ts";
import { buildImages, type BuiltImages } from "./built-images.ts";
import { createCarrierNetwork, type CarrierNetwork } from "./carrier-network.ts";
import { startDns } from "./dns-node.ts";
import { startNode, type StartedNode } from "./started-node.ts";

/** What "at once" means for an answer inside the lab; a machine at other work may take longer. */
const atOnceMs = isFullRun ? 500 : 4_000;

describe("the DNS server of a closed lab", () => {
  const resources = new AsyncDisposableStack();
  let images: BuiltImages;
  let network: CarrierNetwork;
  let dns: StartedNode;
  let server: DnsTarget;
  let ssh: SshConnection;

  beforeAll(async () => {
    images = await buildImages();
    network = resources.use(await createCarrierNetwork(61));
    dns = resources.use(await startDns(images.dns, network));
    server = { address: "127.0.0.1", port: await dns.publishedPort("53/udp") };
    const host = resources.use(
      await startNode({
        ...{ network, image: images.exercise, hostname: "host1example1test", address: "192.168.1.12" },
        hasSystemd: true,
      }),
    );
    ssh = resources.use(await host.login());
    await waitUntil({ awaited: "the DNS server", deadlineMs: 60_000 }, async () => {
      const ask = lookUp({ ...server, deadlineMs: 500 }, "example1.test", "SOA");
      return await ask.catch(() => undefined);
    });
  });

  afterAll(async () => {
    await resources.disposeAsync();
  });

  it.each([
    ["example1.test", "mail.example1.test", "192.168.1.12"],
    ["example2.test", "mail.example2.test", "192.168.1.13"],
  ])("answers for %s to anybody", async (domain, mailHost, address) => {
    expect(await lookUp(server, domain, "MX")).toEqual({
      code: "NOERROR",
      records: [{ exchange: mailHost, preference: 10 }],
    });
    expect((await lookUp(server, mailHost, "A")).records).toEqual([address]);
    expect((await lookUp(server, domain, "NS")).records).toEqual([`dns.${domain}`]);
    expect((await lookUp(server, `dns.${domain}`, "A")).records).toEqual(["192.168.1.11"]);
  });

  it("says of a name that its own zones do not have that there is none", async () => {
    expect((await lookUp(server, "nobody.example1.test", "A")).code).toBe("NXDOMAIN");
  });

  it.each(["example.com", "mail.google.com", "test", "12.1.168.192.in-addr.arpa"])(
    "tells the lab at once that there is no %s",
    async (name) => {
      const { status, queryTimeMs } = await queryFromHost(ssh, name, "MX");
      expect(status).toBe("NXDOMAIN");
      expect(queryTimeMs).toBeLessThan(atOnceMs);
    },
  );

  it("lets that be remembered for seconds only", async () => {
    const { stdout } = await ssh.run("dig +noall +authority example.com | awk '{ print $2 }'");
    expect(Number(stdout)).toBeLessThanOrEqual(5);
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  it("refuses a stranger's question about other names", async () => {
    expect((await lookUp(server, "example.com", "A")).code).toBe("REFUSED");
  });

  it("hands its zones to nobody", async () => {
    const { stdout } = await ssh.run("dig +tries=1 example1.test AXFR");
    expect(stdout).toContain("Transfer failed");
  });

  it("answers over TCP as well", async () => {
    const { stdout } = await ssh.run("dig +tcp +short example2.test MX");
    expect(stdout).toBe("10 mail.example2.test.\n");
  });

  it("keeps who asked what, and when, in a file of its own and not in the container's output", async () => {
    const beforeMs = Date.now();
    const name = "kept.example1.test";
    await queryFromHost(ssh, name, "MX");
    const questions = await waitUntil(
      { awaited: `the question about ${name}`, deadlineMs: 60_000 },
      async () => {
        const log = await readContainerFile("", dns.name, "/var/cache/bind/questions.log");
        const found = parseDnsQuestions(log?.toString("utf8") ?? "").filter(
          (question) => question.name === name,
        );
        return found.length > 0 ? found : undefined;
      },
    );
    expect(questions).toMatchObject([{ client: "192.168.1.12", type: "MX" }]);
    expect(questions[0]?.atMs).toBeGreaterThanOrEqual(beforeMs);
    expect(await dns.docker("logs")).not.toContain(name);
  });

  it("runs as the user bind, with an ordinary container's rights at most", async () => {
    // `docker top` would ask for ps on the machine, which a bare one lacks.
    const bind = await dns.docker("exec", "id", "-u", "bind");
    const commandLine = await dns.docker(
      "exec",
      "sh",
      "-c",
      "tr '\\0' ' ' </proc/1/cmdline; echo; grep ^Uid: /proc/1/status",
    );
    expect(commandLine).toContain("named -f");
    expect(commandLine).toMatch(new RegExp(`^Uid:(\\t${bind.trim()}){4}$`, "m"));
  });

  it("is the same after a restart, and stops in no time", async () => {
    const started = performance.now();
    await dns.docker("restart");
    console.log(`the DNS server restarted in ${Math.round(performance.now() - started)} ms`);
    // Past Docker's patience of 10 s it would have been killed.
    expect(performance.now() - started).toBeLessThan(8_000);
    const answer = await waitUntil({ awaited: "the DNS server", deadlineMs: 60_000 }, async () => {
      const { status } = await queryFromHost(ssh, "example1.test", "MX").catch(() => ({ status: "none" }));
      return status === "NOERROR" ? status : undefined;
    });
    expect(answer).toBe("NOERROR");
  });
});

describe("the DNS server of an open lab", () => {
  const resources = new AsyncDisposableStack();
  let dns: StartedNode;
  let server: DnsTarget;
  let ssh: SshConnection;

  beforeAll(async () => {
    const images = await buildImages();
    const network = resources.use(await createCarrierNetwork(62));
    dns = resources.use(await startDns(images.dns, network, true));
    server = { address: "127.0.0.1", port: await dns.publishedPort("53/udp") };
    const host = resources.use(
      await startNode({
        ...{ network, image: images.exercise, hostname: "host1example1test", address: "192.168.1.12" },
        hasSystemd: true,
      }),
    );
    ssh = resources.use(await host.login());
  });

  afterAll(async () => {
    await resources.disposeAsync();
  });

  it("answers for the lab's domains", async () => {
    expect((await queryFromHost(ssh, "example1.test", "MX")).status).toBe("NOERROR");
  });

  it("asks the machine's resolver for the lab: an answer, or a failure within its limit of 2 s", async () => {
    const { status, queryTimeMs } = await queryFromHost(ssh, "host.invalid", "A");
    expect(status).toMatch(/^(NXDOMAIN|SERVFAIL)$/);
    expect(queryTimeMs).toBeLessThan(3_000);
  });

  it("finds with that resolver a name of its container network", async () => {
    // Docker's resolver knows every container by its name: proof that the question got there.
    const { stdout } = await ssh.run(`dig +short ${dns.name}`);
    expect(stdout).toMatch(/^10\.77\.62\.\d+$/m);
  });

  it("refuses a stranger all the same", async () => {
    expect((await lookUp(server, "example.com", "A")).code).toBe("REFUSED");
  });
});
