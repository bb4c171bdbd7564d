import os from "node:os";
import path from "node:path";

/**
 * The folder for what every clone on this machine shares, the same as `./lab` uses: `MAIL_LAB_CACHE`, else
 * `mail-lab` in `XDG_CACHE_HOME` or `~/.cache`.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment["MAIL_LAB_CACHE"];
  if (own) return path.resolve(own);
  return path.join(
    environment["XDG_CACHE_HOME"] || path.join(environment["HOME"] || os.homedir(), ".cache"),
    "mail-lab",
  );
}
