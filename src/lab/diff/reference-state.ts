import type { Action, Step, StepContext } from "../../course/step.ts";
import { steps as allSteps } from "../../course/steps.ts";
import { administrator } from "../../model/lab-secrets.ts";
import type { MailHostPlan } from "../../model/topology.ts";
import type { LookedAt } from "./host-script.ts";
import type { HostState, PristineState, Settings } from "./host-state.ts";

const postfixPackage = "postfix";
const imapPackage = "dovecot-imapd";
/** The domain that the image's packages were told, where a student types the host's own. */
const recordedMailName = "localhost.localdomain";

/** Files that the packages bring, with owner, group and mode. */
const packageFiles: Readonly<Record<string, Settings>> = {
  [postfixPackage]: {
    "/etc/postfix/main.cf": "root:root 644",
    "/etc/postfix/master.cf": "root:root 644",
    "/etc/aliases": "root:root 644",
    "/etc/aliases.db": "root:root 644",
    "/etc/mailname": "root:root 644",
    "/var/mail": "root:mail 2775",
  },
  [imapPackage]: {
    "/etc/dovecot/dovecot.conf": "root:root 644",
    "/etc/dovecot/conf.d/10-auth.conf": "root:root 644",
    "/etc/dovecot/conf.d/10-mail.conf": "root:root 644",
    "/etc/dovecot/conf.d/10-master.conf": "root:root 644",
    "/etc/dovecot/conf.d/10-ssl.conf": "root:root 644",
  },
};

/** Blocks of Dovecot's files that stand within another one. */
const blockAround: Readonly<Record<string, string>> = {
  "unix_listener /var/spool/postfix/private/auth": "service auth",
};

/** Where a user's mail is delivered to. */
export function mailboxOf(user: string): string {
  return `/var/mail/${user}`;
}

/** Rights of a mailbox: as Postfix makes it at the first mail, or as useradd does. */
export function mailboxRights(user: string): readonly string[] {
  return [`${user}:mail 600`, `${user}:mail 660`];
}

/** What of a host is to be looked at, whatever its stage. */
export function lookedAt({ host, topology }: StepContext): LookedAt {
  const actions = allSteps.flatMap((step) => step.actions({ host, topology }));
  return {
    packages: [...new Set(actions.flatMap((action) => (action.kind === "install" ? action.packages : [])))],
    files: Object.values(packageFiles).flatMap((files) => Object.keys(files)),
    mailboxes: host.users.map(mailboxOf),
  };
}

function pristineMainCf({ mainCf }: PristineState, host: MailHostPlan): Settings {
  const recordedHost = mainCf["myhostname"] ?? "";
  let hasMailName = false;
  const destinations = (mainCf["mydestination"] ?? "").split(/,\s*/).map((name) => {
    if (name === recordedHost) return host.hostname;
    if (name !== recordedMailName || hasMailName) return name;
    hasMailName = true;
    return host.domain;
  });
  return { ...mainCf, myhostname: host.hostname, mydestination: destinations.join(", ") };
}

/** A reference that is being worked out, step by step. */
interface Draft {
  packages: Set<string>;
  mainCf: Record<string, string> | undefined;
  masterCf: Settings | undefined;
  dovecot: Record<string, string> | undefined;
  services: Record<string, { activity: string; atBoot: string }>;
  accounts: Record<string, { home: string; shell: string; password: "set" }>;
  files: Record<string, string>;
  mailName: string | undefined;
  aliases: HostState["aliases"];
}

function install(
  draft: Draft,
  packages: readonly string[],
  host: MailHostPlan,
  pristine: PristineState,
): void {
  for (const name of packages) {
    draft.packages.add(name);
    draft.files = { ...draft.files, ...packageFiles[name] };
  }
  if (packages.includes(postfixPackage)) {
    draft.mainCf = { ...pristineMainCf(pristine, host) };
    draft.masterCf = pristine.masterCf;
    draft.services["postfix"] = { activity: "active", atBoot: "enabled" };
    draft.mailName = host.domain;
    draft.aliases = "current";
  }
  if (packages.includes(imapPackage)) {
    draft.dovecot = { ...pristine.dovecot };
    draft.services["dovecot"] = { activity: "active", atBoot: "enabled" };
  }
}

function addAccount(draft: Draft, user: string): void {
  draft.accounts[user] = { home: `/home/${user}`, shell: "/bin/bash", password: "set" };
}

function apply(draft: Draft, action: Action, host: MailHostPlan, pristine: PristineState): void {
  switch (action.kind) {
    case "install":
      install(draft, action.packages, host, pristine);
      break;
    case "main.cf":
      draft.mainCf = { ...draft.mainCf, ...Object.fromEntries(action.settings) };
      break;
    case "settings":
      draft.dovecot = { ...draft.dovecot, ...Object.fromEntries(action.settings) };
      break;
    case "block": {
      const path = [blockAround[action.head], action.head].filter((part) => part !== undefined).join("/");
      const settings = action.settings.map(([name, value]) => [`${path}/${name}`, value] as const);
      draft.dovecot = { ...draft.dovecot, ...Object.fromEntries(settings) };
      break;
    }
    case "account":
      addAccount(draft, action.user);
      break;
    default:
      // The rest leaves what the packages left: services that run and start at boot, an alias database that is current.
      break;
  }
}

/**
 * How a host stands where the packages are as they come and the steps were done just as the chapter has them.
 *
 * @param steps - those that were done, in their order.
 */
export function referenceState(
  steps: readonly Step[],
  { host, topology }: StepContext,
  pristine: PristineState,
): HostState {
  const draft: Draft = {
    packages: new Set(),
    mainCf: undefined,
    masterCf: undefined,
    dovecot: undefined,
    services: {},
    accounts: {},
    files: {},
    mailName: undefined,
    aliases: "missing",
  };
  addAccount(draft, administrator);
  for (const action of steps.flatMap((step) => step.actions({ host, topology }))) {
    apply(draft, action, host, pristine);
  }
  const dovecot =
    draft.dovecot &&
    Object.fromEntries(
      // doveconf -n leaves out what is as it would be anyway.
      Object.entries(draft.dovecot).filter(([name, value]) => pristine.dovecotDefaults[name] !== value),
    );
  return { ...draft, dovecot, dovecotComplaint: undefined };
}
