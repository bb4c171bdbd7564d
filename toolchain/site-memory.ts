import type { LocalText } from "./local-text.ts";
import { inStep, type ProgressReporter } from "./progress.ts";
import { probeSite, type Reachability, type Site } from "./reachability.ts";
import { readFacts, updateFacts } from "./remembered-facts.ts";

const probeDeadlineMs = 2500;

/** What a look at a site needs. */
export interface SiteLookOptions {
  readonly root: string;
  readonly report: ProgressReporter;
  readonly signal: AbortSignal;
  /** Said after a probe, so that a person knows why a part comes from where it comes. */
  readonly consequence: (reach: Reachability) => LocalText;
  /** Today, for tests. */
  readonly today?: string;
}

/**
 * Whether `site` is in reach: by `MAIL_LAB_OFFLINE` (1: never, 0: always) where that is set, else as found
 * earlier today, else by trying once with a short deadline, which is said aloud and remembered for the day.
 */
export async function isInReach(site: Site, options: SiteLookOptions): Promise<boolean> {
  const forced = process.env["MAIL_LAB_OFFLINE"];
  if (forced === "1") return false;
  if (forced === "0") return true;
  const day = options.today ?? localDay(new Date());
  const known = readFacts(options.root).probes[site.name];
  if (known?.day === day) return known.isReachable;
  const title = { en: `Look for ${site.name}`, ja: `${site.name}に届くか調べる` };
  const reach = await inStep(options.report, { id: "probe", title }, () =>
    probeSite(site, { deadlineMs: probeDeadlineMs, signal: options.signal }),
  );
  options.report.say(options.consequence(reach));
  updateFacts(options.root, (facts) => ({
    ...facts,
    probes: { ...facts.probes, [site.name]: { day, ...reach, reason: reach.reason.en } },
  }));
  return reach.isReachable;
}

function localDay(date: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
