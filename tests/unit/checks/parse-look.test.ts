import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { HostObservation } from "../../../src/checks/observation.ts";
import {
  readObservation,
  readSections,
  silentPrograms,
  type Sections,
} from "../../../src/checks/parse-look.ts";

/** The second at which the recorded host was looked at. */
const lookedMs = 1_795_520_185_061;

let sections: Sections;
let seen: HostObservation;
beforeAll(async () => {
  const recorded = await readFile(join(import.meta.dirname, "recorded-look.txt"), "utf8");
  sections = readSections(recorded, "@@m");
  seen = readObservation(sections, {
    host: "host1",
    askedMs: lookedMs - 100,
    answeredMs: lookedMs + 100,
    users: ["user1"],
  });
});

describe("what was recorded on a finished host", () => {
  it("has Postfix's settings as they are written and as they are in effect, and where", () => {
    expect(seen.postfix?.set).toMatchObject({ mydestination: "$mydomain", relayhost: "" });
    expect(seen.postfix?.effective["mydestination"]).toBe("example1.test");
    expect(seen.postfix?.complaints).toEqual([]);
    expect(seen.postfix?.lines).toContainEqual({
      file: "/etc/postfix/main.cf",
      line: 41,
      name: "mydestination",
      value: "$mydomain",
    });
  });

  it("has Dovecot's settings outside of blocks, its listeners, and where users' mail is", () => {
    expect(seen.dovecot?.set).toMatchObject({ ssl: "no", mail_access_groups: "mail" });
    expect(seen.dovecot?.set["special_use"]).toBeUndefined();
    expect(seen.dovecot?.authListeners).toEqual({
      "/var/spool/postfix/private/auth": { group: "postfix", mode: "0660", user: "postfix" },
    });
    expect(seen.dovecot?.inboxes).toEqual({ user1: "/var/mail/user1" });
    expect(seen.dovecot?.complaint).toBeUndefined();
  });

  it("has the services, when they started, and the youngest file of their configuration", () => {
    expect(seen.services.postfix).toEqual({
      activeState: "active",
      unitFileState: "enabled",
      startedMs: 1_795_519_563_950,
      newestFile: {
        path: "/etc/postfix/main.cf",
        changedMs: expect.closeTo(1_795_519_563_870, -1) as number,
      },
    });
    expect(seen.services.dovecot.newestFile?.path).toBe("/etc/dovecot/conf.d/10-ssl.conf");
    expect(seen.listeners).toContainEqual({ address: "192.168.1.12", port: 25 });
    expect(seen.listeners).toContainEqual({ address: "::", port: 143 });
  });

  it("has accounts, mailboxes and the queue", () => {
    expect(seen.accounts["user1"]).toEqual({
      uid: 1001,
      home: "/home/user1",
      shell: "/bin/bash",
      hasHome: true,
      passwordState: "set",
      isLabPassword: true,
      isExpired: false,
    });
    expect(seen.mailboxes["user1"]).toMatchObject({ kind: "file", owner: "user1", mode: "0600" });
    expect(seen.mailboxes["user1"]?.stamp).toBe("1444 1795520509.572017596 1795520509.000000000");
    expect(seen.queue).toMatchObject([{ queueId: "C7A3B2A0", queue: "deferred" }]);
    expect(seen.queue[0]?.recipients[0]?.reason).toContain("Connection refused");
    expect(seen.aliases.postmaster).toBe("root");
  });

  it("has the names as the host hears them, the log, the room and the other host's port", () => {
    expect(seen.names["MX example1.test"]).toEqual({ status: "NOERROR", values: ["10 mail.example1.test"] });
    expect(seen.names["A mail.example2.test"]?.values).toEqual(["192.168.1.13"]);
    expect(seen.mailLog?.length).toBeGreaterThan(0);
    expect(seen.disks.map(({ path }) => path)).toEqual(["/var/spool/postfix", "/var/mail", "/var/log"]);
    expect(seen.peerPorts).toEqual({ host2: "open" });
    expect(seen.clockOffsetMs).toBe(0);
    expect(seen.timeZone).toEqual({ file: "Etc/UTC", offset: "+0000" });
  });

  it("shows no program that says nothing", () => {
    expect(silentPrograms(sections)).toEqual([]);
  });
});

describe("what a host says on which less works", () => {
  it("names the programs that say nothing", () => {
    const broken = new Map([...sections, ["now", ""], ["listeners", "sh: ss: not found"]]);
    expect(silentPrograms(broken)).toEqual(["date", "ss"]);
  });

  it("takes no text of a file for a mark", () => {
    const read = readSections("\n@@a now\n1.5\n\n@@b now\n2\n\n@@a end\n", "@@a");
    expect([...read]).toEqual([
      ["now", "1.5\n\n@@b now\n2"],
      ["end", ""],
    ]);
  });

  it("has no Postfix and no time of start where there is none", () => {
    const bare = new Map(
      [...sections].filter(([name]) => !/postconf|main\.cf|doveconf|processes|queue/.test(name)),
    );
    const read = readObservation(bare, { host: "host1", askedMs: 0, answeredMs: lookedMs, users: ["user1"] });
    expect([read.postfix, read.dovecot, read.services.postfix.startedMs]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(read.queue).toEqual([]);
  });

  it("takes another program's number for no running service", () => {
    const stale = new Map([...sections, ["processes", "postfix 1795519563.95 bash"]]);
    const read = readObservation(stale, { host: "host1", askedMs: 0, answeredMs: lookedMs, users: [] });
    expect(read.services.postfix.startedMs).toBeUndefined();
  });
});
