import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { Language } from "../../model/text.ts";
import type { CommandLine } from "../command-line.ts";
import { openClassContext, openContext } from "../session.ts";

/** `./lab console`: the lab as a page on this machine, until Ctrl-C. */
export function addConsole(line: CommandLine): void {
  const { session } = line;
  const { speak, signal, report } = session;
  line
    .command("console", {
      en: "show the lab as a page in the browser, live, until Ctrl-C",
      ja: "ラボの様子をブラウザーのページで表示（Ctrl-Cまで）",
    })
    .addOption(line.stackOption())
    .addOption(
      new Option(
        "--port <port>",
        speak({
          en: "the page's port on 127.0.0.1; a free one unless given",
          ja: "127.0.0.1のポート番号（省略時は空いているもの）",
        }),
      ).argParser(parsePort),
    )
    .option("--open", speak({ en: "open it in the browser", ja: "ブラウザーで開く" }))
    .option("--seats <roster>", speak({ en: "show the board of a class too", ja: "クラスの一覧も表示する" }))
    .option("--no-names", speak({ en: "leave the students' names away", ja: "学生の名前を出さない" }))
    .action(async ({ stack, port, open = false, seats, names }) => {
      const { startConsole } = await import("../../console/server.ts");
      const { openConsoleClass } = await import("../../console/console-class.ts");
      const { renderError } = await import("../render-error.ts");
      // Before anything is looked for.
      const { readRoster } = await import("../../seats/read-roster.ts");
      const roster = seats === undefined ? undefined : await readRoster(seats);
      const context =
        roster === undefined ? await openContext(session, stack) : await openClassContext(session, stack);
      const board = roster && (await openConsoleClass(context, roster, { isNameless: !names }));
      const running = await startConsole({
        lab: stack,
        open: async (name) => (name === stack ? context : await board?.open(name)),
        language: speak({ en: "en", ja: "ja" }) as Language,
        port,
        seats: board,
        signal,
        onFault: (error) => {
          renderError(error, speak);
        },
      });
      const { openPrivately } = await import("../open-privately.ts");
      const opened = open
        ? await openPrivately(context.paths, `open-${running.port}`, running.address)
        : undefined;
      try {
        line.print(running.address);
        report.say({
          en: "Open the whole address in a browser on this machine. Whoever has it can use the lab; Ctrl-C ends it.",
          ja: "このマシンのブラウザーで、アドレス全体を開いてください。アドレスを知っている人はラボを操作できます。Ctrl-Cで終了します。",
        });
        await aborted(signal);
      } finally {
        await running.close();
        await opened?.close();
      }
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port;
  throw new InvalidArgumentError("1024 … 65535");
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  signal.addEventListener(
    "abort",
    () => {
      resolve(undefined);
    },
    { once: true },
  );
  await promise;
}
