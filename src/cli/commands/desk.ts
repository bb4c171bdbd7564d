import { once } from "node:events";
import { relative } from "node:path";
import type { LabContext } from "../../lab/lab-context.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import { openContext, type Session } from "../session.ts";

/** `./lab desk`: how to get to the desk; with `--local`, the settings for a mail program of one's own. */
export function addDesk(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("desk", {
      en: "how to get to the desk with Thunderbird, or the settings for one's own",
      ja: "Thunderbirdのあるデスクの開き方、または手元のThunderbirdの設定",
    })
    .addOption(line.stackOption())
    .option("--open", speak({ en: "open it in the browser", ja: "ブラウザで開く" }))
    .option(
      "--local",
      speak({
        en: "the settings for a mail program on this machine, and Thunderbird's autoconfiguration",
        ja: "このマシンのメールソフトの設定と、Thunderbirdの自動設定ファイル",
      }),
    )
    .option(
      "--folder <folder>",
      speak({
        en: "with --local: where the autoconfiguration is written",
        ja: "--localとともに: 自動設定ファイルを書くフォルダー",
      }),
    )
    .addOption(line.jsonOption())
    .action(async ({ stack, open = false, local = false, folder, json = false }) => {
      refuseMixed({ open, local, folder });
      const context = await openContext(session, stack);
      if (local) await showLocal(line, context, { folder, json });
      else await showDesk(line, context, { open, json });
      if (context.reach !== undefined && !json) await keepWayOpen(session);
    });
}

async function showDesk(
  line: CommandLine,
  context: LabContext,
  { open, json }: { readonly open: boolean; readonly json: boolean },
): Promise<void> {
  const { report, speak } = line.session;
  const { readDesk } = await import("../../lab/access/desk.ts");
  const found = await readDesk(context);
  if (json) {
    const { desk, url, password, directUrl, account, isAccountSetUp } = found;
    line.printJson({ stack: context.stack, ...desk, url, directUrl, password, account, isAccountSetUp });
  } else {
    const { renderDesk } = await import("../render-desk.ts");
    line.print(renderDesk(found, speak));
  }
  if (!open) return;
  const { openInBrowser } = await import("../open-in-browser.ts");
  // Without the password, which anybody on this machine could read in the list of processes.
  if (await openInBrowser(found.url)) return;
  report.say({
    en: "There is no desktop here to open a browser on: open the address yourself.",
    ja: "ここにはブラウザを開けるデスクトップがありません。アドレスを自分で開いてください。",
  });
}

async function showLocal(
  line: CommandLine,
  context: LabContext,
  { folder, json }: { readonly folder: string | undefined; readonly json: boolean },
): Promise<void> {
  const { requireOutputs } = await import("../../lab/stack/lab-outputs.ts");
  const { readLabConfig } = await import("../../lab/stack/stack-config.ts");
  const { autoconfigFolder, localAccounts, seenClient, writeAutoconfig } =
    await import("../../lab/access/local-mail-program.ts");
  const { unwritableFile } = await import("../unwritable-file.ts");
  const outputs = await requireOutputs(context);
  const target = folder ?? autoconfigFolder(context.paths, context.stack);
  const files = await writeAutoconfig(target, outputs).catch((cause: unknown) => {
    throw unwritableFile("LAB_AUTOCONFIG_FILE", "--folder", target, cause);
  });
  const { carrierSubnet } = await readLabConfig(context.paths);
  const settings = {
    accounts: localAccounts(outputs.hosts),
    client: seenClient({ ...outputs.network, carrierSubnet }),
    files: files.map((file) => relative(process.cwd(), file)),
  };
  if (json) {
    line.printJson({ stack: context.stack, ...settings });
    return;
  }
  const { renderLocalSettings } = await import("../render-desk.ts");
  line.print(renderLocalSettings(settings, line.session.speak));
}

/** The ports of a lab on another machine lead there only for as long as somebody holds the way open. */
async function keepWayOpen({ report, signal }: Session): Promise<void> {
  report.say({
    en: "The lab is on another machine: this address works while this command runs. Ctrl-C ends it.",
    ja: "ラボは別のマシンにあります。このコマンドが動いている間だけ使えます（Ctrl-Cで終了）。",
  });
  if (!signal.aborted) await once(signal, "abort");
}

function refuseMixed({
  open,
  local,
  folder,
}: {
  readonly open: boolean;
  readonly local: boolean;
  readonly folder: string | undefined;
}): void {
  if (folder === undefined || local) {
    if (!(open && local)) return;
  }
  const text = local
    ? {
        en: "--open is for the desk, and --local for a mail program of one's own.",
        ja: "--open はデスク用、--local は手元のメールソフト用です。同時には使えません。",
      }
    : {
        en: "--folder says where --local writes.",
        ja: "--folder は --local が書くフォルダーの指定です。",
      };
  throw new LabError("LAB_USAGE", text, {
    hint: {
      en: "./lab desk --open, or ./lab desk --local",
      ja: "./lab desk --open または ./lab desk --local",
    },
    exit: exitCode.usage,
  });
}
