import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { Start } from "../../model/lab-config.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import type { SeatsBenchOptions } from "../../lab/bench/seats-bench.ts";
import type { CommandLine } from "../command-line.ts";
import { openBuildContext } from "../session.ts";

const defaultRuns = 3;
const mostRuns = 50;
const defaultMails = 2000;
const mostMails = 20_000;
const mostSeats = 100;
const starts = ["exercise", "finished"] as const satisfies readonly Start[];

/**
 * `./lab bench`: how fast a lab is, or with `--seats` a class, beside a plain shell script; exit code 1 where a mail
 * was lost or doubled.
 */
export function addBench(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("bench", {
      en: "measure a lab of its own against a plain shell script",
      ja: "専用のラボの速さを単純なシェルスクリプトと比べる",
    })
    .option(
      "--runs <number>",
      speak({ en: "how often", ja: "繰り返す回数" }),
      within(1, mostRuns),
      defaultRuns,
    )
    .option(
      "--mails <number>",
      speak({
        en: "mails of a flood from host1 to host2; 0: none",
        ja: "host1からhost2へ連続で送るメールの数（0: 送らない）",
      }),
      within(0, mostMails),
      defaultMails,
    )
    .addOption(
      new Option(
        "--seats <numbers>",
        speak({
          en: "a class of so many seats instead of one lab; several numbers with commas: 1,5,10,20",
          ja: "1つのラボではなく、この席数のクラスを測る。コンマ区切りで複数: 1,5,10,20",
        }),
      )
        .argParser(seatNumbers)
        .conflicts("mails"),
    )
    .addOption(
      new Option(
        "--stage <stage>",
        speak({
          en: "of the class's labs; both, one after the other, unless given",
          ja: "クラスのラボの段階。指定しなければ両方を順に測る",
        }),
      ).choices(starts),
    )
    .addOption(line.jsonOption())
    .action(async ({ runs, mails, seats, stage, json }) => {
      if (stage !== undefined && seats === undefined) throw noSeats();
      if (seats !== undefined) {
        await benchClass(line, { runs, sizes: seats, stages: stage === undefined ? starts : [stage] }, json);
        return;
      }
      const { bench } = await import("../../lab/bench/bench.ts");
      const context = await openBuildContext(session, `bench-${process.pid}`);
      const result = await bench(context, { runs, mails });
      if (json) line.printJson(result);
      else {
        const { renderBench } = await import("../render-bench.ts");
        line.print(renderBench(result, speak));
      }
      const { lost = 0, doubled = 0 } = result.mails ?? {};
      if (lost + doubled > 0) process.exitCode = exitCode.checkFailed;
    });
}

async function benchClass(
  line: CommandLine,
  options: SeatsBenchOptions,
  json: true | undefined,
): Promise<void> {
  const { benchSeats } = await import("../../lab/bench/seats-bench.ts");
  const context = await openBuildContext(line.session, `bench-${process.pid}`);
  const result = await benchSeats(context, options);
  if (json) {
    line.printJson(result);
    return;
  }
  const { renderSeatsBench } = await import("../render-seats-bench.ts");
  line.print(renderSeatsBench(result, line.session.speak));
}

function noSeats(): LabError {
  return new LabError(
    "LAB_USAGE",
    {
      en: "--stage says at which stage a class is measured, and --seats is missing.",
      ja: "--stageはクラスの計測に使います。--seatsも指定してください。",
    },
    {
      hint: { en: "./lab bench --seats 5 --stage finished", ja: "./lab bench --seats 5 --stage finished" },
      exit: exitCode.usage,
    },
  );
}

/** Numbers of seats with commas between them. */
function seatNumbers(text: string): readonly number[] {
  return text.split(",").map(within(1, mostSeats));
}

function within(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (Number.isInteger(count) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`${least} … ${most}`);
  };
}
