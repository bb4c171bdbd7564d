import { styleText } from "node:util";
import type { LabHost, LabOutputs, ShownOutputs } from "../lab/stack/lab-outputs.ts";
import type { LabStatus, NodeStatus } from "../lab/lifecycle/status.ts";
import type { Text } from "../model/text.ts";
import type { Speak } from "./language.ts";
import { plainTable } from "./plain-table.ts";

const headings: readonly Text[] = [
  { en: "node", ja: "ノード" },
  { en: "address", ja: "アドレス" },
  { en: "ports on 127.0.0.1", ja: "127.0.0.1のポート" },
  { en: "users", ja: "ユーザー" },
  { en: "state", ja: "状態" },
];

function ports(byService: Readonly<Record<string, number>>): string {
  return Object.entries(byService)
    .map(([service, port]) => `${service} ${port}`)
    .join("  ");
}

function stateOf(node: NodeStatus, speak: Speak): string {
  if (node.container === "exited") return speak({ en: "stopped", ja: "停止中" });
  if (node.container !== "running") return node.container;
  if (node.problem !== undefined) return node.problem;
  return Object.entries(node.services)
    .map(([service, state]) => `${service} ${state}`)
    .join("  ");
}

/** The lab as it stands, for people. */
export function renderStatus(status: LabStatus, speak: Speak): string {
  if (status.nodes.length === 0) {
    return speak({
      en: `The lab ${status.stack} is not up.`,
      ja: `ラボ${status.stack}は立ち上がっていません。`,
    });
  }
  const standing = Object.entries(status.stages ?? {})
    .filter(([, stage]) => stage !== status.stage)
    .map(([host, stage]) => ` (${host}: ${stage})`)
    .join("");
  const head = speak({
    en: `Lab ${status.stack}: stage ${status.stage ?? ""}${standing}, addresses ${status.subnet ?? ""} (${status.addressing ?? ""})`,
    ja: `ラボ ${status.stack}: 段階 ${status.stage ?? ""}${standing}、アドレス ${status.subnet ?? ""}（${status.addressing ?? ""}）`,
  });
  const logins = status.nodes.flatMap(({ logins: ofNode = [] }) => ofNode);
  const fromOutside =
    logins.length === 0
      ? []
      : [
          "",
          speak({ en: "From other machines:", ja: "ほかのマシンから:" }),
          ...logins.map((login) => `  ${login}`),
        ];
  const rows = status.nodes.map((node) => [
    node.hostname === undefined ? node.name : `${node.name} ${node.hostname}`,
    node.address,
    ports(node.ports),
    (node.users ?? []).join(" "),
    stateOf(node, speak),
  ]);
  return [head, "", plainTable([headings.map(speak), ...rows]), ...fromOutside].join("\n");
}

/** A command to type next, and what it is for. */
type CommandAndUse = readonly [command: string, use: Text];

/**
 * What to do with a lab that has just come up.
 *
 * @param loginsTo - what is typed on another machine to log in on a host; nothing where its ssh is on the loopback alone.
 */
export function renderNextSteps(
  stack: string,
  outputs: ShownOutputs,
  loginsTo: (host: LabHost) => readonly string[],
  speak: Speak,
  isTerminal: boolean,
): string {
  const option = stack === "dev" ? "" : ` --stack ${stack}`;
  const strong = (words: string): string => (isTerminal ? styleText("bold", words) : words);
  const host = outputs.hosts[0];
  const user = host?.users[0] ?? "ubuntu";
  // Where the chapter begins, its accounts are still to be made.
  const chapterCommands: readonly CommandAndUse[] = [
    [`./lab show${option}`, { en: "the chapter's steps", ja: "章の手順の一覧" }],
    [`./lab check${option}`, { en: "how far you are, and what is wrong", ja: "進み具合と誤りの確認" }],
  ];
  const mailCommands: readonly CommandAndUse[] = [
    [
      `./lab ssh ${user}@${host?.name ?? "host1"}${option}`,
      { en: "log in to send and read mail", ja: "メールを送受信するユーザーでログイン" },
    ],
  ];
  const lines: readonly CommandAndUse[] = [
    [
      `./lab ssh ubuntu@${host?.name ?? "host1"}${option}`,
      { en: "log in as the administrator", ja: "管理者でログイン" },
    ],
    ...outputs.hosts.flatMap((each) =>
      loginsTo(each).map((login): CommandAndUse => [
        login,
        { en: `${each.name} from another machine`, ja: `ほかのマシンから${each.name}に` },
      ]),
    ),
    ...(hasExerciseHost(outputs) ? chapterCommands : mailCommands),
    ...(outputs.desk === undefined ? [] : [deskCommand(option)]),
    [`./lab passwords${option}`, { en: "the accounts' passwords", ja: "アカウントのパスワード" }],
    [`./lab status${option}`, { en: "what is running, and the ports", ja: "動いているものとポート" }],
    [`./lab down${option}`, { en: "take the lab down", ja: "ラボを撤去" }],
  ];
  const width = Math.max(...lines.map(([command]) => command.length));
  return lines.map(([command, words]) => `  ${strong(command.padEnd(width))}   ${speak(words)}`).join("\n");
}

function deskCommand(option: string): CommandAndUse {
  return [`./lab desk${option}`, { en: "the desk with Thunderbird", ja: "Thunderbirdのあるデスク" }];
}

/** Whether a host of the lab was made as the chapter begins. */
function hasExerciseHost({ hosts, start = "finished", starts = {} }: ShownOutputs): boolean {
  return hosts.some(({ name }) => (starts[name] ?? start) === "exercise");
}

/** Accounts and passwords, for people. */
export function renderPasswords(outputs: LabOutputs): string {
  const rows = outputs.hosts.flatMap((host) =>
    ["ubuntu", ...host.users].map((account) => [
      host.name,
      account,
      outputs.passwords[account] ?? "",
      account === "ubuntu" ? "" : `${account}@${host.domain}`,
    ]),
  );
  const { desk, deskPassword } = outputs;
  if (desk === undefined || deskPassword === undefined) return plainTable(rows);
  return plainTable([...rows, [desk.name, "", deskPassword, `http://127.0.0.1:${desk.port}/`]]);
}
