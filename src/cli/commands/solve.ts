import { LabError, exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** As a person types who knows what to type. */
const readablePaceMs = 40;

/** `./lab solve STEP`: types a step's commands in a terminal on the hosts, for somebody who looks on. */
export function addSolve(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("solve", {
      en: "type a step's commands on the hosts, so that you see them happen",
      ja: "ステップのコマンドをホストの端末に入力して見せる",
    })
    .argument("<step>", speak({ en: "such as 6.05", ja: "例: 6.05" }))
    .addOption(line.stackOption())
    .option("--host <name>", speak({ en: "on one host alone", ja: "このホストだけ" }))
    .option(
      "--pace <ms>",
      speak({
        en: `milliseconds between two keys; ${readablePaceMs} on a terminal, else 0`,
        ja: `キーの間隔（ミリ秒）。端末では${readablePaceMs}、それ以外は0`,
      }),
    )
    .action(async (step, { stack, host, pace }) => {
      const { stdout } = session;
      const paceMs = pace === undefined ? (stdout.isTTY ? readablePaceMs : 0) : parsePace(pace);
      const { solve } = await import("../../lab/chapter/solve.ts");
      const context = await openContext(session, stack);
      await solve(context, { step, host, paceMs }, { stdin: process.stdin, stdout });
    });
}

const slowestPaceMs = 2000;

function parsePace(words: string): number {
  const paceMs = Number(words);
  if (/^\d+$/.test(words) && paceMs <= slowestPaceMs) return paceMs;
  throw new LabError(
    "LAB_USAGE",
    {
      en: `--pace: “${words}” is not a whole number of milliseconds up to ${slowestPaceMs}.`,
      ja: `--pace: 「${words}」は${slowestPaceMs}以下の整数（ミリ秒）ではありません。`,
    },
    { hint: { en: "such as --pace 30", ja: "例: --pace 30" }, exit: exitCode.usage },
  );
}
