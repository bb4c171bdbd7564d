// Before everything else: what loads the SDK loads less of it then.
import "../../toolchain/lazy-sdk.cjs";
import { CommanderError } from "@commander-js/extra-typings";
import { exitCode } from "../model/lab-error.ts";
import { addCommands } from "./add-commands.ts";
import { endWithReader } from "./closed-pipe.ts";
import { CommandLine } from "./command-line.ts";
import { fileErrorOf } from "./file-errors.ts";
import { followInterrupts, unlessInterrupted } from "./interrupts.ts";
import { chooseLanguage, ownWords, speakerOf } from "./language.ts";
import { errorAsJson, renderError } from "./render-error.ts";
import { terminalReporter } from "./terminal-reporter.ts";
import { isHelp, usageError } from "./usage-error.ts";

endWithReader();
const words = process.argv.slice(2);
const speak = speakerOf(chooseLanguage(words, process.env));
const session = {
  speak,
  report: terminalReporter(speak),
  ...followInterrupts(speak),
  stdout: process.stdout,
};
const line = new CommandLine(session, "lab", {
  en: "Two mail hosts and their DNS server, as the textbook has them, in containers.",
  ja: "教科書どおりの2台のメールサーバーとDNSサーバーを、コンテナで組み立てます。",
});
addCommands(line);

try {
  await line.program.parseAsync(words, { from: "user" });
} catch (error) {
  if (error instanceof CommanderError && isHelp(error)) {
    // Help that was asked for is no error; without a command it is.
    process.exitCode = error.exitCode === 0 ? exitCode.good : exitCode.usage;
  } else {
    const shown =
      error instanceof CommanderError
        ? usageError(error)
        : unlessInterrupted(fileErrorOf(error), session.signal);
    process.exitCode = renderError(shown, speak);
    if (ownWords(words).includes("--json")) line.printJson(errorAsJson(shown));
  }
}
