import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sshKeyPairFromSeed } from "../../../src/model/openssh-key.ts";
import { renderHandout, writeHandout, type Handout } from "../../../src/seats/handout.ts";
import type { HandoutSeat } from "../../../src/seats/handout-sheet.ts";

const passwords = { ubuntu: "3ej6-43hn-p8cf", user1: "j43b-wq39-updr", user2: "nzmu-mram-64aj" };

function hostNumber(number: number): HandoutSeat["outputs"]["hosts"][number] {
  return {
    name: `host${number}`,
    hostname: `host${number}example${number}test`,
    domain: `example${number}.test`,
    address: `192.168.1.${11 + number}`,
    users: [`user${number}`],
    ports: { ssh: 2250 + number, smtp: 2550 + number, pop3: 11050 + number, imap: 14350 + number },
    hostKey: sshKeyPairFromSeed(Buffer.alloc(32, number), "host").publicKey,
  };
}

interface SeatChoice {
  readonly name?: string;
  readonly language?: "ja" | "en";
  readonly stage?: string;
  readonly address?: string;
  readonly machine?: string;
}

function handoutSeat(id: string, choice: SeatChoice = {}): HandoutSeat {
  const { name = "佐藤 花子", language, stage = "exercise", address = "127.0.0.1", machine } = choice;
  return {
    seat: { id, name, language },
    stack: `class-a-${id}`,
    address,
    ...(machine === undefined ? {} : { machine }),
    outputs: {
      hosts: [hostNumber(1), hostNumber(2)],
      dns: { name: "dns", address: "192.168.1.11", port: 5351 },
      stage,
      network: { addressing: "inside", subnet: "192.168.1.0/24" },
      passwords,
    },
  };
}

function handout(seats: readonly HandoutSeat[], language: "ja" | "en" = "ja"): Handout {
  return { className: "class-a", language, madeAt: new Date(2026, 3, 1, 9, 5), seats };
}

/** What a reader sees: each sheet's text, blanks made one. */
function sheetTexts(html: string): readonly string[] {
  return [...html.matchAll(/<section.*?<\/section>/gs)].map(([section]) =>
    section
      .replaceAll(/<[^>]*>/g, " ")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&")
      .replaceAll(/\s+/g, " "),
  );
}

async function onlySheet(choice: SeatChoice = {}): Promise<string> {
  return sheetTexts(await renderHandout(handout([handoutSeat("a1", choice)])))[0] ?? "";
}

/** Elements that are never closed (HTML Living Standard, 13.1.2). */
const voidElements: ReadonlySet<string> = new Set(["meta", "br"]);

/** Tags that are closed in another order than opened, or not at all. */
function misnested(html: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const body = html.replace(/<style>.*?<\/style>/s, "");
  for (const [tag, slash, name = ""] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s+[a-z-]+="[^"<>]*")*>/g)) {
    if (voidElements.has(name)) continue;
    if (slash === "") open.push(name);
    else if (open.pop() !== name) wrong.push(tag);
  }
  return [...wrong, ...open];
}

describe("a seat's sheet", () => {
  it("has what a student needs to log in and to know the lab", async () => {
    const text = await onlySheet();
    for (const part of [
      "席 a1",
      "佐藤 花子 さん",
      "class-a-a1",
      "2026-04-01 09:05",
      "host1 ssh -p 2251 ubuntu@127.0.0.1",
      "host2 ssh -p 2252 ubuntu@127.0.0.1",
      passwords.ubuntu,
      "host1 192.168.1.12 host1example1test example1.test mail.example1.test",
      "dns 192.168.1.11",
      `host1, host2 ubuntu ${passwords.ubuntu}`,
      `host1 user1 ${passwords.user1} user1@example1.test`,
      `host2 user2 ${passwords.user2} user2@example2.test`,
      "host2 127.0.0.1 2552 14352 11052",
      'ssh-keygen -R "[127.0.0.1]:2251"',
      "dig +short example2.test mx",
    ])
      expect(text).toContain(part);
  });

  it("has the fingerprint of each host's key, as ssh shows it", async () => {
    const text = await onlySheet();
    const shown = text.match(/SHA256:[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/=])/g);
    expect(new Set(shown).size).toBe(2);
  });

  it.each([
    ["exercise", "ubuntu@host1example1test:~$ sudo apt install postfix dovecot-pop3d dovecot-imapd", "6.01"],
    ["6.01", "ubuntu@host1example1test:~$ sudo vi /etc/postfix/main.cf", "6.02"],
    ["6.04", "ubuntu@host1example1test:~$ sudo adduser user1", "6.05"],
    ["6.11", "user1@host1example1test:~$ mail user2@example2.test", "user1でログイン"],
    ["finished", "user1@host1example1test:~$ mail user2@example2.test", "user1でログイン"],
  ])("begins, at stage %s, with the line that the next step begins with", async (stage, line, title) => {
    const text = await onlySheet({ stage });
    expect(text).toContain(line);
    expect(text).toContain(title);
  });

  it("says that the accounts are still to be made only where they are", async () => {
    expect(await onlySheet({ stage: "6.04" })).toContain("手順6.05で作ります");
    expect(await onlySheet({ stage: "6.05" })).toContain("作成済みです");
  });

  it("tells where the loopback is, and nothing of it where ssh has an address of the classroom", async () => {
    expect(await onlySheet()).toContain("ラボが動いているマシンの上で");
    expect(await onlySheet({ machine: "server-2" })).toContain("マシン（server-2）の上で");
    const away = await onlySheet({ address: "192.0.2.115" });
    expect(away).not.toContain("マシンの上で");
    expect(away).toContain("ssh -p 2251 ubuntu@192.0.2.115");
    expect(away).toContain('ssh-keygen -R "[192.0.2.115]:2251"');
  });

  it("leads a mail program of another machine through ssh, since no mail port is published there", async () => {
    expect(await onlySheet()).not.toContain("-L ");
    const text = await onlySheet({ address: "192.0.2.115" });
    expect(text).toContain(
      "ssh -p 2252 -L 2552:192.168.1.13:25 -L 14352:192.168.1.13:143 -L 11052:192.168.1.13:110 ubuntu@192.0.2.115",
    );
    expect(text).not.toMatch(/192\.0\.2\.115:(?!22)/);
  });

  it("speaks the seat's language, else the class's", async () => {
    const seats = [handoutSeat("a1"), handoutSeat("a2", { language: "en" })];
    const html = await renderHandout(handout(seats));
    const [japanese, english] = sheetTexts(html);
    expect(japanese).toContain("ログインする");
    expect(english).toContain("Log in");
    expect(english?.replace("佐藤 花子", "")).not.toMatch(
      /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
    );
    expect([...html.matchAll(/<section class="sheet" lang="(..)">/g)].map(([, lang]) => lang)).toEqual([
      "ja",
      "en",
    ]);
    expect(await renderHandout(handout(seats, "en"))).toContain('<html lang="en">');
  });
});

describe("the class's page", () => {
  const hostile = [
    "<script>alert(1)</script>",
    `"><img src=x onerror=alert(1)>`,
    "' onmouseover='alert(1)",
    "&lt;b&gt; & <b>",
    "</section></style><!--",
    "<%= it.css %> {{name}} ${name}",
  ];

  it("has a sheet for each seat, in the roster's order", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `s${index + 1}`);
    const texts = sheetTexts(await renderHandout(handout(ids.map((id) => handoutSeat(id)))));
    expect(texts.map((text) => /席 (\S+)/.exec(text)?.[1])).toEqual(ids);
  });

  it.each(hostile)("shows a name as text, whatever is in it: %s", async (name) => {
    const html = await renderHandout(handout([handoutSeat("a1", { name })]));
    const plain = await renderHandout(handout([handoutSeat("a1", { name: "A" })]));
    expect(sheetTexts(html)[0]).toContain(name.replaceAll(/\s+/g, " "));
    // The same elements with the same attributes, however long the name is.
    const tags = (page: string): readonly string[] =>
      (page.match(/<[^<>]*>/g) ?? []).map((tag) => tag.replace(' class="long"', ""));
    expect(tags(html)).toEqual(tags(plain));
  });

  it("closes what it opens", async () => {
    for (const address of ["127.0.0.1", "192.0.2.115"]) {
      const html = await renderHandout(handout([handoutSeat("a1", { address, name: hostile.join("") })]));
      expect(html).toMatch(/^<!doctype html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">/);
      expect(misnested(html)).toEqual([]);
      expect(html.match(/<\w/g)?.length).toBe(html.match(/<\w[^<>]*>/g)?.length);
    }
  });

  it("needs nothing from elsewhere, and runs nothing", async () => {
    const html = await renderHandout(handout([handoutSeat("a1")]));
    expect(html).not.toMatch(/<(script|link|img|iframe|object|form|a)\b|url\(|@import|https?:|\son\w+=/);
    expect(html).toContain("default-src 'none'");
  });
});

describe("the handout's file", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mail-lab-handout-"));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is readable by its owner alone, also where an older one was open to others", async () => {
    const file = await writeHandout({ folder }, handout([handoutSeat("a1")]));
    expect(file).toBe(join(folder, "classes", "class-a", "handout.html"));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, "classes", "class-a"))).mode & 0o777).toBe(0o700);
    await chmod(file, 0o644);
    await writeHandout({ folder }, handout([handoutSeat("a2")]));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(sheetTexts(await readFile(file, "utf8"))[0]).toContain("席 a2");
  });

  it("stays as it was where a new one can't be made", async () => {
    const file = await writeHandout({ folder }, handout([handoutSeat("a3")]));
    const broken = { ...handoutSeat("a4"), address: undefined as unknown as string };
    await expect(writeHandout({ folder }, handout([broken]))).rejects.toThrow();
    expect(sheetTexts(await readFile(file, "utf8"))[0]).toContain("席 a3");
    expect(await readdir(join(folder, "classes", "class-a"))).toEqual(["handout.html"]);
  });

  it("leaves no passwords beside it where it can't be put in its place", async () => {
    const classes = join(folder, "classes", "class-b");
    await mkdir(join(classes, "handout.html", "taken"), { recursive: true });
    const page = { ...handout([handoutSeat("a1")]), className: "class-b" };
    await expect(writeHandout({ folder }, page)).rejects.toThrow(/EISDIR|ENOTEMPTY/);
    expect(await readdir(classes)).toEqual(["handout.html"]);
  });
});
