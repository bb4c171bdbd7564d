import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { steps } from "../../src/course/steps.ts";
import { enter, type TypedLine } from "../../src/course/transcript.ts";
import { diffLab } from "../../src/lab/diff/diff-lab.ts";
import { projectRoot } from "../support/lab-command.ts";
import { wordingsOf, type Wordings } from "./base-wordings.ts";
import { expectChapterDoneUpTo } from "./expect-done-up-to.ts";
import { MailClient } from "./mail-client.ts";
import { adduserDialog, clientMailRead, mailRead, mailWritten, settled } from "./printed.ts";
import { WalkedLab, type Printed } from "./walked-lab.ts";

/*
 * Chapter 6 as a student does it, on both hosts: logged in by ssh with a password, at a terminal, with the book's
 * commands. What is typed is the chapter's own transcript (src/course/steps). After each step the checks of all steps
 * up to it pass, and no later step does.
 */

/** Packages are unpacked and set up on both hosts, on a machine that may be busy. */
const aptTimeoutMs = 400_000;
const chapterEndTimeoutMs = 400_000;

const mainCf = "/etc/postfix/main.cf";

let lab: WalkedLab;
let wordings: Wordings;
/** The first test that failed: what comes after it would only say so again. */
let stoppedAt: string | undefined;

beforeAll(async () => {
  lab = await WalkedLab.build(`walk-${randomBytes(3).toString("hex")}`);
  wordings = wordingsOf(await lab.readAsRoot("host1", '. /etc/os-release; printf %s "$VERSION_CODENAME"'));
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

beforeEach(({ task, onTestFailed }) => {
  if (stoppedAt !== undefined) throw new Error(`The walk has ended at “${stoppedAt}”.`);
  onTestFailed(async () => {
    if (stoppedAt !== undefined) return;
    stoppedAt = task.name;
    console.error(await lab.lastWords());
  });
});

/** The two hosts, each with the other one. */
function pairs() {
  const [host1, host2] = lab.outputs.hosts;
  if (host1 === undefined || host2 === undefined) throw new Error("the lab has no two hosts");
  return [
    { from: host1, to: host2 },
    { from: host2, to: host1 },
  ] as const;
}

/** What a command printed on a host. */
function outputOf(printed: readonly Printed[], host: string, line: string): string {
  const found = printed.find((one) => one.host === host && one.line === line);
  if (found === undefined) throw new Error(`nobody typed \`${line}\` on ${host}`);
  return found.output;
}

/** A line of a step's transcript on a host. */
function lineOf(step: string, host: string, isMeant: (line: TypedLine) => boolean): TypedLine {
  const line = steps
    .find(({ id }) => id === step)
    ?.transcript(lab.topology)
    .find((one) => one.host === host && isMeant(one));
  if (line === undefined) throw new Error(`step ${step} has no such line on ${host}`);
  return line;
}

/** Opens main.cf on host1 in vi and types that. */
async function typeInMainCf(keys: readonly string[]): Promise<void> {
  const typed = keys.flatMap((line) => [line, line.startsWith("/") || line.startsWith(":") ? enter : ""]);
  await lab.type({
    ...{ kind: "command", host: "host1", user: "ubuntu", line: `sudo vi ${mainCf}` },
    answers: [{ prompt: `${mainCf}" `, typed }],
  });
}

describe("chapter 6, done by a student on both hosts", () => {
  it("begins at the book's prompt, with no step done", async () => {
    for (const { name, hostname } of lab.outputs.hosts) {
      // the terminal has seen ubuntu@host1example1test:~$ before it types, and sees it again behind the output
      expect(await lab.run("ubuntu", name, "hostname")).toBe(`${hostname}\n`);
    }
    await expectChapterDoneUpTo(lab, "exercise");
  });

  it("6.01 installs the packages, and answers Postfix's dialogs", { timeout: aptTimeoutMs }, async () => {
    const begunMs = performance.now();
    const printed = await lab.walk("6.01");
    const seconds = ((performance.now() - begunMs) / 1000).toFixed(0);
    process.stderr.write(
      `apt install postfix dovecot-pop3d dovecot-imapd, on both hosts at once: ${seconds} s\n`,
    );
    for (const { name, domain } of lab.outputs.hosts) {
      const shown = outputOf(printed, name, "sudo apt install postfix dovecot-pop3d dovecot-imapd");
      expect(shown).toContain("[sudo] password for ubuntu: \n");
      expect(shown).toContain("Do you want to continue? [Y/n] ");
      for (const words of ["Postfix Configuration", "General mail configuration type:", "Internet Site"])
        expect(shown).toContain(words);
      expect(shown).toContain("System mail name:");
      expect(shown).toContain(`changing /etc/mailname to ${domain}`);
      expect(shown).toContain(`Setting up postfix (${wordings.postfixVersion}.`);
      expect(shown).toContain(`${wordings.adduserPrefix}Adding group \`postdrop' (GID `);
    }
    await expectChapterDoneUpTo(lab, "6.01");
  });

  it("6.02 sets main.cf in vi", async () => {
    await lab.walk("6.02");
    await expectChapterDoneUpTo(lab, "6.02");
  });

  it("6.03 turns SMTP authentication on in vi", async () => {
    await lab.walk("6.03");
    await expectChapterDoneUpTo(lab, "6.03");
  });

  it("6.04 prints the book's warning for the book's mistake, and nothing once it is mended", async () => {
    await typeInMainCf(["/^mynetworks =", "ea", "s\u001b", ":wq"]);
    // postfix check asks postconf again and again, and each time it says so
    const warnings = (await lab.run("ubuntu", "host1", "sudo postfix check")).split("\n");
    expect([...new Set(warnings)]).toEqual([
      "/usr/sbin/postconf: warning: /etc/postfix/main.cf: " +
        "unused parameter: mynetworkss=192.168.1.0/24 127.0.0.0/8",
      "",
    ]);
    const found = (await lab.check()).results.filter(({ id }) => id === "6.02/mynetworks");
    expect(found.map(({ host, status, cause }) => ({ host, status, cause }))).toEqual([
      { host: "host1", status: "wrong", cause: "parameter-misspelt" },
      { host: "host2", status: "passed", cause: undefined },
    ]);
    await typeInMainCf(["/^mynetworkss", "e", "x", ":wq"]);
    expect(await lab.run("ubuntu", "host1", "sudo postfix check")).toBe("");
    await expectChapterDoneUpTo(lab, "6.03");
  });

  it("6.04 checks the syntax, restarts Postfix and sees it enabled", async () => {
    const printed = await lab.walk("6.04");
    for (const { name } of lab.outputs.hosts) {
      expect(outputOf(printed, name, "sudo postfix check")).toBe("");
      expect(outputOf(printed, name, "sudo systemctl restart postfix")).toBe("");
      expect(outputOf(printed, name, "systemctl is-enabled postfix")).toBe("enabled\n");
    }
    await expectChapterDoneUpTo(lab, "6.04");
  });

  it("6.05 makes the accounts with adduser's dialog, and the alias database", async () => {
    // by now sudo would have forgotten the password in the book
    for (const { name } of lab.outputs.hosts) await lab.run("ubuntu", name, "sudo -k");
    const printed = await lab.walk("6.05");
    for (const { name, users } of lab.outputs.hosts) {
      for (const user of users) {
        const shown = outputOf(printed, name, `sudo adduser ${user}`);
        expect(settled(shown)).toBe(adduserDialog(user, wordings));
      }
      expect(outputOf(printed, name, "sudo newaliases")).toBe("");
    }
    await expectChapterDoneUpTo(lab, "6.05");
  });

  it("6.06 installs mailutils", { timeout: aptTimeoutMs }, async () => {
    const printed = await lab.walk("6.06");
    for (const { name } of lab.outputs.hosts) {
      const shown = outputOf(printed, name, "sudo apt install mailutils");
      expect(shown).toContain("Do you want to continue? [Y/n] ");
      expect(shown).toContain("Setting up mailutils (");
    }
    await expectChapterDoneUpTo(lab, "6.06");
  });

  it("6.07 sends and reads with mail, in both directions", async () => {
    const printed = await lab.walk("6.07");
    for (const { from, to } of pairs()) {
      const [user = ""] = to.users;
      const written = outputOf(printed, from.name, `mail ${user}@${to.domain}`);
      expect(settled(written)).toBe(mailWritten(from));
      expect(settled(outputOf(printed, to.name, "mail"))).toBe(mailRead(from, to, wordings));
    }
    await expectChapterDoneUpTo(lab, "6.07");
  });

  it.each([
    ["6.08", "10-mail.conf"],
    ["6.09", "10-auth.conf"],
    ["6.10", "10-ssl.conf"],
  ])("%s sets Dovecot's %s in vi", async (step, file) => {
    const printed = await lab.walk(step);
    for (const { name } of lab.outputs.hosts) {
      expect(outputOf(printed, name, `sudo vi /etc/dovecot/conf.d/${file}`)).toContain("-- INSERT --");
    }
    await expectChapterDoneUpTo(lab, step);
  });

  it("6.11 restarts Dovecot and sees it enabled", async () => {
    const printed = await lab.walk("6.11");
    for (const { name } of lab.outputs.hosts) {
      expect(outputOf(printed, name, "sudo systemctl restart dovecot")).toBe("");
      expect(outputOf(printed, name, "sudo systemctl is-enabled dovecot")).toBe("enabled\n");
    }
    await expectChapterDoneUpTo(lab, "6.11");
  });

  it("6.12 sends with SMTP authentication and receives by IMAP with a mail client", async () => {
    for (const { from, to } of pairs()) {
      const [user = ""] = from.users;
      const [peer = ""] = to.users;
      const client = new MailClient(from, user, lab.passwordOf(user));
      const own = await client.send(client.address);
      const received = await client.receive("a mail to oneself", (text) => text.includes(own.messageId));
      expect(received).toContain(`Delivered-To: ${client.address}\r\n`);

      const { messageId, queueId } = await client.send(`${peer}@${to.domain}`);
      const log = await lab.readAsRoot(from.name, `grep '${queueId}: client=' /var/log/mail.log`);
      const [, address = ""] =
        new RegExp(`client=unknown\\[([\\d.]+)\\], sasl_method=\\w+, sasl_username=${user}\n`).exec(log) ??
        [];
      expect(lab.outputs.hosts.map((host) => host.address)).not.toContain(address);
      if (from.name !== "host1") continue; // the book's own way, from host1 to host2 and back, is enough

      await lab.mailLies(peer, to.name);
      const { output } = await lab.type(lineOf("6.07", to.name, ({ line }) => line === "mail"));
      expect(settled(output)).toBe(clientMailRead({ from, to, client: address, messageId }, wordings));
      await lab.type(lineOf("6.07", to.name, ({ line }) => line === `mail ${client.address}`));
      const answer = await client.receive("the answer", (text) => text.includes("Test mail from user2"));
      expect(answer).toContain(`From: ${peer}@${to.hostname}`);
    }
    await expectChapterDoneUpTo(lab, "6.12");
  });

  it("6.13 asks DNS with dig, and watches the log until Ctrl-C", async () => {
    const printed = await lab.walk("6.13");
    for (const { from, to } of pairs()) {
      const mx = outputOf(printed, from.name, `dig ${to.domain} mx`);
      expect(mx).toContain("status: NOERROR");
      expect(mx).toMatch(
        new RegExp(
          `^;; ANSWER SECTION:\n${to.domain}\\.\\s+\\d+\\s+IN\\s+MX\\s+10 mail\\.${to.domain}\\.$`,
          "m",
        ),
      );
      expect(mx).toContain(";; SERVER: 192.168.1.11#53(192.168.1.11)");
      expect(outputOf(printed, from.name, `dig mail.${to.domain}`)).toMatch(
        new RegExp(`^mail\\.${to.domain}\\.\\s+\\d+\\s+IN\\s+A\\s+${to.address}$`, "m"),
      );
      const log = outputOf(printed, from.name, "sudo tail -f /var/log/mail.log");
      expect(log).toMatch(/^\S+ \S+ postfix\/\w+\[\d+\]: /m);
      expect(log.endsWith("^C\n")).toBe(true);
    }
    await expectChapterDoneUpTo(lab, "6.13");
  });

  it(
    "ends as the chapter's own state, which goto takes for finished",
    { timeout: chapterEndTimeoutMs },
    async () => {
      const request = { step: "finished", host: undefined };
      const same = lab.outputs.hosts.map(({ name }) => ({ host: name, stage: "finished", differences: [] }));
      expect(await diffLab(lab.context, request)).toEqual(same);
      expect(await lab.good("goto", "finished")).toBe(
        "host1: exercise → finished\nhost2: exercise → finished",
      );
      expect(await diffLab(lab.context, request)).toEqual(same);
      await expectChapterDoneUpTo(lab, steps.at(-1)?.id ?? "");
      const line = `${await lab.good("env")}\nexec pulumi preview --expect-no-changes --color never`;
      const preview = await execa("sh", ["-c", line], { cwd: projectRoot, reject: false, all: true });
      expect(preview.exitCode, preview.all).toBe(0);
    },
  );
});
