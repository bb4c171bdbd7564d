import { describe, expect, it } from "vitest";
import { stepsOfStage } from "../../../src/course/stage.ts";
import { compareStates, type Difference } from "../../../src/lab/diff/compare-states.ts";
import {
  parseDoveconf,
  parseHostState,
  parsePristineState,
  type HostState,
  type PristineState,
} from "../../../src/lab/diff/host-state.ts";
import { lookedAt, referenceState } from "../../../src/lab/diff/reference-state.ts";
import { planTopology, type MailHostPlan } from "../../../src/model/topology.ts";
import { configWith } from "../../support/default-config.ts";
import { doneByHand, record, untouched } from "./host-outputs.ts";

const topology = planTopology(configWith());
const [host] = topology.hosts as [MailHostPlan];

function pristine(): PristineState {
  const state = parsePristineState(record);
  if (state === undefined) throw new Error("the record can't be read");
  return state;
}

function reference(stage: string): HostState {
  return referenceState(stepsOfStage(stage), { host, topology }, pristine());
}

/** The differences of a host, each in one line. */
function differences(output: string, stage: string): readonly string[] {
  const words = ({ area, name, kind, yours, reference: wanted }: Difference) =>
    `${area} ${name} ${kind}: ${yours ?? "-"} / ${wanted ?? "-"}`;
  return compareStates(parseHostState(output), reference(stage), pristine()).map(words);
}

describe("the reference", () => {
  it("has nothing of mail where the chapter begins", () => {
    const { packages, mainCf, dovecot, services, accounts } = reference("exercise");
    expect([packages.size, mainCf, dovecot, services]).toEqual([0, undefined, undefined, {}]);
    expect(Object.keys(accounts)).toEqual(["ubuntu"]);
  });

  it("has the packages' own values after the first step, with the names of the host", () => {
    const { mainCf, dovecot, mailName } = reference("6.01");
    expect(mainCf).toMatchObject({
      inet_interfaces: "all",
      myhostname: "host1example1test",
      mydestination: "$myhostname, example1.test, host1example1test, localhost.localdomain, localhost",
    });
    expect(dovecot?.["passdb/driver"]).toBe("pam");
    expect(mailName).toBe("example1.test");
  });

  it("has each step's values from that step on", () => {
    expect(reference("6.01").mainCf?.["mydomain"]).toBeUndefined();
    expect(reference("6.02").mainCf?.["mydomain"]).toBe("example1.test");
    expect(reference("6.04").accounts["user1"]).toBeUndefined();
    expect(reference("6.05").accounts["user1"]).toBeDefined();
    expect(reference("6.09").dovecot?.["ssl"]).toBeUndefined();
    expect(reference("6.10").dovecot?.["ssl"]).toBe("no");
  });

  it("is the same before and after what a person does and that leaves nothing", () => {
    expect(reference("6.07")).toEqual(reference("6.06"));
    expect(reference("finished")).toEqual(reference("6.11"));
  });

  it("is looked for in all packages that the chapter installs", () => {
    const { packages } = lookedAt({ host, topology });
    expect(packages).toEqual(["postfix", "dovecot-pop3d", "dovecot-imapd", "mailutils"]);
  });
});

describe("a host", () => {
  it("on which the chapter was done by hand does not differ, however its lists are written", () => {
    expect(differences(doneByHand, "finished")).toEqual([]);
  });

  it("on which nothing was done does not differ from the beginning", () => {
    expect(differences(untouched, "exercise")).toEqual([]);
  });

  it("on which nothing was done lacks packages, and not each of their settings", () => {
    expect(differences(untouched, "6.02")).toEqual([
      "package dovecot-imapd missing: - / installed",
      "package dovecot-pop3d missing: - / installed",
      "package postfix missing: - / installed",
    ]);
  });

  it("that is ahead of the step has what comes later", () => {
    expect(differences(doneByHand, "6.10")).toEqual([]);
    expect(differences(doneByHand, "6.09")).toEqual(["dovecot ssl different: no / yes"]);
    expect(differences(doneByHand, "6.05")).toContain("package mailutils extra: installed / -");
  });
});

const changes: readonly (readonly [what: string, from: string | RegExp, to: string, difference: string])[] = [
  [
    "a parameter of another value",
    "inet_interfaces = 192.168.1.12, localhost",
    "inet_interfaces = all",
    "main.cf inet_interfaces different: all / localhost, 192.168.1.12",
  ],
  [
    "a parameter that is not there",
    "smtpd_sasl_type = dovecot\n",
    "",
    "main.cf smtpd_sasl_type missing: - / dovecot",
  ],
  [
    "a misspelt parameter, which Postfix only warns of",
    "@@ postconf-complaints\n",
    "@@ postconf-complaints\n/usr/sbin/postconf: warning: /etc/postfix/main.cf: unused parameter: mynetworkss=127.0.0.0/8\n",
    "main.cf mynetworkss extra: 127.0.0.0/8 / -",
  ],
  [
    "the order of restrictions, which counts",
    "permit_mynetworks permit_sasl_authenticated reject",
    "permit_sasl_authenticated permit_mynetworks reject",
    "main.cf smtpd_recipient_restrictions different: permit_sasl_authenticated permit_mynetworks reject_unauth_destination / permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
  ],
  [
    "a service of master.cf",
    "smtp       inet  n       -       y",
    "smtp       inet  n       -       n",
    "master.cf smtp inet different: n - n - - smtpd / n - y - - smtpd",
  ],
  [
    "a setting of Dovecot that was left out, with the value that it has then",
    "disable_plaintext_auth = no\n",
    "",
    "dovecot disable_plaintext_auth different: yes / no",
  ],
  [
    "a setting within a block",
    "    mode = 0660",
    "    mode = 0600",
    "dovecot service auth/unix_listener /var/spool/postfix/private/auth/mode different: 0600 / 0660",
  ],
  [
    "a file that Dovecot can't read",
    "@@ doveconf-complaints\n",
    "@@ doveconf-complaints\ndoveconf: Fatal: Error in configuration file 10-ssl.conf line 6\n",
    "dovecot doveconf -n different: doveconf: Fatal: Error in configuration file 10-ssl.conf line 6 / -",
  ],
  [
    "a service that is masked",
    "dovecot loaded active enabled",
    "dovecot masked inactive masked",
    "service dovecot different: inactive, masked / active, enabled",
  ],
  [
    "a Postfix whose instance does not run",
    "postfix@- loaded active",
    "postfix@- loaded failed",
    "service postfix different: failed, enabled / active, enabled",
  ],
  [
    "a user who is missing",
    "user1 /home/user1 /bin/bash\n",
    "",
    "account user1 missing: - / /home/user1 /bin/bash",
  ],
  [
    "a user who is locked",
    "user1 P ",
    "user1 L ",
    "account user1 different: /home/user1 /bin/bash, password locked / /home/user1 /bin/bash",
  ],
  [
    "a user too many",
    "@@ passwords",
    "guest /home/guest /bin/sh\n@@ passwords",
    "account guest extra: /home/guest /bin/sh / -",
  ],
  [
    "a mailbox of somebody else",
    "user1:mail 600",
    "root:root 600",
    "file /var/mail/user1 different: root:root 600 / user1:mail 600",
  ],
  [
    "a file of the packages with other rights",
    "/etc/postfix/main.cf root:root 644",
    "/etc/postfix/main.cf root:root 600",
    "file /etc/postfix/main.cf different: root:root 600 / root:root 644",
  ],
  [
    "another mail name",
    "@@ mailname\nexample1.test",
    "@@ mailname\nlocalhost",
    "file /etc/mailname different: localhost / example1.test",
  ],
  [
    "aliases that were changed and not built",
    /current\n$/,
    "old\n",
    "aliases /etc/aliases.db different: old / current",
  ],
];

describe("a difference", () => {
  it.each(changes)("is named: %s", (_what, from, to, difference) => {
    const changed = doneByHand.replace(from, to);
    expect(changed).not.toBe(doneByHand);
    expect(differences(changed, "finished")).toEqual([difference]);
  });

  it("is not that there is no mailbox yet, or one that was made with its account", () => {
    const line = "/var/mail/user1 user1:mail 600\n";
    expect(differences(doneByHand.replace(line, ""), "finished")).toEqual([]);
    expect(differences(doneByHand.replace(line, line.replace("600", "660")), "finished")).toEqual([]);
  });

  it("is not that nobody could become root to look at passwords", () => {
    expect(differences(doneByHand.replaceAll(/^user1 P .*\n/gm, ""), "finished")).toEqual([]);
  });
});

describe("Dovecot's configuration", () => {
  it("counts blocks of the same head", () => {
    const block = ["passdb {", "  driver = pam", "}"];
    expect(parseDoveconf([...block, ...block])).toEqual({
      "passdb/driver": "pam",
      "passdb (2)/driver": "pam",
    });
  });
});

describe("the image's record", () => {
  it("is none where a part of it is missing", () => {
    expect(
      parsePristineState(record.replace("smtp       inet", "@@ other\nsmtp       inet")),
    ).toBeUndefined();
    expect(parsePristineState(untouched)).toBeUndefined();
  });
});
