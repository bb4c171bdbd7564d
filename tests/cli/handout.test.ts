import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { isFullRun } from "../support/full-run.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";
import { startOnTerminal } from "../support/on-terminal.ts";

/** A lab, on a machine that is at other work. */
const buildTimeoutMs = 400_000;
/** An ssh that is answered. */
const answerDeadlineMs = 120_000;

const className = `t${randomBytes(3).toString("hex")}`;
const file = join(projectRoot, ".lab", "classes", className, "handout.html");
const path = `.lab/classes/${className}/handout.html`;

let folder: string;
let roster: string;

/** What a reader sees of the only sheet. */
async function sheet(): Promise<string> {
  const html = await readFile(file, "utf8");
  const [section = ""] = /<section.*<\/section>/s.exec(html) ?? [];
  return section
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/g, " ");
}

function found(text: string, pattern: RegExp): string {
  const [, part] = pattern.exec(text) ?? [];
  if (part === undefined) throw new Error(`${pattern} is not on the sheet: ${text}`);
  return part;
}

/** Types to a command on a terminal, waiting for each prompt; gives everything that the terminal showed. */
async function type(
  command: string,
  turns: readonly (readonly [prompt: string, typed: string])[],
): Promise<string> {
  const session = startOnTerminal(command);
  const shown: Buffer[] = [];
  session.all.on("data", (chunk: Buffer) => shown.push(chunk));
  const screen = (): string => stripVTControlCharacters(Buffer.concat(shown).toString());
  try {
    let seen = 0;
    for (const [prompt, typed] of turns) {
      seen = await waitUntil({ awaited: `“${prompt}” of ${command}`, deadlineMs: answerDeadlineMs }, () => {
        const at = screen().indexOf(prompt, seen);
        return Promise.resolve(at < 0 ? undefined : at + prompt.length);
      });
      session.stdin.write(typed);
    }
    await session;
    return screen();
  } catch (cause) {
    session.kill();
    throw new Error(`the terminal of ${command} shows:\n${screen()}`, { cause });
  }
}

describe.runIf(isFullRun)("the sheets of a class", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "handout-"));
    roster = join(folder, `${className}.csv`);
    await writeFile(roster, "seat,name,language\ns1,<b>Hanako</b>,en\n");
  });

  afterAll(async () => {
    await runLab(["seats", "down", roster]);
    await rm(folder, { recursive: true, force: true });
  }, buildTimeoutMs);

  it("are not made where no seat is up", async () => {
    const { exitCode, stdout, stderr } = await runLab(["seats", "handout", roster]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: "" });
    expect(stderr).toContain("[LAB_NOT_UP]");
    expect(existsSync(file)).toBe(false);
  });

  it(
    "are there when the class is up, for their owner alone",
    async () => {
      const { exitCode, stdout, stderr } = await runLab(["seats", "up", roster]);
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toContain(path);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await sheet()).toContain("<b>Hanako</b>");
    },
    buildTimeoutMs,
  );

  it(
    "let a student in who types what they say, and sees what they say",
    async () => {
      const text = await sheet();
      const login = found(text, /(ssh -p \d+ ubuntu@[\d.]+)/);
      const password = found(text, /Password ([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}) /);
      const fingerprint = found(text, /host1 (SHA256:\S+)/);
      const prompt = found(text, /(ubuntu@host1\S+:~\$) sudo apt install/);
      const question = found(text, /(dig \+short \S+ mx)/);
      const screen = await type(`${login} -o UserKnownHostsFile=${join(folder, "known_hosts")}`, [
        [fingerprint, ""],
        ["(yes/no", "yes\n"],
        ["password:", `${password}\n`],
        [prompt, `${question}\n`],
        ["mail.example2.test.", ""],
        [prompt, "sudo true\n"],
        ["password for ubuntu:", `${password}\n`],
        [prompt, "exit\n"],
      ]);
      expect(screen).not.toContain(password);
    },
    2 * answerDeadlineMs,
  );

  it("stay as they are where nothing has changed, and follow the roster where that has", async () => {
    const before = await readFile(file, "utf8");
    expect((await runLab(["seats", "up", roster])).exitCode).toBe(0);
    expect(await readFile(file, "utf8")).toBe(before);
    await writeFile(roster, "seat,name,language\ns1,山田 太郎,ja\n");
    // Even within the same tick of the file system's clock.
    const later = new Date(Date.now() + 1000);
    await utimes(roster, later, later);
    expect((await runLab(["seats", "up", roster])).exitCode).toBe(0);
    expect(await sheet()).toContain("山田 太郎 さん");
  });

  it("have the address that the teacher says students type", async () => {
    const { exitCode, stdout } = await runLab(["seats", "handout", roster, "--address", "lab.example.org"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: path });
    expect(await sheet()).toContain("ubuntu@lab.example.org");
    const refused = await runLab(["seats", "handout", roster, "--address", "a; rm -rf ~"]);
    expect(refused.exitCode).toBe(2);
  });

  it(
    "are gone with the class",
    async () => {
      expect((await runLab(["seats", "down", roster])).exitCode).toBe(0);
      expect(existsSync(file)).toBe(false);
    },
    buildTimeoutMs,
  );
});
