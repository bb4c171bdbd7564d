import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LabPaths } from "../lab/lab-paths.ts";
import { openInBrowser } from "./open-in-browser.ts";

/**
 * Opens an address in the browser that nobody else on this machine may see, as the command line of a browser would
 * show it: the browser gets a file that only this user can read, and that leads to it.
 *
 * @returns what takes the file away again, and whether there is a browser.
 */
export async function openPrivately(
  { folder }: LabPaths,
  name: string,
  address: string,
): Promise<{ readonly isOpened: boolean; readonly close: () => Promise<void> }> {
  const place = join(folder, "console");
  await mkdir(place, { recursive: true, mode: 0o700 });
  const file = join(place, `${name}.html`);
  await rm(file, { force: true });
  await writeFile(file, pageTo(address), { mode: 0o600, flag: "wx" });
  return {
    isOpened: await openInBrowser(pathToFileURL(file).href),
    close: () => rm(file, { force: true }),
  };
}

/** The address is made of letters, digits and signs that mean nothing in HTML. */
function pageTo(address: string): string {
  return `<!doctype html>
<meta charset="utf-8" />
<meta name="referrer" content="no-referrer" />
<meta http-equiv="refresh" content="0; url=${address}" />
<title>mail-lab</title>
`;
}
