import { LabError, exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab ssh USER@HOST`: the account's login shell; exits as the shell did. */
export function addSsh(line: CommandLine): void {
  const { session } = line;
  line
    .command("ssh", { en: "log in on a host", ja: "ホストにログイン" })
    .argument("<user@host>", session.speak({ en: "such as ubuntu@host1", ja: "例: ubuntu@host1" }))
    .addOption(line.stackOption())
    .action(async (target, { stack }) => {
      const where = parseTarget(target);
      const { openShell } = await import("../../lab/access/connect.ts");
      const context = await openContext(session, stack);
      process.exitCode = await openShell(context, where, { stdin: process.stdin, stdout: session.stdout });
    });
}

function parseTarget(target: string): { user: string; host: string } {
  const [user, host, ...rest] = target.split("@");
  if (user !== undefined && user !== "" && host !== undefined && host !== "" && rest.length === 0) {
    return { user, host };
  }
  throw new LabError(
    "LAB_USAGE",
    { en: `“${target}” is not USER@HOST.`, ja: `「${target}」はユーザー@ホストの形ではありません。` },
    { hint: { en: "./lab ssh ubuntu@host1", ja: "./lab ssh ubuntu@host1" }, exit: exitCode.usage },
  );
}
