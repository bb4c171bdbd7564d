import type { Verdict } from "./check.ts";
import type { Scene } from "./observation.ts";
import { notYet, passed, wrong } from "./verdict.ts";

/** Whether these packages are installed, and wholly so. */
export function judgePackages({ seen }: Scene, packages: readonly string[], command: string): Verdict {
  const missing = packages.filter((name) => !isThere(seen.packages[name]));
  const broken = packages.filter(
    (name) => isThere(seen.packages[name]) && seen.packages[name] !== "installed",
  );
  const expected = packages.join(", ");
  const where = `dpkg -s ${packages.join(" ")}`;
  if (missing.length > 0) {
    return notYet({
      cause: "package-missing",
      observed: {
        en: `not installed: ${missing.join(", ")}`,
        ja: `インストールされていません: ${missing.join(", ")}`,
      },
      expected,
      where,
      hint: { en: command, ja: command },
    });
  }
  if (broken.length > 0) {
    const mend = "sudo dpkg --configure -a";
    return wrong({
      cause: "package-broken",
      observed: broken.map((name) => `${name}: ${seen.packages[name] ?? ""}`).join(", "),
      expected: "installed",
      where,
      hint: {
        en: `The installation was broken off: ${mend}`,
        ja: `インストールが途中で止まっています: ${mend}`,
      },
    });
  }
  return passed();
}

function isThere(state: string | undefined): boolean {
  return state !== undefined && state !== "not-installed" && state !== "config-files";
}
