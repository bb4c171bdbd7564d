import { hasApt, installPackages } from "../../toolchain/system-packages.ts";
import { findOnPath } from "../../toolchain/on-path.ts";

/** The programs that are a Chromium of full strength, the distribution's own first. */
const programs = ["chromium", "google-chrome", "google-chrome-stable"];

/** Debian's browser, and a small font with all of Japanese: screenshots show text, and no empty boxes. */
const packages = ["chromium", "fonts-vlgothic"];

/** A browser of 100 MB over a school's line. */
const installDeadlineMs = 15 * 60_000;

function onPath(): string | undefined {
  return programs.flatMap((program) => findOnPath(program, process.env["PATH"] ?? ""))[0];
}

/**
 * The Chromium that tests drive, as playwright-core's `executablePath` takes it: the one that this machine has, else
 * Debian's package, which is installed (as root or by sudo).
 *
 * @throws an error that names what to install, where neither is to be had.
 */
export async function bringChromium(): Promise<string> {
  const found = onPath();
  if (found !== undefined) return found;
  const manual =
    "Next: install Chromium or Google Chrome so that `chromium` or `google-chrome` is on the PATH.";
  if (!hasApt()) throw new Error(`These tests drive a Chromium, and this machine has none. ${manual}`);
  process.stderr.write(`Installing ${packages.join(" and ")} (apt-get), which the tests in a browser need\n`);
  const startedAt = performance.now();
  await installPackages(packages, {
    voice: { line: () => undefined, note: () => undefined },
    signal: AbortSignal.timeout(installDeadlineMs),
  });
  const installed = onPath();
  // Ubuntu has no such package; what it calls chromium-browser is a pointer to a snap.
  if (installed === undefined)
    throw new Error(`The package chromium brought no such program here. ${manual}`);
  process.stderr.write(`Installed ${installed} in ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
  return installed;
}
