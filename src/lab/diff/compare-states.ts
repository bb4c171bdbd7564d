import type { HostState, PristineState, Settings } from "./host-state.ts";
import { mailboxOf, mailboxRights } from "./reference-state.ts";

/** What of a host a difference is in. */
type DifferenceArea =
  "package" | "main.cf" | "master.cf" | "dovecot" | "service" | "account" | "file" | "aliases";

/** Something that stands otherwise on a host than in the reference. */
export interface Difference {
  readonly area: DifferenceArea;
  /** The parameter, package, service, account or path. */
  readonly name: string;
  /** `extra`: only the host has it; `missing`: only the reference has it. */
  readonly kind: "extra" | "missing" | "different";
  /** The host's own value; absent where it has none. */
  readonly yours?: string;
  /** The reference's value; absent where it has none. */
  readonly reference?: string;
}

/** Parameters whose entries may stand in any order. */
const unorderedParameters: ReadonlySet<string> = new Set([
  "inet_interfaces",
  "mydestination",
  "mynetworks",
  "relay_domains",
]);

const deepestReference = 10;

/** A value with the parameters that it names put in, as far as main.cf sets them. */
function expanded(value: string, settings: Settings, depth = 0): string {
  if (depth > deepestReference) return value;
  return value.replaceAll(/\$(?:\{(\w+)\}|\((\w+)\)|(\w+))/g, (reference: string, ...names: unknown[]) => {
    const name = names.slice(0, 3).find((found) => typeof found === "string") as string;
    const own = settings[name];
    return own === undefined ? reference : expanded(own, settings, depth + 1);
  });
}

/** A value as Postfix takes it: blanks and commas part the entries of a list alike. */
function entries(name: string, value: string): string {
  const words = value.split(/[\s,]+/).filter((word) => word !== "");
  return (unorderedParameters.has(name) ? words.sort() : words).join(" ");
}

/** Compares two tables, name by name, in the names' order. */
function compareTables(
  area: DifferenceArea,
  yours: Settings,
  reference: Settings,
  isSame: (name: string, yours: string, reference: string) => boolean = (_name, own, wanted) =>
    own === wanted,
): readonly Difference[] {
  const names = [...new Set([...Object.keys(yours), ...Object.keys(reference)])].sort();
  return names.flatMap((name): Difference[] => {
    const own = yours[name];
    const wanted = reference[name];
    if (own === undefined)
      return wanted === undefined ? [] : [{ area, name, kind: "missing", reference: wanted }];
    if (wanted === undefined) return [{ area, name, kind: "extra", yours: own }];
    return isSame(name, own, wanted)
      ? []
      : [{ area, name, kind: "different", yours: own, reference: wanted }];
  });
}

function compareMainCf(yours: Settings, reference: Settings): readonly Difference[] {
  return compareTables(
    "main.cf",
    yours,
    reference,
    (name, own, wanted) =>
      entries(name, own) === entries(name, wanted) ||
      entries(name, expanded(own, yours)) === entries(name, expanded(wanted, reference)),
  );
}

/** A setting that a side leaves out has Dovecot's own value there. */
function compareDovecot(yours: HostState, reference: Settings, defaults: Settings): readonly Difference[] {
  if (yours.dovecotComplaint !== undefined) {
    return [{ area: "dovecot", name: "doveconf -n", kind: "different", yours: yours.dovecotComplaint }];
  }
  return compareTables("dovecot", yours.dovecot ?? {}, reference).map((difference) => {
    const byDefault = defaults[difference.name];
    if (byDefault === undefined || difference.kind === "different") return difference;
    return difference.kind === "missing"
      ? { ...difference, kind: "different", yours: byDefault }
      : { ...difference, kind: "different", reference: byDefault };
  });
}

function comparePackages(yours: HostState, reference: HostState): readonly Difference[] {
  const table = ({ packages }: HostState): Settings =>
    Object.fromEntries([...packages].map((name) => [name, "installed"]));
  return compareTables("package", table(yours), table(reference));
}

function compareServices(yours: HostState, reference: HostState): readonly Difference[] {
  return Object.entries(reference.services).flatMap(([name, wanted]) => {
    const own = yours.services[name];
    if (own === undefined) return [];
    const words = [own, wanted].map(({ activity, atBoot }) => `${activity}, ${atBoot}`);
    return words[0] === words[1]
      ? []
      : [
          {
            area: "service",
            name,
            kind: "different",
            yours: words[0] ?? "",
            reference: words[1] ?? "",
          } as const,
        ];
  });
}

function compareAccounts(yours: HostState, reference: HostState): readonly Difference[] {
  const table = ({ accounts }: HostState): Settings =>
    Object.fromEntries(
      Object.entries(accounts).map(([user, { home, shell, password = "set" }]) => [
        user,
        `${home} ${shell}${password === "set" ? "" : `, password ${password}`}`,
      ]),
    );
  return compareTables("account", table(yours), table(reference));
}

function compareFiles(yours: HostState, reference: HostState): readonly Difference[] {
  const wanted = Object.keys(reference.files);
  const own = Object.fromEntries(Object.entries(yours.files).filter(([path]) => wanted.includes(path)));
  const mailboxes = Object.keys(reference.accounts).flatMap((user): Difference[] => {
    const rights = yours.files[mailboxOf(user)];
    const good = mailboxRights(user);
    // It comes with the first mail.
    if (rights === undefined || good.includes(rights)) return [];
    return [
      { area: "file", name: mailboxOf(user), kind: "different", yours: rights, reference: good[0] ?? "" },
    ];
  });
  const mailName =
    reference.mailName === undefined
      ? []
      : compareTables(
          "file",
          yours.mailName === undefined ? {} : { "/etc/mailname": yours.mailName },
          yours.mailName === undefined ? {} : { "/etc/mailname": reference.mailName },
        );
  return [...compareTables("file", own, reference.files), ...mailName, ...mailboxes];
}

function compareAliases(yours: HostState, reference: HostState): readonly Difference[] {
  // A database that is not there is missing among the files already.
  if (reference.aliases !== "current" || yours.aliases !== "old") return [];
  const name = "/etc/aliases.db";
  return [{ area: "aliases", name, kind: "different", yours: yours.aliases, reference: reference.aliases }];
}

/**
 * What stands otherwise on a host than in the reference, as far as it matters: `$mydomain` and its value are the same,
 * as are blanks, commas and the order of lists that have none. A package that one side lacks stands for all that it
 * would bring.
 */
export function compareStates(
  yours: HostState,
  reference: HostState,
  { dovecotDefaults }: Pick<PristineState, "dovecotDefaults">,
): readonly Difference[] {
  const hasBoth = (name: string): boolean => yours.packages.has(name) && reference.packages.has(name);
  const hasPostfix = hasBoth("postfix");
  return [
    ...comparePackages(yours, reference),
    ...(hasPostfix ? compareMainCf(yours.mainCf ?? {}, reference.mainCf ?? {}) : []),
    ...(hasPostfix ? compareTables("master.cf", yours.masterCf ?? {}, reference.masterCf ?? {}) : []),
    ...(hasBoth("dovecot-imapd") ? compareDovecot(yours, reference.dovecot ?? {}, dovecotDefaults) : []),
    ...compareServices(yours, reference),
    ...compareAccounts(yours, reference),
    ...(hasPostfix && hasBoth("dovecot-imapd") ? compareFiles(yours, reference) : []),
    ...(hasPostfix ? compareAliases(yours, reference) : []),
  ];
}
