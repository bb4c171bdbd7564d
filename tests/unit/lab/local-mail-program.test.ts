import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localAccounts, seenClient, writeAutoconfig } from "../../../src/lab/access/local-mail-program.ts";
import { planTopology } from "../../../src/model/topology.ts";
import { configWith } from "../../support/default-config.ts";

const hosts = planTopology(configWith()).hosts.map((host) => ({ ...host, hostKey: "" }));

describe("the accounts of a mail program on the lab's machine", () => {
  it("are everybody's, at the ports that their host has on the loopback", () => {
    expect(localAccounts(hosts)).toEqual([
      {
        address: "user1@example1.test",
        user: "user1",
        server: "127.0.0.1",
        imapPort: 14_312,
        smtpPort: 2512,
      },
      {
        address: "user2@example2.test",
        user: "user2",
        server: "127.0.0.1",
        imapPort: 14_313,
        smtpPort: 2513,
      },
    ]);
  });
});

describe("what a mail server sees of a client on the loopback", () => {
  it("is the lab's gateway where Docker holds the addresses: inside mynetworks", () => {
    expect(seenClient(configWith())).toEqual({ address: "192.168.1.1", mayRelay: true });
  });

  it("is the carrier's gateway where the containers do: a stranger", () => {
    const config = configWith({ addressing: "inside", carrierSubnet: "10.213.7.0/24" });
    expect(seenClient(config)).toEqual({ address: "10.213.7.1", mayRelay: false });
  });
});

describe("Thunderbird's autoconfiguration", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "autoconfig-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("is a file a domain, by the domain's name, in a folder that is made", async () => {
    const files = await writeAutoconfig(join(folder, "isp"), { hosts });
    expect(files.map((file) => basename(file))).toEqual(["example1.test.xml", "example2.test.xml"]);
    const ports = [...(await readFile(files[1] ?? "", "utf8")).matchAll(/<port>(\d+)<\/port>/g)];
    // The incoming server stands first.
    expect(ports.map(([, port]) => port)).toEqual(["14313", "2513"]);
  });
});
