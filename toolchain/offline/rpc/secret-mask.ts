import { isList, isRecord, secretContent, type WireMap, type WireValue } from "./values.ts";

/** What stands in a line instead of a secret, in the engine's own words. */
const MASK = "[secret]";

/** Shorter texts are no passwords, and masking them would make other words unreadable. */
const SHORTEST_SECRET = 4;

/** Secrets of several lines are also known by their lines: output is shown line by line. */
const SHORTEST_LINE = 6;

/** Takes secrets out of the lines that an operation shows. The engine masks only what it keeps as configuration. */
export class SecretMask {
  /** Longest first, so that a secret inside another one leaves nothing of the outer behind. */
  readonly #texts: readonly string[];

  /**
   * @param sources properties whose secrets are to be masked
   * @param shown paths of texts that may be seen although they are inside a secret, `connection.host`
   */
  constructor(sources: readonly WireMap[], shown: readonly string[] = []) {
    const texts = sources.flatMap((source) => secretTexts(source, "", new Set(shown), false));
    this.#texts = [...new Set(texts.flatMap(maskedForms))].sort((one, other) => other.length - one.length);
  }

  /** The text with every known secret replaced. */
  apply(text: string): string {
    return this.#texts.reduce((masked, known) => masked.replaceAll(known, MASK), text);
  }
}

function maskedForms(text: string): string[] {
  const whole = text.trim();
  const lines = whole.split("\n").map((line) => line.trim());
  return [
    ...(whole.length >= SHORTEST_SECRET ? [whole] : []),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= SHORTEST_LINE) : []),
  ];
}

function secretTexts(
  value: WireValue,
  path: string,
  shown: ReadonlySet<string>,
  isInSecret: boolean,
): string[] {
  const content = secretContent(value);
  if (content !== undefined) {
    return secretTexts(content, path, shown, true);
  }
  if (typeof value === "string") {
    return isInSecret && !shown.has(path) ? [value] : [];
  }
  if (isList(value)) {
    return value.flatMap((item) => secretTexts(item, path, shown, isInSecret));
  }
  return isRecord(value)
    ? Object.entries(value).flatMap(([name, field]) =>
        secretTexts(field, path === "" ? name : `${path}.${name}`, shown, isInSecret),
      )
    : [];
}
