import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where compiled code is kept between starts: in the user's cache folder, since a plugin starts anew for every
 * command and would compile the same code each time.
 */
export function compileCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "mail-lab", "compile-cache");
}

/** Uses the cache for what this process loads from here on; NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE go first. */
export function useCompileCache(): void {
  if (process.env["NODE_COMPILE_CACHE"] === undefined) {
    enableCompileCache(compileCacheFolder());
  }
}
