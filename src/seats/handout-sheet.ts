import { stageNames } from "../course/stage.ts";
import { steps } from "../course/steps.ts";
import type { LabHost, LabOutputs } from "../lab/stack/lab-outputs.ts";
import { administrator } from "../model/lab-secrets.ts";
import type { Seat } from "../model/roster/roster.ts";
import { parseCidr } from "../model/ipv4.ts";
import type { Language, Text } from "../model/text.ts";
import type { Topology } from "../model/topology.ts";
import { fingerprintOf, parseHostKey } from "../protocols/ssh-host-key.ts";
import { accountWords, handoutWords, madeWords, placeWords, portWords, stageWords } from "./handout-words.ts";

/** What a sheet is made from: a seat and its lab, which is up. */
export interface HandoutSeat {
  readonly seat: Pick<Seat, "id" | "name" | "language">;
  readonly stack: string;
  readonly outputs: Pick<LabOutputs, "hosts" | "dns" | "stage" | "network" | "passwords">;
  /** What the student types after the @: the loopback, or the address that ssh is published on. */
  readonly address: string;
  /** The machine whose loopback that is, where it is not the one that the student sits at. */
  readonly machine?: string;
}

/** One line of a table. */
type Row = readonly string[];

/** A table: its headings and lines. */
interface SheetTable {
  readonly head: Row;
  readonly rows: readonly Row[];
}

/** A command, and what it does. */
interface SheetCommand {
  readonly label: string;
  readonly command: string;
}

/** A sheet as the template shows it: words in the student's language, nothing escaped yet. */
export interface Sheet {
  readonly language: Language;
  readonly words: Readonly<Record<keyof typeof handoutWords, string>>;
  readonly id: string;
  readonly name: string;
  /** Whether the name takes a smaller type to stay on its line. */
  readonly hasLongName: boolean;
  readonly stack: string;
  readonly made: string;
  readonly stage: string;
  readonly place: string | undefined;
  readonly administrator: string;
  readonly password: string;
  readonly logins: readonly SheetCommand[];
  readonly fingerprints: SheetTable;
  readonly forgetKey: string;
  readonly hosts: SheetTable;
  readonly accountsNote: string;
  readonly accounts: SheetTable;
  readonly portsNote: string;
  readonly tunnels: readonly SheetCommand[];
  readonly ports: SheetTable;
  /** The next step's number and title, and what is typed for it at a host's prompt. */
  readonly first: { readonly title: string; readonly prompt: string; readonly command: string };
  readonly checks: readonly SheetCommand[];
}

/** Letters that fit into a line of the large type, kanji too. */
const largestNameLength = 18;

/**
 * Works out what stands on a seat's sheet.
 *
 * @param madeAt - the time as a person reads it.
 */
export function sheetOf(handout: HandoutSeat, language: Language, madeAt: string): Sheet {
  const { seat, stack, outputs, address, machine } = handout;
  const speak = (text: Text): string => text[language];
  const words = Object.fromEntries(
    Object.entries(handoutWords).map(([name, text]) => [name, speak(text)]),
  ) as Sheet["words"];
  const isLoopback = address.startsWith("127.");
  const place = placeWords(isLoopback, machine);
  const { hosts, dns, passwords, stage } = outputs;
  return {
    language,
    words,
    id: seat.id,
    name: seat.name,
    hasLongName: Array.from(seat.name).length > largestNameLength,
    stack,
    made: speak(madeWords(madeAt)),
    stage: speak(stageWords(stage)),
    place: place && speak(place),
    administrator,
    password: passwords[administrator] ?? "",
    logins: hosts.map((host) => ({ label: host.name, command: login(host, address) })),
    fingerprints: {
      head: [],
      rows: hosts.map(({ name, hostKey }) => [name, fingerprintOf(parseHostKey(hostKey).blob)]),
    },
    forgetKey: hosts[0] === undefined ? "" : `ssh-keygen -R "[${address}]:${hosts[0].ports.ssh}"`,
    hosts: {
      head: [words.host, words.address, words.prompt, words.domain, words.mailName],
      rows: [
        ...hosts.map(({ name, hostname, address: own, domain }) => [
          name,
          own,
          hostname,
          domain,
          `mail.${domain}`,
        ]),
        [dns.name, dns.address, "", "", ""],
      ],
    },
    accountsNote: speak(accountWords(isAtLeast(stage, accountStep))),
    accounts: {
      head: [words.host, words.account, words.password, words.mailAddress],
      rows: [
        [
          hosts.map(({ name }) => name).join(", "),
          administrator,
          passwords[administrator] ?? "",
          words.administrator,
        ],
        ...hosts.flatMap(({ name, users, domain }) =>
          users.map((user) => [name, user, passwords[user] ?? "", `${user}@${domain}`]),
        ),
      ],
    },
    portsNote: speak(portWords(isLoopback)),
    tunnels: isLoopback ? [] : hosts.map((host) => ({ label: host.name, command: tunnel(host, address) })),
    ports: {
      head: [words.host, words.server, "SMTP", "IMAP", "POP3"],
      rows: hosts.map(({ name, ports }) => [
        name,
        "127.0.0.1",
        ...[ports.smtp, ports.imap, ports.pop3].map(String),
      ]),
    },
    first: firstCommand(outputs, speak),
    checks: checksFor(hosts, stage, speak),
  };
}

function login({ ports }: LabHost, address: string, account = administrator): string {
  return `ssh -p ${ports.ssh} ${account}@${address}`;
}

/** ssh that carries the mail ports, under the numbers that they have on the loopback of the lab's own machine. */
function tunnel({ ports, address: own }: LabHost, address: string): string {
  const ways = [
    [ports.smtp, 25],
    [ports.imap, 143],
    [ports.pop3, 110],
  ].map(([local, port]) => `-L ${local}:${own}:${port}`);
  return `ssh -p ${ports.ssh} ${ways.join(" ")} ${administrator}@${address}`;
}

/** The step that makes the mail accounts. */
const accountStep = "6.05";

function isAtLeast(stage: string, step: string): boolean {
  return stageNames.indexOf(stage) >= stageNames.indexOf(step);
}

/** What is typed first: the first line of the step that comes next, a mail where none does. */
function firstCommand(outputs: HandoutSeat["outputs"], speak: (text: Text) => string): Sheet["first"] {
  const { hosts, stage } = outputs;
  const topology = topologyOf(outputs);
  const next = stage === "finished" ? undefined : steps[stageNames.indexOf(stage)];
  const typed = next?.transcript(topology).find(({ line }) => line !== "");
  if (next === undefined || typed === undefined) return firstMail(hosts, speak);
  const host = hosts.find(({ name }) => name === typed.host);
  return {
    title: `${next.id} ${speak(next.title)}`,
    prompt: `${typed.user}@${host?.hostname ?? typed.host}:~$`,
    command: typed.line,
  };
}

function firstMail(hosts: readonly LabHost[], speak: (text: Text) => string): Sheet["first"] {
  const [sender] = hosts;
  const receiver = hosts[1] ?? sender;
  return {
    title: speak({
      en: `send a mail (log in as ${sender?.users[0] ?? ""} instead of ${administrator})`,
      ja: `メールを送ってみましょう（${administrator}の代わりに${sender?.users[0] ?? ""}でログインします）`,
    }),
    prompt: `${sender?.users[0] ?? ""}@${sender?.hostname ?? ""}:~$`,
    command: `mail ${receiver?.users[0] ?? ""}@${receiver?.domain ?? ""}`,
  };
}

/** What a student can look at from inside, and what only the teacher can. */
function checksFor(hosts: readonly LabHost[], stage: string, speak: (text: Text) => string): Sheet["checks"] {
  const domain = (hosts[1] ?? hosts[0])?.domain ?? "";
  const later =
    stage === "exercise" ? { en: " (after step 6.01)", ja: "（手順6.01の後）" } : { en: "", ja: "" };
  return [
    {
      label: speak({
        en: `DNS knows ${domain}'s mail server`,
        ja: `DNSが${domain}のメールサーバーを知っている`,
      }),
      command: `dig +short ${domain} mx`,
    },
    {
      label: speak({ en: `Postfix runs${later.en}`, ja: `Postfixが動いている${later.ja}` }),
      command: "systemctl status postfix",
    },
    {
      label: speak({ en: `what became of a mail${later.en}`, ja: `メールがどうなったか${later.ja}` }),
      command: "sudo tail /var/log/mail.log",
    },
  ];
}

/** The lab as the chapter's steps want it. */
function topologyOf({ hosts, dns, network }: HandoutSeat["outputs"]): Topology {
  return {
    subnet: network.subnet,
    prefixLength: parseCidr(network.subnet)?.prefixLength ?? 0,
    gateway: "",
    dns: { name: "dns", address: dns.address, port: dns.port },
    hosts: hosts.map((host) => ({ ...host, mailName: `mail.${host.domain}` })),
  };
}
