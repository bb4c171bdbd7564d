import { sectionSign } from "./host-script.ts";

/** A name and its value. */
export type Settings = Readonly<Record<string, string>>;

/** A service of systemd. */
interface ServiceState {
  /** `active`, `inactive`, `failed`. */
  readonly activity: string;
  /** `enabled`, `disabled`, `masked`. */
  readonly atBoot: string;
}

/** An account of a person. */
interface AccountState {
  readonly home: string;
  readonly shell: string;
  /** Absent where only root could tell and nobody became root. */
  readonly password?: "set" | "locked" | "none";
}

/** How a host stands, as far as the chapter touches it. */
export interface HostState {
  /** Names of the chapter's packages that are installed. */
  readonly packages: ReadonlySet<string>;
  /** `postconf -n`; absent where Postfix is not installed. */
  readonly mainCf: Settings | undefined;
  /** Service and type to the rest of its line in master.cf. */
  readonly masterCf: Settings | undefined;
  /** `doveconf -n`, blocks as paths: `service auth/unix_listener …/mode`. */
  readonly dovecot: Settings | undefined;
  /** What Dovecot says where it can't read its configuration. */
  readonly dovecotComplaint: string | undefined;
  readonly services: Readonly<Record<string, ServiceState>>;
  readonly accounts: Readonly<Record<string, AccountState>>;
  /** Path to owner, group and mode: `root:root 644`. */
  readonly files: Settings;
  readonly mailName: string | undefined;
  /** Whether the alias database is there and as new as its text. */
  readonly aliases: "current" | "old" | "missing";
}

/** What the packages' own configuration says, as the image recorded it. */
export interface PristineState {
  readonly mainCf: Settings;
  readonly masterCf: Settings;
  readonly dovecot: Settings;
  /** Every setting of Dovecot with the value that it has unless told otherwise. */
  readonly dovecotDefaults: Settings;
}

/** The script's output by its sections. */
function sectionsOf(output: string): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of output.split("\n")) {
    if (line.startsWith(sectionSign)) {
      current = [];
      sections.set(line.slice(sectionSign.length), current);
    } else if (line !== "") current.push(line);
  }
  return sections;
}

/** `name = value` lines, as `postconf -n` prints them. */
function parseSettings(lines: readonly string[]): Settings {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^(\S+) =\s*(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? ""]];
    }),
  );
}

/** Parameters that main.cf sets and Postfix does not know: it only warns of them. */
function unusedParameters(complaints: readonly string[]): Settings {
  return Object.fromEntries(
    complaints.flatMap((line) => {
      const [, name, value] = /unused parameter: ([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? ""]];
    }),
  );
}

/** The lines of `postconf -M`: a service is known by its name and its type. */
function parseMasterCf(lines: readonly string[]): Settings {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", type = "", ...rest] = line.trim().split(/\s+/);
      return [`${name} ${type}`, rest.join(" ")];
    }),
  );
}

/** What `doveconf` prints: blocks within blocks become paths. Blocks without a name of their own are counted. */
export function parseDoveconf(lines: readonly string[]): Settings {
  const settings: Record<string, string> = {};
  const path: string[] = [];
  const seen = new Map<string, number>();
  for (const line of lines.map((words) => words.trim())) {
    if (line.startsWith("#")) continue;
    if (line === "}") path.pop();
    else if (line.endsWith("{")) {
      const head = line.slice(0, -1).trim();
      const key = [...path, head].join("/");
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      path.push(count > 1 ? `${head} (${count})` : head);
    } else {
      const [, name, value] = /^(\S+) =\s*(.*)$/.exec(line) ?? [];
      if (name !== undefined) settings[[...path, name].join("/")] = value ?? "";
    }
  }
  return settings;
}

function servicesOf(lines: readonly string[]): HostState["services"] {
  const units = new Map(
    lines.map((line) => {
      const [unit = "", load = "", activity = "", atBoot = ""] = line.trim().split(/\s+/);
      return [unit, { load, activity, atBoot }];
    }),
  );
  const states: Record<string, ServiceState> = {};
  for (const service of ["postfix", "dovecot"]) {
    const unit = units.get(service);
    if (unit === undefined || unit.load === "not-found") continue;
    // postfix.service only stands for its instance, which is what runs.
    const instance = units.get(`${service}@-`);
    const activity =
      unit.activity === "active" && instance?.load === "loaded" ? instance.activity : unit.activity;
    states[service] = { activity, atBoot: unit.atBoot };
  }
  return states;
}

const passwordStates: Readonly<Record<string, NonNullable<AccountState["password"]>>> = {
  P: "set",
  L: "locked",
  NP: "none",
};

function accountsOf(lines: readonly string[], passwords: readonly string[]): HostState["accounts"] {
  const passwordOf = new Map(
    passwords.map((line) => {
      const [user = "", state = ""] = line.split(" ");
      return [user, passwordStates[state]];
    }),
  );
  return Object.fromEntries(
    lines.map((line) => {
      const [user = "", home = "", shell = ""] = line.split(" ");
      const password = passwordOf.get(user);
      return [user, { home, shell, ...(password === undefined ? {} : { password }) }];
    }),
  );
}

function filesOf(lines: readonly string[]): Settings {
  return Object.fromEntries(
    lines.map((line) => {
      const [path = "", ...rights] = line.split(" ");
      return [path, rights.join(" ")];
    }),
  );
}

/** How the host stands, of what `hostScript` printed there. */
export function parseHostState(output: string): HostState {
  const sections = sectionsOf(output);
  const section = (name: string): readonly string[] => sections.get(name) ?? [];
  const complaints = section("doveconf-complaints").filter((line) => /fatal|error/i.test(line));
  return {
    packages: new Set(
      section("packages")
        .map((line) => line.split(" "))
        .flatMap(([name = "", status]) => (status === "installed" ? [name] : [])),
    ),
    mainCf: sections.has("postconf-n")
      ? { ...parseSettings(section("postconf-n")), ...unusedParameters(section("postconf-complaints")) }
      : undefined,
    masterCf: sections.has("postconf-M") ? parseMasterCf(section("postconf-M")) : undefined,
    dovecot: sections.has("doveconf-n") ? parseDoveconf(section("doveconf-n")) : undefined,
    dovecotComplaint: complaints[0],
    services: servicesOf(section("services")),
    accounts: accountsOf(section("accounts"), section("passwords")),
    files: filesOf(section("files")),
    mailName: section("mailname")[0],
    aliases: (section("aliases")[0] ?? "missing") as HostState["aliases"],
  };
}

/** What the image recorded, of what `hostScript` printed; `undefined` where the record is not there. */
export function parsePristineState(output: string): PristineState | undefined {
  const sections = sectionsOf(output);
  const section = (name: string): readonly string[] => sections.get(`pristine-${name}`) ?? [];
  const names = ["postconf-n", "postconf-M", "doveconf-n", "doveconf-d"];
  if (names.some((name) => section(name).length === 0)) return undefined;
  return {
    mainCf: parseSettings(section("postconf-n")),
    masterCf: parseMasterCf(section("postconf-M")),
    dovecot: parseDoveconf(section("doveconf-n")),
    dovecotDefaults: parseDoveconf(section("doveconf-d")),
  };
}
