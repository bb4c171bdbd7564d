/** Says which files of a build context a `.dockerignore` keeps out of it. */
export interface IgnoreRules {
  /** Whether a path (relative, with `/`) is kept out. */
  ignores(path: string): boolean;
  /** Whether something inside a folder that is kept out may be let in again. */
  readonly hasExceptions: boolean;
}

interface Rule {
  readonly pattern: RegExp;
  readonly isException: boolean;
}

/**
 * Reads the text of a `.dockerignore`: one pattern a line, `#` comments, `!` exceptions, `*`, `?`, `[…]` within a
 * name and `**` across folders. The last pattern that fits a path or a folder above it decides.
 */
export function parseDockerignore(text: string): IgnoreRules {
  const rules = text
    .replace(/^\u{FEFF}/u, "")
    .split(/\r?\n/u)
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "!")
    .map(parseRule)
    .filter((rule) => rule !== undefined);
  return {
    hasExceptions: rules.some((rule) => rule.isException),
    ignores: (path) => {
      const above = path.split("/").map((_name, depth, names) => names.slice(0, depth + 1).join("/"));
      const last = rules.findLast((rule) => above.some((folder) => rule.pattern.test(folder)));
      return last !== undefined && !last.isException;
    },
  };
}

function parseRule(line: string): Rule | undefined {
  const isException = line.startsWith("!");
  const names = line
    .slice(isException ? 1 : 0)
    .trim()
    .split("/")
    .filter((name) => name !== "" && name !== ".");
  if (names.length === 0) return undefined;
  return { pattern: new RegExp(`^${names.map(nameExpression).join("")}$`, "u"), isException };
}

/** The expression for one part of a pattern, with the `/` that follows it. */
function nameExpression(name: string, index: number, names: readonly string[]): string {
  const isLast = index === names.length - 1;
  if (name === "**") return isLast ? ".*" : "(?:.*/)?";
  const expression = name.replaceAll(/\[\^?[^\]]+\]|\*+|[?\\^$.|+(){}[\]]/gu, (token) => {
    if (token.startsWith("*")) return "[^/]*";
    if (token === "?") return "[^/]";
    return token.length > 1 ? token : `\\${token}`;
  });
  return isLast ? expression : `${expression}/`;
}
