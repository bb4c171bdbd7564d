import type { PropertyValue } from "../../provider/resource.ts";

/** Nanoseconds of the units that a duration may be written in, greatest first. */
const units = [
  ["h", 3_600_000_000_000],
  ["m", 60_000_000_000],
  ["s", 1_000_000_000],
  ["ms", 1_000_000],
  ["us", 1_000],
  ["ns", 1],
] as const;

const part = /(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)/gu;
const whole = /^(?:0|(?:\d+(?:\.\d+)?(?:h|ms|us|ns|m|s))+)$/u;

/** Nanoseconds of a duration such as `1m30s` or `500ms`; 0 for what is none. */
export function parseDuration(text: string): number {
  if (!whole.test(text)) return 0;
  const nanoseconds = [...text.matchAll(part)].map(([, amount, unit]) => {
    const scale = units.find(([name]) => name === unit)?.[1] ?? 0;
    return Number(amount) * scale;
  });
  return Math.round(nanoseconds.reduce((sum, value) => sum + value, 0));
}

/** Writes nanoseconds the way Docker's own tools do: `1m30s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return "0s";
  if (nanoseconds < 1_000_000_000) {
    const [unit, scale] = units.find(([, value]) => nanoseconds >= value) ?? ["ns", 1];
    return `${nanoseconds / scale}${unit}`;
  }
  const seconds = nanoseconds / 1_000_000_000;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Number((seconds % 60).toFixed(9));
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

/** One text for every way to write the same duration. */
export function canonicalDuration(text: string): string {
  return formatDuration(parseDuration(text));
}

/** What is wrong with a duration, if anything. */
export function durationProblem(value: PropertyValue): string | undefined {
  if (typeof value === "string" && whole.test(value)) return undefined;
  return "must be a time such as 30s, 500ms or 1m30s";
}
