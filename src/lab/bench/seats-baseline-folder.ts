import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LabConfig, Start } from "../../model/lab-config.ts";
import { servicePorts } from "../../model/topology.ts";
import { settingsText, writeBaselineFolder } from "./baseline-folder.ts";

/** A seat's lab that is to be made by the plain script. */
export interface BaselineSeat {
  readonly id: string;
  /** The configuration of the lab that was measured on this seat. */
  readonly config: LabConfig;
}

/** Seats that the script makes side by side for each core, as `seats up` does. */
const seatsPerCore = 2;

/** What the script awaits of a host, by what its image starts: the name of the figure, the port, the greeting. */
const awaited: Readonly<Record<Start, string>> = {
  exercise: `ssh:${servicePorts.ssh}:SSH-`,
  finished: `ssh:${servicePorts.ssh}:SSH- smtp:${servicePorts.smtp}:220`,
};

/**
 * Writes what `seats-baseline.sh` works with; its head says what is where.
 *
 * @param name - prefix of everything that the script makes on the engine.
 */
export async function writeSeatsBaselineFolder(
  folder: string,
  name: string,
  seats: readonly BaselineSeat[],
  { start, cores }: { readonly start: Start; readonly cores: number },
): Promise<void> {
  for (const { id, config } of seats)
    await writeBaselineFolder(join(folder, "seats", id), `${name}-${id}`, config);
  await mkdir(folder, { recursive: true });
  const settings = {
    label: baselineLabel(name),
    jobs: String(cores * seatsPerCore),
    awaited: awaited[start],
  };
  await writeFile(join(folder, "settings"), settingsText(settings));
}

const labelName = "mail-lab.baseline";

function baselineLabel(name: string): string {
  return `${labelName}=${name}`;
}

/** Whether a container is the script's. */
export function isOfBaseline(name: string, labels: Readonly<Record<string, string>>): boolean {
  return labels[labelName] === name;
}
