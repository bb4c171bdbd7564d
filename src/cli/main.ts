// Before everything else: what loads the SDK loads less of it then.
import "../../toolchain/lazy-sdk.cjs";
import { CommanderError } from "@commander-js/extra-typings";
import { exitCode } from "../model/lab-error.ts";
import { endWithReader } from "./closed-pipe.ts";
import { CommandLine } from "./command-line.ts";
import { addBench } from "./commands/bench.ts";
import { addDiff } from "./commands/diff.ts";
import { addCheck } from "./commands/check.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addDown } from "./commands/down.ts";
import { addEnv } from "./commands/env.ts";
import { addExec } from "./commands/exec.ts";
import { addGoto } from "./commands/goto.ts";
import { addLogs } from "./commands/logs.ts";
import { addPasswords } from "./commands/passwords.ts";
import { addPrune } from "./commands/prune.ts";
import { addSend } from "./commands/send.ts";
import { addShow } from "./commands/show.ts";
import { addSolve } from "./commands/solve.ts";
import { addSsh } from "./commands/ssh.ts";
import { addStart } from "./commands/start.ts";
import { addStatus } from "./commands/status.ts";
import { addStop } from "./commands/stop.ts";
import { addTest } from "./commands/test.ts";
import { addUp } from "./commands/up.ts";
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
for (const add of [
  addDoctor,
  addUp,
  addDown,
  addStop,
  addStart,
  addStatus,
  addSend,
  addCheck,
  addShow,
  addSolve,
  addDiff,
  addGoto,
  addLogs,
  addSsh,
  addExec,
  addPasswords,
  addEnv,
  addTest,
  addBench,
  addPrune,
])
  add(line);

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
