import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { CaptureFile } from "../../lab/capture/capture-file.ts";
import type { CapturePlan, CaptureRequest } from "../../lab/capture/capture-scene.ts";
import type { MailDialogue } from "../../model/capture/mail-dialogue.ts";
import type { NodePacket } from "../../model/capture/packet-order.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import type { CommandLine } from "../command-line.ts";
import { openContext } from "../session.ts";

/** What is captured unless said otherwise: the lab without the logins of those who work in it. */
const everythingElse = "not tcp port 22";

/** A limit of the command line: a whole number from 1 on. */
function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("1, 2, 3 …");
}

/** `./lab capture`: the packets of the lab, or the conversations in them. */
export function addCapture(line: CommandLine): void {
  const { session } = line;
  const { speak } = session;
  line
    .command("capture", {
      en: "capture the lab's packets, or show what is said in them",
      ja: "ラボを流れるパケットを記録する。SMTPなどの会話も表示できる",
    })
    .argument(
      "[filter...]",
      speak({
        en: "which packets, as tcpdump has it; without ssh unless given",
        ja: "記録するパケット（tcpdumpのフィルター。省略時はssh以外のすべて）",
      }),
    )
    .addOption(line.stackOption())
    .option("--file <file>", speak({ en: "write them to this file", ja: "このファイルに書き込む" }))
    .option(
      "--replace",
      speak({ en: "a file of that name may go", ja: "同じ名前のファイルの上書きを認める" }),
    )
    .option(
      "--dialogue",
      speak({
        en: "show the SMTP, IMAP and POP3 conversations in clear",
        ja: "SMTP・IMAP・POP3の会話をそのまま表示",
      }),
    )
    .option("--host <name>", speak({ en: "one node's alone", ja: "このノードのパケットだけ" }))
    .option("--count <n>", speak({ en: "end after so many packets", ja: "この数で終わる" }), wholeNumber)
    .option("--seconds <n>", speak({ en: "end after so many seconds", ja: "この秒数で終わる" }), wholeNumber)
    .addOption(line.jsonOption())
    .action(async (words, { stack, file, replace = false, dialogue = false, json = false, ...limits }) => {
      requireTarget({ file, dialogue, json, isTerminal: session.stdout.isTTY });
      const target = await openTarget(line, { file, replace, dialogue, json });
      const request: CaptureRequest = {
        host: limits.host,
        count: limits.count,
        seconds: limits.seconds,
        isLive: dialogue && file === undefined,
        filter: words.length === 0 ? target.usualFilter : words.join(" "),
      };
      const { capture } = await import("../../lab/capture/capture.ts");
      const context = await openContext(session, stack);
      const { packets, dropped } = await capture(context, request, {
        onListening: async (plan) => {
          await target.begin(plan);
          sayListening(line, plan);
        },
        onPacket: target.take,
      }).finally(target.end);
      session.report.say({
        en: `${packets} packets captured.`,
        ja: `${packets}個のパケットを記録しました。`,
      });
      if (dropped > 0) {
        session.report.say({
          en: `The kernel dropped ${dropped} more: the machine was too busy to take them.`,
          ja: `ほかに${dropped}個を取りこぼしました（マシンが忙しすぎたため）。`,
        });
      }
      if (json && !dialogue) line.printJson({ file, packets, dropped });
    });
}

/** Where the packets go. */
interface Wanted {
  readonly file: string | undefined;
  readonly dialogue: boolean;
  readonly json: boolean;
}

function requireTarget({
  file,
  dialogue,
  json,
  isTerminal,
}: Wanted & { readonly isTerminal: boolean }): void {
  if (file !== undefined || dialogue || (!isTerminal && !json)) return;
  throw new LabError(
    "LAB_CAPTURE_TARGET",
    {
      en: "Packets are no text for a terminal, nor a JSON result; say where they go.",
      ja: "パケットはそのまま端末やJSONには出せません。書き込み先を指定してください。",
    },
    {
      hint: {
        en: "./lab capture --file lab.pcap, ./lab capture | wireshark -k -i -, or ./lab capture --dialogue",
        ja: "./lab capture --file lab.pcap、./lab capture | wireshark -k -i -、または ./lab capture --dialogue",
      },
      exit: exitCode.usage,
    },
  );
}

/** What takes the packets. */
interface Target {
  /** What is captured where nothing is said. */
  readonly usualFilter: string;
  readonly begin: (plan: CapturePlan) => Promise<void>;
  readonly take: (packet: NodePacket) => Promise<void>;
  readonly end: () => Promise<void>;
}

async function openTarget(
  line: CommandLine,
  { file, replace, dialogue, json }: Wanted & { readonly replace: boolean },
): Promise<Target> {
  const { CaptureFile, requireFreeFile } = await import("../../lab/capture/capture-file.ts");
  const { pcapHeader, pcapRecord } = await import("../../model/capture/pcap.ts");
  const { MailDialogue, mailPorts } = await import("../../model/capture/mail-dialogue.ts");
  const { renderDialogue } = await import("../render-dialogue.ts");
  const { session } = line;
  if (file !== undefined) requireFreeFile(file, replace);
  const isStream = file === undefined && !dialogue;
  const mailAlone = mailPorts.map((port) => `port ${port}`).join(" or ");
  let written: CaptureFile | undefined;
  let heard: MailDialogue | undefined;
  return {
    usualFilter: file === undefined && dialogue ? `tcp and (${mailAlone})` : everythingElse,
    begin: async ({ nodeOf }) => {
      if (file !== undefined) written = await CaptureFile.create(file, replace);
      if (isStream) await writeOut(session.stdout, pcapHeader());
      if (dialogue) {
        heard = new MailDialogue(nodeOf, (entry) => {
          line.print(json ? JSON.stringify(entry) : renderDialogue(entry, session.speak));
        });
      }
    },
    take: async (packet) => {
      heard?.take(packet);
      await written?.add(packet);
      if (isStream) await writeOut(session.stdout, pcapRecord(packet));
    },
    end: async () => {
      heard?.finish();
      await written?.close();
    },
  };
}

/** Writes, and waits where the reader is slower. */
async function writeOut(stdout: NodeJS.WriteStream, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    stdout.write(bytes, () => {
      resolve();
    });
  });
}

function sayListening({ session }: CommandLine, { nodes, stopped, commandLine }: CapturePlan): void {
  const at = nodes.join(", ");
  session.report.say({
    en: `At ${at} runs: ${commandLine}`,
    ja: `${at} で実行: ${commandLine}`,
  });
  if (stopped.length > 0) {
    const names = stopped.join(", ");
    session.report.say({
      en: `Not running, joined when they start: ${names}.`,
      ja: `停止中: ${names}（起動したら加えます）`,
    });
  }
  session.report.say({ en: "Listening. Ctrl-C ends it.", ja: "記録を始めました。Ctrl-Cで終わります。" });
}
