import type { HostObservation } from "../../../src/checks/observation.ts";
import { type LabChange } from "./healthy-lab.ts";

/** A change of host1 alone. */
export function host1(seen: (seen: HostObservation) => Partial<HostObservation>): LabChange {
  return { host1: { seen } };
}

export function withDovecot(set: Readonly<Record<string, string | undefined>>): LabChange {
  return host1(({ dovecot }) => {
    if (dovecot === undefined) throw new Error("a finished host has Dovecot");
    const entries = Object.entries({ ...dovecot.set, ...set });
    const kept = entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    return { dovecot: { ...dovecot, set: Object.fromEntries(kept) } };
  });
}

export function withService(
  name: "postfix" | "dovecot",
  change: Partial<HostObservation["services"]["postfix"]>,
): LabChange {
  return host1(({ services }) => ({ services: { ...services, [name]: { ...services[name], ...change } } }));
}

export function withAccount(change: Partial<HostObservation["accounts"][string]>): LabChange {
  return host1(({ accounts }) => ({
    accounts: Object.fromEntries(
      Object.entries(accounts).map(([user, one]) => [user, { ...one, ...change }]),
    ),
  }));
}

export function withMailbox(change: Partial<HostObservation["mailboxes"][string]>): LabChange {
  return host1(({ mailboxes }) => ({
    mailboxes: Object.fromEntries(
      Object.entries(mailboxes).map(([user, one]) => [
        user,
        { ...one, kind: "file", owner: user, mode: "0600", stamp: "1 1 1", ...change },
      ]),
    ),
  }));
}

export function withPeerPort(answer: "silent" | "refused"): LabChange {
  const crossing = {
    to: "user2@example2.test",
    receivingHost: "host2",
    messageId: "<m@check.mail-lab.invalid>",
    queueIds: [],
    outcome: "mail-deferred",
    words: "Connection timed out",
  } as const;
  return { host1: { seen: () => ({ peerPorts: { host2: answer } }), probes: { crossing } } };
}

export function withAnswer(question: string, status: string, values: readonly string[]): LabChange {
  const change = (names: HostObservation["names"]) => ({ ...names, [question]: { status, values } });
  const seen = ({ names }: HostObservation) => ({ names: change(names) });
  return { names: change, host1: { seen }, host2: { seen } };
}

export const serverPackages = {
  postfix: "installed",
  "dovecot-pop3d": "installed",
  "dovecot-imapd": "installed",
};
export const open = { outcome: "relay-open", words: "250 2.1.5 Ok" } as const;
