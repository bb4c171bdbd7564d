import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { isElsewhere } from "../../../toolchain/docker/engine-route.ts";
import type { LabPaths } from "../lab-paths.ts";

/**
 * Ports of this checkout's labs on other machines: nothing listens on them here, and they have to be free here all
 * the same when a command goes to such a lab.
 */
export async function portsOfLabsElsewhere({
  stackConfig,
}: Pick<LabPaths, "stackConfig">): Promise<readonly number[]> {
  const folder = dirname(stackConfig);
  const files = (await readdir(folder).catch((): string[] => [])).filter(
    (name) => name.endsWith(".yaml") && name !== basename(stackConfig),
  );
  const ports = await Promise.all(files.map((name) => portsIn(join(folder, name))));
  return ports.flat();
}

async function portsIn(file: string): Promise<readonly number[]> {
  try {
    const { config = {} } = parse(await readFile(file, "utf8")) as {
      readonly config?: Readonly<Record<string, unknown>>;
    };
    const engine = config["mail-lab:engine"];
    return typeof engine === "string" && isElsewhere(engine) ? numbersIn(config["mail-lab:publish"]) : [];
  } catch {
    // Gone meanwhile, or broken, which is said where that lab is opened.
    return [];
  }
}

function numbersIn(value: unknown): readonly number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
