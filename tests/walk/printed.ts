import type { LabHost } from "../../src/lab/stack/lab-outputs.ts";
import type { Wordings } from "./base-wordings.ts";

/*
 * What programs print in the chapter, with names in place of what differs from run to run: <date>, <time>, <id>,
 * <size>. `settled` puts the names into what was printed, so that a value of another form stays and shows.
 */

const changing: readonly (readonly [RegExp, string])[] = [
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [ \d]\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000\b/g, "<date>"],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d\b/g, "<time>"],
  [/\bid [0-9A-F]{8,12}(?=[;\n])/g, "id <id>"],
  [/<\d{14}\.[0-9A-F]{8,12}@/g, "<<time>.<id>@"],
  [/ {2}\d\d\/\d{3} {3}/g, "  <size>   "],
  // readline begins a line by a blank that it takes back
  [/ [\b]/g, ""],
  [/\t/g, "        "],
];

/** What was printed, with names in place of what differs from run to run. */
export function settled(printed: string): string {
  return changing.reduce((text, [form, name]) => text.replaceAll(form, name), printed);
}

function userOf({ users: [user] }: LabHost): string {
  return user ?? "";
}

/** What sudo asks in a terminal where it was not used for a while. */
const sudoQuestion = "[sudo] password for ubuntu: \n";

/** adduser's dialog. */
export function adduserDialog(user: string, { adduserPrefix: says, adduserRange }: Wordings): string {
  return [
    `${sudoQuestion}${says}Adding user \`${user}' ...`,
    `${adduserRange}${says}Adding new group \`${user}' (1001) ...`,
    `${says}Adding new user \`${user}' (1001) with group \`${user} (1001)' ...`,
    `${says}Creating home directory \`/home/${user}' ...`,
    `${says}Copying files from \`/etc/skel' ...`,
    "New password: ",
    "Retype new password: ",
    "passwd: password updated successfully",
    `Changing the user information for ${user}`,
    "Enter the new value, or press ENTER for the default",
    "        Full Name []: ",
    "        Room Number []: ",
    "        Work Phone []: ",
    "        Home Phone []: ",
    "        Other []: ",
    "Is the information correct? [Y/n] ",
    `${says}Adding new user \`${user}' to supplemental / extra groups \`users' ...`,
    `${says}Adding user \`${user}' to group \`users' ...`,
    "",
  ].join("\n");
}

/** What mail shows while a mail is written; Ctrl-D leaves no trace. */
export function mailWritten(from: LabHost): string {
  const user = userOf(from);
  return `Cc: \nSubject: Test mail from ${user}\nThis is test mail from ${user}\n\n`;
}

/** The list of a mailbox with one mail, its choice by number, the mail, and what is said at the end. */
function mailbox(to: LabHost, row: string, message: readonly string[], wordings: Wordings): string {
  const { mailPrompt, mailAfterText } = wordings;
  const user = userOf(to);
  return [
    `"/var/mail/${user}": 1 message 1 new`,
    row,
    `${mailPrompt}1`,
    ...message,
    `${mailAfterText}${mailPrompt}q`,
    `Saved 1 message in /home/${user}/mbox`,
    `Held 0 messages in /var/mail/${user}`,
    "",
  ].join("\n");
}

/** The Received line of the host that delivers. */
function receivedFrom(from: LabHost, to: LabHost): readonly string[] {
  return [
    `Received: from mail.${from.domain} (unknown [${from.address}])`,
    `        by mail.${to.domain} (Postfix) with ESMTPS id <id>`,
    `        for <${userOf(to)}@${to.domain}>; <date> (UTC)`,
  ];
}

/** A mail that was sent with mail, as its receiver reads it with mail. */
export function mailRead(from: LabHost, to: LabHost, wordings: Wordings): string {
  const sender = `${userOf(from)}@${from.hostname}`;
  const receiver = `${userOf(to)}@${to.domain}`;
  const subject = `Test mail from ${userOf(from)}`;
  const message = [
    `Return-Path: <${sender}>`,
    `X-Original-To: ${receiver}`,
    `Delivered-To: ${receiver}`,
    ...receivedFrom(from, to),
    `Received: by mail.${from.domain} (Postfix, from userid 1001)`,
    "        id <id>; <date> (UTC)",
    `To: <${receiver}>`,
    `Subject: ${subject}`,
    `User-Agent: ${wordings.mailUserAgent}`,
    "Date: <date>",
    `Message-Id: <<time>.<id>@mail.${from.domain}>`,
    `From: ${sender}`,
    "",
    `This is test mail from ${userOf(from)}`,
  ];
  // the list has room for 18 characters of a sender
  return mailbox(to, `>N   1 ${sender.slice(0, 18)} <time>  <size>   ${subject}`, message, wordings);
}

/** A mail that was sent with a mail client, as its receiver reads it with mail. */
export function clientMailRead(
  { from, to, client, messageId }: { from: LabHost; to: LabHost; client: string; messageId: string },
  wordings: Wordings,
): string {
  const user = userOf(from);
  const sender = `${user}@${from.domain}`;
  const receiver = `${userOf(to)}@${to.domain}`;
  const message = [
    `Return-Path: <${sender}>`,
    `X-Original-To: ${receiver}`,
    `Delivered-To: ${receiver}`,
    ...receivedFrom(from, to),
    `Received: from [192.168.1.122] (unknown [${client}])`,
    // The book has ESMTP: its client was let in by its address, without a login. A is for one that has logged in.
    `        by mail.${from.domain} (Postfix) with ESMTPA id <id>`,
    `        for <${receiver}>; <date> (UTC)`,
    `Message-ID: ${messageId}`,
    "Date: <date>",
    "MIME-Version: 1.0",
    "User-Agent: Mozilla Thunderbird",
    "Content-Language: en-US",
    `To: ${receiver}`,
    `From: ${user} <${sender}>`,
    `Subject: テストメール from ${user}`,
    "Content-Type: text/plain; charset=UTF-8; format=flowed",
    "Content-Transfer-Encoding: 8bit",
    "",
    `テストメール(from ${user})です`,
    "",
  ];
  const row = `>N   1 ${user.padEnd(18)} <time>  <size>   テストメール from u`;
  return mailbox(to, row, message, wordings);
}
