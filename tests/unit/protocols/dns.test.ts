import { describe, expect, it } from "vitest";
import { lookUp } from "../../../src/protocols/dns.ts";
import { encodeName, startDnsServer } from "../../support/dns-server.ts";
import { createSocket } from "node:dgram";

const address = "127.0.0.1";
const NXDOMAIN = 3;
const REFUSED = 5;
const MX = 15;

describe("asking a DNS server", () => {
  it("gives its records", async () => {
    const data = Buffer.concat([Buffer.from([0, 10]), encodeName("mail.example1.test")]);
    await using server = await startDnsServer(0, { type: MX, data });

    expect(await lookUp({ address, port: server.port }, "example1.test", "MX")).toEqual({
      code: "NOERROR",
      records: [{ exchange: "mail.example1.test", preference: 10 }],
    });
  });

  it.each([
    [0, "NODATA"],
    [NXDOMAIN, "NXDOMAIN"],
    [REFUSED, "REFUSED"],
    [2, "SERVFAIL"],
  ])("gives response code %i as %s", async (responseCode, code) => {
    await using server = await startDnsServer(responseCode);

    expect(await lookUp({ address, port: server.port }, "no.example1.test", "A")).toEqual({
      code,
      records: [],
    });
  });

  it("gives up on a server that says nothing, naming the question, the server and the time", async () => {
    const silent = createSocket("udp4");
    await new Promise<void>((resolve) => silent.bind(0, address, resolve));
    const { port } = silent.address();

    const asking = lookUp({ address, port, deadlineMs: 50 }, "example1.test", "SOA");

    await expect(asking).rejects.toMatchObject({
      code: "LAB_DNS_NO_ANSWER",
      message: `asking for SOA of example1.test at 127.0.0.1:${port}: no answer in time (limit 0.05 s)`,
    });
    silent.close();
  });
});
