import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** `./lab passwords`: the accounts of the lab with their passwords. */
export function addPasswords(line: CommandLine): void {
  const { session } = line;
  line
    .command("passwords", { en: "show the accounts' passwords", ja: "アカウントのパスワードを表示" })
    .addOption(line.stackOption())
    .addOption(line.jsonOption())
    .action(async ({ stack, json }) => {
      const { requireOutputs } = await import("../../lab/stack/lab-outputs.ts");
      const outputs = await requireOutputs(await openContext(session, stack));
      if (json) line.printJson(outputs.passwords);
      else line.print((await import("../render-lab.ts")).renderPasswords(outputs));
    });
}
