import { exitCode, LabError } from "../model/lab-error.ts";
import type { Text } from "../model/text.ts";
import type { Finding } from "../lab/doctor/judge-facts.ts";
import { examine } from "../lab/doctor/doctor.ts";
import type { LabContext } from "../lab/lab-context.ts";

/** What of the doctor's findings is wrong for a class: beyond these a seat would fail, or never come up. */
const needed: ReadonlySet<string> = new Set(["inotify", "disk", "nf-tables"]);
/** Only a warning for a single lab, which may do without: the addresses of every seat are held inside. */
const neededByMany = "vxlan";

/**
 * Looks whether the machine has room for so many more labs before anything is made, and raises the limit of inotify
 * instances where that is allowed; says what it changed, and what may be tight.
 *
 * @throws LabError `LAB_NO_ROOM` naming what is wanted and the command that mends it.
 */
export async function requireRoom(context: LabContext, labs: number): Promise<void> {
  const { stack, paths, signal, report } = context;
  const { findings, mended } = await examine({ stack, paths, labsWanted: labs, fix: true, signal });
  const inotify = findings.find(({ id }) => id === "inotify");
  if (mended.includes("inotify") && inotify !== undefined) {
    report.say({
      en: `fs.inotify.max_user_instances was too low for ${labs} more labs and is raised: ${inotify.found.en}.`,
      ja: `fs.inotify.max_user_instancesが${labs}ラボの追加に足りないため、引き上げました: ${inotify.found.ja}`,
    });
  }
  const lacking = findings.filter(
    ({ id, level }) => (level === "bad" && needed.has(id)) || (level === "warning" && id === neededByMany),
  );
  if (lacking.length > 0) throw noRoom(labs, lacking);
  for (const { level, title, found, wanted, id } of findings) {
    if (level !== "warning" || !["memory", "disk"].includes(id)) continue;
    report.say({
      en: `${title.en} is tight: ${found.en}; wanted for ${labs} labs: ${wanted.en}.`,
      ja: `${title.ja}に余裕がありません: ${found.ja}（${labs}ラボに必要: ${wanted.ja}）`,
    });
  }
}

function noRoom(labs: number, lacking: readonly Finding[]): LabError {
  const [first] = lacking;
  const detail = ({ title, found, wanted, mend }: Finding): Text => ({
    en: `${title.en}: ${found.en}; wanted: ${wanted.en}${mend === undefined ? "" : `; ${mend.en}`}`,
    ja: `${title.ja}: ${found.ja}、必要: ${wanted.ja}${mend === undefined ? "" : `、対処: ${mend.ja}`}`,
  });
  return new LabError(
    "LAB_NO_ROOM",
    {
      en: `This machine has no room for ${labs} more labs; nothing was made.`,
      ja: `このマシンには、あと${labs}ラボの余裕がありません（まだ何も作っていません）。`,
    },
    {
      details: lacking.map(detail),
      ...(first?.mend === undefined ? {} : { hint: first.mend }),
      exit: exitCode.failed,
    },
  );
}
