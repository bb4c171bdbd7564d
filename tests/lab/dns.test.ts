import { describe, expect, it } from "vitest";
import { isFullRun } from "../support/full-run.ts";
import { queryFromHost } from "../support/dig.ts";
import { lookUp } from "../../src/protocols/dns.ts";
import { labUnderTest, logInAsStep, LOOPBACK, mailHosts } from "../support/lab-under-test.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";

showLabOnFailure();

const OUTSIDE_NAME = "www.example.com";
/** A machine at other work may take longer. */
const FAST_MS = isFullRun ? 1_000 : 20_000;

/** The DNS server as the machine outside reaches it. */
function published() {
  return { address: LOOPBACK, port: labUnderTest().dns.port };
}

describe.each([
  ["example1.test", () => mailHosts()[0]],
  ["example2.test", () => mailHosts()[1]],
])("the zone %s", (_domain, hostOf) => {
  it("has its SOA, its name server, its mail exchanger and their addresses", async () => {
    const { domain, address } = hostOf();
    const { dns } = labUnderTest();

    const soa = await lookUp(published(), domain, "SOA");
    expect(soa).toMatchObject({ code: "NOERROR", records: [{ nsname: `dns.${domain}` }] });
    const ns = await lookUp(published(), domain, "NS");
    expect(ns).toEqual({ code: "NOERROR", records: [`dns.${domain}`] });
    const mx = await lookUp(published(), domain, "MX");
    expect(mx).toEqual({ code: "NOERROR", records: [{ exchange: `mail.${domain}`, preference: 10 }] });
    expect((await lookUp(published(), `mail.${domain}`, "A")).records).toEqual([address]);
    expect((await lookUp(published(), `dns.${domain}`, "A")).records).toEqual([dns.address]);
  });

  it("says at once that it doesn't have a name", async () => {
    const asked = performance.now();
    const { code } = await lookUp(published(), `nosuchname.${hostOf().domain}`, "A");
    expect(code).toBe("NXDOMAIN");
    expect(performance.now() - asked).toBeLessThan(FAST_MS);
  });
});

describe("a name that is not the lab's", () => {
  it("is unknown at once to a host of the lab", async () => {
    const [host1] = mailHosts();
    await using ssh = await logInAsStep(host1);

    const own = await queryFromHost(ssh, host1.domain, "MX");
    expect(own).toMatchObject({ status: "NOERROR" });
    const outside = await queryFromHost(ssh, OUTSIDE_NAME, "A");
    expect(outside.status).toBe("NXDOMAIN");
    expect(outside.queryTimeMs).toBeLessThan(FAST_MS);
  });

  it("is refused to a client outside the lab, as is recursion", async () => {
    expect(await lookUp(published(), OUTSIDE_NAME, "A")).toMatchObject({ code: "REFUSED" });
    expect(await lookUp(published(), "12.1.168.192.in-addr.arpa", "NS")).toMatchObject({ code: "REFUSED" });
  });

  it("has no reverse zone, so that received mail shows its sender as unknown", async () => {
    const [host1] = mailHosts();
    await using ssh = await logInAsStep(host1);
    const reverse = host1.address.split(".").toReversed().join(".");
    expect(await queryFromHost(ssh, `${reverse}.in-addr.arpa`, "PTR")).toMatchObject({ status: "NXDOMAIN" });
  });
});
