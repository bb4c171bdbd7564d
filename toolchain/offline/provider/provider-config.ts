import { isDeepStrictEqual } from "node:util";
import type { WireMap } from "../rpc/values.ts";
import type { CheckFailure } from "./resource.ts";

/** Keys that the engine itself puts beside a provider's own. */
const engineKeys: ReadonlySet<string> = new Set(["version", "pluginDownloadURL"]);

function isInternal(key: string): boolean {
  return key.startsWith("__");
}

/** Refuses, by name, the configuration keys that a stand-in has no code for. */
export function checkProviderConfig(
  provider: string,
  configKeys: readonly string[],
  config: WireMap,
): CheckFailure[] {
  return Object.keys(config)
    .filter((key) => !engineKeys.has(key) && !isInternal(key) && !configKeys.includes(key))
    .map((property) => ({
      property,
      reason:
        `the offline ${provider} plugin does not know the provider option ${property}` +
        (configKeys.length === 0 ? "; it takes none" : `; it knows ${configKeys.join(", ")}`),
    }));
}

/** Names of the keys whose values differ. Keys with two underscores are bookkeeping of one plugin or another. */
export function changedConfigKeys(olds: WireMap, news: WireMap): string[] {
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => !isInternal(key) && !isDeepStrictEqual(olds[key], news[key]),
  );
}
