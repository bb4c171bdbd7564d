import { quoteWord } from "../../model/quote-word.ts";
import type { CommandLine } from "../command-line.ts";
import { openBuildContext } from "../session.ts";

/** `./lab env`: what a plain `pulumi` needs, to be evaluated by the shell. */
export function addEnv(line: CommandLine): void {
  const { session } = line;
  line
    .command("env", {
      en: 'print what a plain pulumi needs: eval "$(./lab env)"',
      ja: 'pulumiを直接使うための環境変数を表示: eval "$(./lab env)"',
    })
    .addOption(line.stackOption())
    .addOption(line.jsonOption())
    .action(async ({ stack, json }) => {
      const { shellEnvironment } = await import("../../lab/access/shell-environment.ts");
      const environment = await shellEnvironment(await openBuildContext(session, stack));
      if (json) line.printJson(environment);
      else
        line.print(
          Object.entries(environment)
            .map(([name, value]) => `export ${name}=${quoteWord(value)}`)
            .join("\n"),
        );
    });
}
