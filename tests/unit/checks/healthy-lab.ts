import { judgeLab } from "../../../src/checks/judge-lab.ts";
import type { CheckId, CheckResult } from "../../../src/checks/check.ts";
import type {
  CheckedHost,
  CheckedLab,
  HostObservation,
  ObservedHost,
} from "../../../src/checks/observation.ts";
import type { LabObservation } from "../../../src/checks/observe-lab.ts";
import { parseMailLog } from "../../../src/model/mail/mail-log.ts";

/** What of a host may be changed for a test. */
interface HostChange {
  readonly seen?: (seen: HostObservation) => Partial<HostObservation>;
  readonly probes?: Partial<ObservedHost["probes"]>;
  readonly failure?: ObservedHost["failure"];
}

/** What of a lab may be changed for a test. */
export interface LabChange {
  readonly host1?: HostChange;
  readonly host2?: HostChange;
  readonly names?: (names: LabObservation["dns"]["names"]) => LabObservation["dns"]["names"];
  readonly dnsLog?: LabObservation["dns"]["log"];
  readonly questions?: LabObservation["dns"]["questions"];
  readonly stage?: string;
}

const startedMs = Date.parse("2026-11-24T11:26:07Z");
/** When the tests' lab is looked at. */
export const lookedMs = Date.parse("2026-11-24T12:00:00Z");

function hostOf(number: 1 | 2, stage: string): CheckedHost {
  return {
    name: `host${number}`,
    hostname: `host${number}example${number}test`,
    domain: `example${number}.test`,
    mailName: `mail.example${number}.test`,
    address: `192.168.1.1${number + 1}`,
    users: [`user${number}`],
    ports: { ssh: 2211 + number, smtp: 2511 + number, pop3: 11011 + number, imap: 14311 + number },
    hostKey: "ssh-ed25519 AAAA host",
    stage,
  };
}

/** The names as a DNS server with both zones answers them. */
const rightNames = {
  "MX example1.test": { status: "NOERROR", values: ["10 mail.example1.test"] },
  "A mail.example1.test": { status: "NOERROR", values: ["192.168.1.12"] },
  "MX example2.test": { status: "NOERROR", values: ["10 mail.example2.test"] },
  "A mail.example2.test": { status: "NOERROR", values: ["192.168.1.13"] },
};

/** A finished host as it was seen on one, with the host's own values. */
function seenOn({ domain, mailName, address, users, name }: CheckedHost): HostObservation {
  const set = {
    inet_interfaces: `localhost, ${address}`,
    mydestination: "$mydomain",
    mydomain: domain,
    myhostname: mailName,
    mynetworks: "192.168.1.0/24 127.0.0.0/8",
    myorigin: "/etc/mailname",
    smtpd_recipient_restrictions: "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
    smtpd_relay_restrictions: "permit_mynetworks permit_sasl_authenticated defer_unauth_destination",
    smtpd_sasl_auth_enable: "yes",
    smtpd_sasl_path: "private/auth",
    smtpd_sasl_type: "dovecot",
  };
  const user = users[0] ?? "";
  return {
    atMs: lookedMs,
    clockOffsetMs: 0,
    timeZone: { file: "Etc/UTC", offset: "+0000" },
    packages: {
      "dovecot-core": "installed",
      "dovecot-imapd": "installed",
      "dovecot-pop3d": "installed",
      mailutils: "installed",
      postfix: "installed",
    },
    mailProgram: "/usr/bin/mail.mailutils",
    mailName: domain,
    postfix: {
      set,
      effective: {
        ...set,
        mydestination: domain,
        home_mailbox: "",
        mail_spool_directory: "/var/mail",
        queue_directory: "/var/spool/postfix",
        message_size_limit: "10240000",
      },
      complaints: [],
      lines: Object.entries(set).map(([parameter, value], index) => ({
        file: "/etc/postfix/main.cf",
        line: 37 + index,
        name: parameter,
        value,
      })),
    },
    dovecot: {
      set: {
        disable_plaintext_auth: "no",
        mail_access_groups: "mail",
        mail_location: "mbox:~/mail:INBOX=/var/mail/%u",
        mail_privileged_group: "mail",
        ssl: "no",
      },
      authListeners: {
        "/var/spool/postfix/private/auth": { group: "postfix", mode: "0660", user: "postfix" },
      },
      inboxes: { [user]: `/var/mail/${user}` },
      complaint: undefined,
      lines: [],
    },
    services: {
      postfix: {
        activeState: "active",
        unitFileState: "enabled",
        startedMs,
        newestFile: { path: "/etc/postfix/main.cf", changedMs: startedMs - 3000 },
      },
      dovecot: {
        activeState: "active",
        unitFileState: "enabled",
        startedMs,
        newestFile: { path: "/etc/dovecot/conf.d/10-ssl.conf", changedMs: startedMs - 300 },
      },
      rsyslog: {
        activeState: "active",
        unitFileState: "enabled",
        startedMs: undefined,
        newestFile: undefined,
      },
    },
    listeners: [
      { address: "0.0.0.0", port: 22 },
      { address: "0.0.0.0", port: 110 },
      { address: "0.0.0.0", port: 143 },
      { address, port: 25 },
      { address: "127.0.0.1", port: 25 },
    ],
    accounts: {
      [user]: {
        uid: 1001,
        home: `/home/${user}`,
        shell: "/bin/bash",
        hasHome: true,
        passwordState: "set",
        isLabPassword: true,
        isExpired: false,
      },
    },
    mailboxes: {
      [user]: { path: `/var/mail/${user}`, kind: "missing", owner: "", mode: "", stamp: "" },
    },
    aliases: {
      text: "# See man 5 aliases for format\npostmaster:    root\n",
      textChangedMs: startedMs - 60_000,
      databaseChangedMs: startedMs,
      postmaster: "root",
    },
    queue: [],
    resolvConf: "nameserver 192.168.1.11\n",
    names: rightNames,
    disks: ["/var/spool/postfix", "/var/mail", "/var/log"].map((path) => ({
      path,
      freeBytes: 40_000_000_000,
      freeInodes: 1_000_000,
    })),
    peerPorts: { [name === "host1" ? "host2" : "host1"]: "open" },
    mailLog: parseMailLog(
      name,
      "2026-11-24T11:26:07.590007+00:00 host dovecot: master: Dovecot v2.3.19.1 starting up\n",
    ),
    mailLogBytes: 100,
  };
}

/** Judges a finished lab with this change, and gives its results by host and id. */
export function judged(change: LabChange = {}): ReadonlyMap<string, CheckResult> {
  const hosts = [hostOf(1, change.stage ?? "finished"), hostOf(2, change.stage ?? "finished")];
  const lab: CheckedLab = {
    hosts,
    dns: { address: "192.168.1.11", port: 5311 },
    subnet: "192.168.1.0/24",
    addressing: "docker",
    passwords: {},
    sshKey: "",
  };
  const observed: LabObservation = {
    hosts: hosts.map((host): ObservedHost => {
      const own = change[host.name as "host1" | "host2"] ?? {};
      const user = host.users[0] ?? "";
      const peer = hosts.find(({ name }) => name !== host.name) ?? host;
      const seen = seenOn(host);
      const good = { outcome: "good", words: "" } as const;
      return {
        host,
        seen: own.failure === undefined ? { ...seen, ...own.seen?.(seen) } : undefined,
        failure: own.failure,
        probes: {
          imap: { [user]: good },
          pop3: { [user]: good },
          smtpAuth: { [user]: good },
          crossing: {
            to: `${peer.users[0] ?? ""}@${peer.domain}`,
            receivingHost: peer.name,
            messageId: "<m@check.mail-lab.invalid>",
            queueIds: [
              { host: host.name, queueId: "AAAAAA1" },
              { host: peer.name, queueId: "BBBBBB2" },
            ],
            outcome: "good",
            words: "",
          },
          ...own.probes,
        },
      };
    }),
    dns: {
      names: change.names?.(rightNames) ?? rightNames,
      log: change.dnsLog ?? [],
      questions: change.questions ?? [],
    },
    fingerprint: "",
  };
  const results = judgeLab({ lab, observed, createdMs: new Map() });
  return new Map(results.map((result) => [`${result.host} ${result.id}`, result]));
}

/** What has failed for a reason of its own, with the cause: `host1 6.02/mynetworks parameter-missing`. */
export function ownFailures(change: LabChange): readonly string[] {
  return [...judged(change).values()]
    .filter(({ status, cause }) => status !== "passed" && cause !== "blocked" && cause !== "step-before")
    .map(({ host, id, cause }) => `${host} ${id} ${cause ?? ""}`);
}

/** The notes of results that pass and differ from the book: `host1 6.02/inet_interfaces`. */
export function notedChecks(change: LabChange): readonly string[] {
  return [...judged(change).values()]
    .filter(({ status, note }) => status === "passed" && note !== undefined)
    .map(({ host, id }) => `${host} ${id}`);
}

/** A change of what main.cf on host1 says; `undefined` takes a parameter out. */
export function withMainCf(values: Readonly<Record<string, string | undefined>>): LabChange {
  return {
    host1: {
      seen: ({ postfix }) => {
        if (postfix === undefined) throw new Error("a finished host has Postfix");
        const changed = (before: Readonly<Record<string, string>>) =>
          Object.fromEntries(
            Object.entries({ ...before, ...values }).flatMap(([name, value]) =>
              value === undefined ? [] : [[name, value.replace("$mydomain", "example1.test")] as const],
            ),
          );
        return { postfix: { ...postfix, set: changed(postfix.set), effective: changed(postfix.effective) } };
      },
    },
  };
}

/** A result on host1. */
export function resultOf(id: CheckId, change: LabChange): CheckResult {
  const result = judged(change).get(`host1 ${id}`);
  if (result === undefined) throw new Error(`there is no check ${id}`);
  return result;
}
