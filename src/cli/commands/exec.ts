import { quoteWord } from "../../model/quote-word.ts";
import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab exec HOST -- COMMAND`: runs a command on a host over ssh; exits as the command did. */
export function addExec(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("exec", { en: "run a command on a host, over ssh", ja: "ホストでコマンドを実行（ssh経由）" })
    .argument("<host>", speak({ en: "such as host1", ja: "例: host1" }))
    .argument("<command...>", speak({ en: "the command and its words", ja: "コマンドとその引数" }))
    .addOption(line.stackOption())
    .option("--user <name>", speak({ en: "the account to run it as", ja: "実行するユーザー" }), "ubuntu")
    .action(async (host, words, { stack, user }) => {
      const { runOnHost } = await import("../../lab/access/connect.ts");
      const context = await openContext(session, stack);
      const { stdin, stderr } = process;
      const streams = { stdin, stdout: session.stdout, stderr, pty: stdin.isTTY && session.stdout.isTTY };
      process.exitCode = await runOnHost(context, { host, user }, asShellLine(words), streams);
    });
}

/** One word is a whole shell line (`'ls | wc -l'`); of several each stays the word that it was. */
function asShellLine(words: readonly string[]): string {
  return words.length === 1 ? words.join("") : words.map(quoteWord).join(" ");
}
