import { relative } from "node:path";
import { InvalidArgumentError, type Command } from "@commander-js/extra-typings";
import type { CommandLine } from "../../command-line.ts";
import { openClassContext } from "../../session.ts";
import { rosterArgument, rosterWords } from "./seat-options.ts";

/** `./lab seats handout ROSTER`: writes the class's sheets anew and prints where they are. */
export function addSeatsHandout(line: CommandLine, group: Command): void {
  const { session } = line;
  const { speak } = session;
  line
    .command(
      "handout",
      {
        en: "write a sheet for each student: how to log in, addresses, passwords",
        ja: "学生に配るプリント（ログイン方法・アドレス・パスワード）を作る",
      },
      group,
    )
    .argument(rosterArgument, rosterWords(speak))
    .option(
      "--address <address>",
      speak({
        en: "what students type after the @; what ssh is published on unless given",
        ja: "学生が@の後に入力する名前かアドレス（省略時はsshを公開しているアドレス）",
      }),
      parseAddress,
    )
    .addOption(line.jsonOption())
    .action(async (roster, { address, json }) => {
      const { readRoster } = await import("../../../seats/read-roster.ts");
      const read = await readRoster(roster);
      const { writeClassHandout } = await import("../../../seats/class-handout.ts");
      const { className, file, seats, left } = await writeClassHandout(
        await openClassContext(session, "dev"),
        {
          roster: read,
          language: speak({ en: "en", ja: "ja" }) as "en" | "ja",
          ...(address === undefined ? {} : { address }),
        },
      );
      if (json) {
        line.printJson({
          class: className,
          file,
          seats: seats.map(({ id, name, stack }) => ({ seat: id, name, stack })),
          left: left.map(({ id, name, stack, fault }) => ({ seat: id, name, stack, error: fault?.code })),
        });
        return;
      }
      line.print(relative(process.cwd(), file));
      session.report.say({
        en: `Seats: ${seats.length}, a page each, with their passwords. Open it in a browser and print it.`,
        ja: `${seats.length}席分、1席1ページです。パスワードが書かれています。ブラウザーで開いて印刷してください。`,
      });
      if (left.length === 0) return;
      const ids = left.map(({ id, fault }) => (fault === undefined ? id : `${id} [${fault.code}]`)).join(" ");
      session.report.say({
        en: `Left out, since they are not up or can't be read: ${ids}`,
        ja: `立ち上がっていない席と読めない席は含まれていません: ${ids}`,
      });
    });
}

/** A machine's name or address: letters that need no quoting in any shell. */
function parseAddress(text: string): string {
  if (/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(text)) return text;
  throw new InvalidArgumentError("lab.example.org, 192.0.2.10");
}
