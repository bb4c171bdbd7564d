/** Major, minor and patch of a program. */
export type Version = readonly [major: number, minor: number, patch: number];

/** The first version in `text` (`go1.26.8`, `v3.259.0-dev`, `20.10.24+dfsg1`); a missing part is 0. */
export function parseVersion(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (!match) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Whether `version` is `minimum` or newer. */
export function isAtLeast(version: Version, minimum: Version): boolean {
  for (const [index, part] of version.entries()) {
    const wanted = minimum[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
