import { spawn } from "node:child_process";

/** What opens an address on this desktop; `undefined` where there is none. */
export function openingCommand(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (platform === "darwin") return "open";
  const hasDesktop = [environment["DISPLAY"], environment["WAYLAND_DISPLAY"]].some(Boolean);
  return hasDesktop ? "xdg-open" : undefined;
}

/**
 * Opens an address in the user's browser. Everybody on the machine can read it in the list of processes, so it must
 * hold no secret.
 *
 * @returns whether there is a desktop and its command was started; the browser itself is not waited for, since it may
 *   be that command's own process.
 */
export async function openInBrowser(address: string): Promise<boolean> {
  const command = openingCommand(process.platform, process.env);
  if (command === undefined) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(command, [address], { stdio: "ignore", detached: true });
  child.once("spawn", () => {
    resolve(true);
  });
  child.once("error", () => {
    resolve(false);
  });
  child.unref();
  return await promise;
}
