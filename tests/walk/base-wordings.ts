/** The distribution's release that the hosts run: `VERSION_CODENAME` of os-release(5). */
type Release = "bookworm" | "noble";

/** What a program prints otherwise on one release than on another. */
interface Wording {
  /** Which program, and where. */
  readonly what: string;
  /** As the textbook prints it. */
  readonly book: string;
  readonly printed: Readonly<Record<Release, string>>;
}

/**
 * Everything in the chapter's output that is not as the book prints it on every release: the book was written on
 * Ubuntu 24.04 (noble); a lab without Docker Hub stands on Debian 12 (bookworm). Whatever is not listed here is the
 * same on both.
 */
const baseWordings = {
  adduserPrefix: {
    what: "adduser: what stands before each thing that it does",
    book: "info: ",
    printed: { bookworm: "", noble: "info: " },
  },
  adduserRange: {
    what: "adduser: its line on the range of numbers",
    book: "info: Selecting UID/GID from range 1000 to 59999 ...\n",
    printed: { bookworm: "", noble: "info: Selecting UID/GID from range 1000 to 59999 ...\n" },
  },
  mailPrompt: {
    what: "mail: its prompt; in the book's second example it is ?",
    book: "& ",
    printed: { bookworm: "? ", noble: "& " },
  },
  mailAfterText: {
    what: "mail: what stands between a mail's text and the prompt",
    book: "\n",
    printed: { bookworm: "", noble: "\n" },
  },
  mailUserAgent: {
    what: "mail: how it names itself in a mail",
    book: "mail (GNU Mailutils 3.17)",
    printed: { bookworm: "mail (GNU Mailutils 3.15)", noble: "mail (GNU Mailutils 3.17)" },
  },
  postfixVersion: {
    what: "apt: the version of Postfix; the book does not print it",
    book: "3.8",
    printed: { bookworm: "3.7", noble: "3.8" },
  },
} as const satisfies Readonly<Record<string, Wording>>;

/** The wordings of one release. */
export type Wordings = Readonly<Record<keyof typeof baseWordings, string>>;

/** @throws Error where the walk has no wordings for the release. */
export function wordingsOf(release: string): Wordings {
  if (release !== "bookworm" && release !== "noble") {
    throw new Error(`base-wordings.ts has no wordings for the release "${release}"`);
  }
  return Object.fromEntries(
    Object.entries(baseWordings).map(([name, { printed }]) => [name, printed[release]]),
  ) as Wordings;
}
