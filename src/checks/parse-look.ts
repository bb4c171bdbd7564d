import { parseMailLog } from "../model/mail/mail-log.ts";
import type {
  ConfigLine,
  DovecotObservation,
  HostObservation,
  NameAnswer,
  NameAnswers,
  ServiceObservation,
} from "./observation.ts";
import { readAccount, readMailbox, readQueuedMail } from "./parse-accounts.ts";

/** The parts of look-at-host.sh's output, by name; `undefined` for one that is not there. */
export type Sections = ReadonlyMap<string, string>;

/** Takes the output of look-at-host.sh apart at its marks. */
export function readSections(output: string, mark: string): Sections {
  return new Map(
    `\n${output}`
      .split(`\n${mark} `)
      .slice(1)
      .map((part) => {
        const end = part.indexOf("\n");
        return end < 0 ? [part, ""] : [part.slice(0, end), part.slice(end + 1).replace(/\n$/, "")];
      }),
  );
}

/**
 * Names the programs without which nothing of a host can be told, where they gave nothing.
 *
 * @returns empty for a host whose programs work.
 */
export function silentPrograms(sections: Sections): readonly string[] {
  const programs: readonly (readonly [section: string, program: string, pattern: RegExp])[] = [
    ["now", "date", /^\d+\.\d+/],
    ["services", "systemctl", /ActiveState=/],
    ["passwd", "getent", /^root:/],
    ["listeners", "ss", /LISTEN/],
    ["disks", "df", /^\/\S+ \d+ /],
    ["files-read", "cat", /^root:/],
  ];
  return programs
    .filter(([section, , pattern]) => !pattern.test(sections.get(section) ?? ""))
    .map(([, program]) => program);
}

/** What is known of a host beside what it says. */
export interface LookContext {
  readonly host: string;
  /** The machine's clock when the host was asked and when it had answered, in milliseconds. */
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly users: readonly string[];
}

/** Reads what look-at-host.sh found. */
export function readObservation(sections: Sections, context: LookContext): HostObservation {
  const text = (name: string): string => sections.get(name) ?? "";
  const lines = (name: string): readonly string[] =>
    text(name)
      .split("\n")
      .filter((line) => line.trim() !== "");
  const [now = ""] = lines("now");
  const atMs = Number(now) * 1000;
  const [zoneFile = "", offset = ""] = lines("time-zone");
  const [, mailLogSize = "0"] = ["", ...lines("mail-log-size")];
  const times = fileTimes(lines("files"));
  const startedMs = processStarts(lines("processes"));
  return {
    atMs,
    clockOffsetMs: outside(atMs, context.askedMs, context.answeredMs),
    timeZone: { file: zoneFile.replace("/usr/share/zoneinfo/", ""), offset },
    packages: pairs(lines("packages"), " "),
    mailProgram: lines("mail-program")[0],
    mailName: sections.has("mail-name") ? lines("mail-name")[0] : undefined,
    postfix: sections.has("postconf-set")
      ? {
          set: settings(lines("postconf-set")),
          effective: settings(lines("postconf-effective")),
          complaints: lines("postconf-complaints"),
          lines: lines("main.cf").flatMap((line) => configLine(`/etc/postfix/main.cf:${line}`)),
        }
      : undefined,
    dovecot: sections.has("doveconf") ? dovecot(sections, lines) : undefined,
    services: services(text("services"), startedMs, times),
    listeners: lines("listeners").flatMap(listener),
    accounts: Object.fromEntries(context.users.map((user) => [user, readAccount(user, lines, atMs)])),
    mailboxes: Object.fromEntries(context.users.map((user) => [user, readMailbox(user, lines("mailboxes"))])),
    aliases: {
      text: times.has("/etc/aliases") ? text("aliases") : undefined,
      textChangedMs: times.get("/etc/aliases"),
      databaseChangedMs: times.get("/etc/aliases.db"),
      postmaster: lines("postmaster")[0],
    },
    queue: lines("queue").flatMap(readQueuedMail),
    resolvConf: text("resolv.conf"),
    names: readDig(text("names")),
    disks: lines("disks").map((line) => {
      const [path = "", freeKilobytes = "", freeInodes = ""] = line.split(" ");
      return { path, freeBytes: Number(freeKilobytes) * 1024, freeInodes: inodes(freeInodes) };
    }),
    peerPorts: Object.fromEntries(lines("peers").map(peerPort)),
    mailLog: lines("mail-log-size").length > 0 ? parseMailLog(context.host, text("mail-log")) : undefined,
    mailLogBytes: Number(mailLogSize),
  };
}

/** How far `atMs` lies outside of a span of time. */
function outside(atMs: number, fromMs: number, untilMs: number): number {
  if (atMs < fromMs) return atMs - fromMs;
  return atMs > untilMs ? atMs - untilMs : 0;
}

/** File systems without a table of inodes say `-` or 0 of 0. */
function inodes(text: string): number {
  return /^[1-9]\d*$/.test(text) ? Number(text) : text === "0" ? 0 : Infinity;
}

function pairs(lines: readonly string[], separator: string): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(separator);
      return [line.slice(0, at), line.slice(at + separator.length)];
    }),
  );
}

/** `name = value` lines, as postconf and doveconf print them outside of blocks. */
function settings(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value = ""] = /^([A-Za-z0-9_]+) = ?(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value.trim()]];
    }),
  );
}

/** `FILE:LINE:name = value`, as grep prints it. */
function configLine(text: string): readonly ConfigLine[] {
  const [, file, line, name, value] = /^([^:]+):(\d+):\s*([A-Za-z0-9_]+)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
  if (file === undefined || line === undefined || name === undefined || value === undefined) return [];
  return [{ file, line: Number(line), name, value }];
}

function dovecot(sections: Sections, lines: (name: string) => readonly string[]): DovecotObservation {
  const configuration = (sections.get("doveconf") ?? "").split("\n");
  const authListeners: Record<string, Record<string, string>> = {};
  const path: string[] = [];
  for (const line of configuration) {
    const [, opened] = /^\s*(\S.*) \{$/.exec(line) ?? [];
    if (opened !== undefined) path.push(opened);
    else if (/^\s*\}$/.test(line)) path.pop();
    const [, listener] = path[0] === "service auth" ? (/^unix_listener (.+)$/.exec(path[1] ?? "") ?? []) : [];
    if (listener === undefined) continue;
    authListeners[listener] = { ...authListeners[listener], ...settings([line.trim()]) };
  }
  const complaints = lines("doveconf-complaints").filter((line) => /^doveconf: (Fatal|Error)/.test(line));
  return {
    set: settings(configuration),
    authListeners,
    inboxes: pairs(lines("inboxes"), " "),
    complaint: complaints.at(-1)?.replace(/^doveconf: /, ""),
    lines: lines("dovecot-files").flatMap(configLine),
  };
}

function fileTimes(lines: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    lines.map((line) => {
      const [seconds = "", path = ""] = line.split(" ");
      return [path, Number(seconds) * 1000];
    }),
  );
}

/** Service to when its master process started: a line has the service, the time, and the program of that number. */
function processStarts(lines: readonly string[]): Readonly<Record<string, number>> {
  const programOf: Readonly<Record<string, string>> = { postfix: "master", dovecot: "dovecot" };
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [service = "", seconds = "", program] = line.split(" ");
      // A file with a number may outlive its process, and the number be another's.
      return program !== undefined && program === programOf[service]
        ? [[service, Number(seconds) * 1000]]
        : [];
    }),
  );
}

function services(
  text: string,
  startedMs: Readonly<Record<string, number>>,
  times: ReadonlyMap<string, number>,
): HostObservation["services"] {
  const units = new Map(
    text.split("\n\n").map((unit) => {
      const properties = pairs(unit.split("\n"), "=");
      return [properties["Id"], properties];
    }),
  );
  const service = (name: string, folder?: string): ServiceObservation => {
    const unit = units.get(`${name}.service`) ?? {};
    // Debian's postfix.service only stands for its instances; the default one is the MTA.
    const instance = units.get(`${name}@-.service`)?.["ActiveState"];
    const states = [unit["ActiveState"] ?? "", ...(instance === undefined ? [] : [instance])];
    const files = [...times].filter(([path]) => folder !== undefined && path.startsWith(folder));
    const [newest] = files.sort(([, left], [, right]) => right - left);
    return {
      activeState: states.find((state) => state !== "active") ?? "active",
      unitFileState: unit["UnitFileState"] ?? "",
      startedMs: startedMs[name],
      newestFile: newest && { path: newest[0], changedMs: newest[1] },
    };
  };
  return {
    postfix: service("postfix", "/etc/postfix/"),
    dovecot: service("dovecot", "/etc/dovecot/"),
    rsyslog: service("rsyslog"),
  };
}

function listener(line: string): readonly { address: string; port: number }[] {
  const [, address, port] = /^LISTEN\s+\d+\s+\d+\s+(\S+):(\d+)\s/.exec(line) ?? [];
  return address === undefined ? [] : [{ address: address.replace(/%.*|^\[|\]$/g, ""), port: Number(port) }];
}

/** dig's answers, one after the other, each by its question: `MX example1.test`. */
function readDig(text: string): NameAnswers {
  const answers: Record<string, NameAnswer> = {};
  for (const part of text.split(/^;; Got answer:$/m).slice(1)) {
    const status = /status: ([A-Z]+)/.exec(part)?.[1] ?? "";
    const [, name, type] = /;; QUESTION SECTION:\n;(\S+)\.\s+IN\s+(\S+)/.exec(part) ?? [];
    if (name === undefined || type === undefined) continue;
    const records = part.split("\n").flatMap((line) => {
      const [, found, value] = /^[^;\s]\S*\s+\d+\s+IN\s+(\S+)\s+(.+)$/.exec(line) ?? [];
      return found === type && value !== undefined ? [value.replace(/\.$/, "")] : [];
    });
    answers[`${type} ${name}`] = { status, values: records };
  }
  return answers;
}

function peerPort(line: string): [string, "open" | "refused" | "silent"] {
  const [name = "", word = "", ...said] = line.trim().split(" ");
  if (word === "open") return [name, "open"];
  return [name, said.join(" ").includes("Connection refused") ? "refused" : "silent"];
}
