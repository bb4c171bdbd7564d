import type { CommandLine } from "./command-line.ts";
import { addBench } from "./commands/bench.ts";
import { addCapture } from "./commands/capture.ts";
import { addCheck } from "./commands/check.ts";
import { addConsole } from "./commands/console.ts";
import { addDesk } from "./commands/desk.ts";
import { addDiff } from "./commands/diff.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addDown } from "./commands/down.ts";
import { addEnv } from "./commands/env.ts";
import { addExec } from "./commands/exec.ts";
import { addGoto } from "./commands/goto.ts";
import { addLogs } from "./commands/logs.ts";
import { addPasswords } from "./commands/passwords.ts";
import { addPrune } from "./commands/prune.ts";
import { addReset } from "./commands/reset.ts";
import { addRestore } from "./commands/restore.ts";
import { addSave } from "./commands/save.ts";
import { addSaves } from "./commands/saves.ts";
import { addSeats } from "./commands/seats.ts";
import { addSend } from "./commands/send.ts";
import { addShow } from "./commands/show.ts";
import { addSolve } from "./commands/solve.ts";
import { addSsh } from "./commands/ssh.ts";
import { addStart } from "./commands/start.ts";
import { addStatus } from "./commands/status.ts";
import { addStop } from "./commands/stop.ts";
import { addTest } from "./commands/test.ts";
import { addTrace } from "./commands/trace.ts";
import { addUp } from "./commands/up.ts";

/** Adds every command, in the order in which the help lists them; each has its page under docs/commands/. */
export function addCommands(line: CommandLine): void {
  for (const add of [
    addDoctor,
    addUp,
    addDown,
    addStop,
    addStart,
    addReset,
    addSave,
    addRestore,
    addSaves,
    addStatus,
    addSend,
    addCheck,
    addShow,
    addSolve,
    addDiff,
    addGoto,
    addLogs,
    addConsole,
    addTrace,
    addCapture,
    addSsh,
    addExec,
    addPasswords,
    addDesk,
    addEnv,
    addSeats,
    addTest,
    addBench,
    addPrune,
  ])
    add(line);
}
