import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { cacheFolder } from "../../../toolchain/cache-folder.ts";
import { isProcessAlive } from "../../../toolchain/exclusive-lock.ts";
import { parseCidr } from "../../model/ipv4.ts";
import type { OccupiedRange } from "./machine-values.ts";

/** What labs were given that are not built yet, so that neither Docker nor a port tells. */
export interface PromisedValues {
  readonly ranges: readonly OccupiedRange[];
  readonly ports: ReadonlySet<number>;
}

/** Nothing. */
export const noPromises: PromisedValues = { ranges: [], ports: new Set() };

/** A promise as it stands in its file. */
interface PromiseFile {
  readonly carrierSubnets: readonly string[];
  readonly ports: readonly number[];
}

/** One file a class that is being built, for all clones on this machine; its name begins with the process's number. */
function promisesFolder(): string {
  return join(cacheFolder(), "promised");
}

/**
 * Lets everybody on this machine know what labs were given that are built in the next minutes, so that others may
 * choose meanwhile. Made while the right to choose is held; it ends with the process, however that ends.
 *
 * @returns what takes it back.
 */
export async function promiseValues(promised: PromiseFile): Promise<() => Promise<void>> {
  const folder = promisesFolder();
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${process.pid}-${randomBytes(4).toString("hex")}.json`);
  await writeFile(`${file}.part`, JSON.stringify(promised));
  await rename(`${file}.part`, file);
  return () => rm(file, { force: true });
}

/** What living processes have promised; what dead ones left is removed. */
export async function readPromises(): Promise<PromisedValues> {
  const folder = promisesFolder();
  const ranges: OccupiedRange[] = [];
  const ports = new Set<number>();
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const [, pid] = /^(\d+)-[0-9a-f]+\.json(?:\.part)?$/.exec(name) ?? [];
    if (pid === undefined) continue;
    if (!isProcessAlive(Number(pid))) await rm(join(folder, name), { force: true });
    else if (name.endsWith(".json")) {
      // Taken back at this very moment, it is none any more.
      const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
      if (text === undefined) continue;
      const { carrierSubnets, ports: promised } = JSON.parse(text) as PromiseFile;
      const holder = { en: `a class that process ${pid} builds`, ja: `プロセス ${pid} が構築中のクラス` };
      for (const subnet of carrierSubnets) {
        const network = parseCidr(subnet);
        if (network !== undefined) ranges.push({ network, holder });
      }
      for (const port of promised) ports.add(port);
    }
  }
  return { ranges, ports };
}
