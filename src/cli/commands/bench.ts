import { InvalidArgumentError } from "@commander-js/extra-typings";
import { exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import { openBuildContext } from "../session.ts";

const defaultRuns = 3;
const mostRuns = 50;
const defaultMails = 2000;
const mostMails = 20_000;

/** `./lab bench`: how fast a lab is, beside a plain shell script; exit code 1 where a mail was lost or doubled. */
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
    .addOption(line.jsonOption())
    .action(async ({ runs, mails, json }) => {
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

function within(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (Number.isInteger(count) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`${least} … ${most}`);
  };
}
