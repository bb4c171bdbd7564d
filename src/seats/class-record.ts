import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { hasErrorCode } from "../../toolchain/exclusive-lock.ts";
import type { LabPaths } from "../lab/lab-paths.ts";
import { LabError, exitCode } from "../model/lab-error.ts";

const textSchema = z.object({ en: z.string(), ja: z.string() });

const faultSchema = z.object({
  code: z.string(),
  text: textSchema,
  details: z.array(z.union([z.string(), textSchema])),
  hint: textSchema.optional(),
});

const seatRecordSchema = z.object({
  id: z.string(),
  name: z.string(),
  stack: z.string(),
  /** As the roster or the placement has it; absent where it is the one that `./lab` takes by itself. */
  engine: z.string().optional(),
  /** The stage that it was last brought to, or is being brought to. */
  stage: z.string(),
  /** Where it stands, as far as the last command on the class knows. */
  phase: z.enum(["waiting", "building", "up", "failed", "removing"]),
  /** When it came to this phase, ISO 8601. */
  since: z.string(),
  /** The owner in its containers' labels; absent until it was up once. */
  owner: z.string().optional(),
  /** How many containers it has when it is whole. */
  nodes: z.number().optional(),
  /** How long it took to be brought up. */
  tookMs: z.number().optional(),
  /** Why it failed the last time. */
  fault: faultSchema.optional(),
});

const classRecordSchema = z.object({
  className: z.string(),
  seats: z.array(seatRecordSchema),
});

/** Why something failed, kept for a later look: an error without its stack. */
export type SeatFault = z.infer<typeof faultSchema>;

/** A seat as the last command on its class left it. */
export type SeatRecord = z.infer<typeof seatRecordSchema>;

/** The folder of a class: its record, progress and handout, readable by its owner alone. */
export function classFolder(paths: Pick<LabPaths, "folder">, className: string): string {
  return join(paths.folder, "classes", className);
}

function recordFile(paths: Pick<LabPaths, "folder">, className: string): string {
  return join(classFolder(paths, className), "seats.json");
}

/**
 * The seats of a class, in the order in which they were first brought up; none where there was never one.
 *
 * @throws LabError `LAB_CLASS_RECORD` where the file is broken.
 */
export async function readSeatRecords(
  paths: Pick<LabPaths, "folder" | "root">,
  className: string,
): Promise<readonly SeatRecord[]> {
  const file = recordFile(paths, className);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (hasErrorCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (text === undefined) return [];
  try {
    return classRecordSchema.parse(JSON.parse(text)).seats;
  } catch (cause) {
    const name = relative(paths.root, file);
    throw new LabError(
      "LAB_CLASS_RECORD",
      {
        en: `${name} must be the JSON that ./lab wrote, and is not.`,
        ja: `${name} が、./labの書いたJSONではなくなっています。`,
      },
      {
        hint: {
          en: `rm ${name}, then ./lab seats up ROSTER.csv: it finds the seats that stand and writes it anew`,
          ja: `rm ${name} のあと ./lab seats up 名簿.csv とすると、立っている席を見つけて書き直します`,
        },
        exit: exitCode.usage,
        cause,
      },
    );
  }
}

/** The record of a class while a command works on it: every change is on the disk before the work goes on. */
export class ClassLedger {
  readonly className: string;
  readonly #paths: LabPaths;
  readonly #seats: Map<string, SeatRecord>;
  #written: Promise<void> = Promise.resolve();

  private constructor(paths: LabPaths, className: string, seats: readonly SeatRecord[]) {
    this.#paths = paths;
    this.className = className;
    this.#seats = new Map(seats.map((seat) => [seat.id, seat]));
  }

  /** Opens the record of a class, a new one where there is none. */
  static async open(paths: LabPaths, className: string): Promise<ClassLedger> {
    return new ClassLedger(paths, className, await readSeatRecords(paths, className));
  }

  get seats(): readonly SeatRecord[] {
    return [...this.#seats.values()];
  }

  seat(id: string): SeatRecord | undefined {
    return this.#seats.get(id);
  }

  /** Records how a seat stands now. */
  async put(seat: SeatRecord): Promise<void> {
    this.#seats.set(seat.id, seat);
    await this.#write();
  }

  /** Takes seats out that are gone. */
  async remove(id: string): Promise<void> {
    this.#seats.delete(id);
    await this.#write();
  }

  /** Removes the class's folder with everything in it. */
  async forget(): Promise<void> {
    await this.#written;
    await rm(classFolder(this.#paths, this.className), { recursive: true, force: true });
  }

  /** Written whole and then renamed, one after the other, so that a kill leaves the old file or the new one. */
  async #write(): Promise<void> {
    this.#written = this.#written.then(async () => {
      const folder = classFolder(this.#paths, this.className);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = recordFile(this.#paths, this.className);
      const fresh = `${file}.${process.pid}`;
      const record = { className: this.className, seats: this.seats };
      await writeFile(fresh, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
      await rename(fresh, file);
    });
    await this.#written;
  }
}
