import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { enter, type Answer, type TypedLine } from "../../../src/course/transcript.ts";
import { abandon, typeLine, type Typist } from "../../../src/lab/terminal/typist.ts";
import { sameText } from "../../../src/model/text.ts";
import { connectSsh } from "../../../src/protocols/ssh.ts";
import { TerminalSession } from "../../../src/protocols/terminal-session.ts";
import { runFakeShell, type FakePrograms, type FakeTerminal } from "../../support/fake-shell.ts";
import { SSH_PASSWORD, SSH_USER, startSshServer } from "../../support/ssh-server.ts";

const login = { user: "ubuntu", hostname: "host1example1test" };
const size = { rows: 24, cols: 80, term: "xterm-256color" };
const passwords: Readonly<Record<string, string>> = { ubuntu: "sudo-secret", user1: "user-secret" };

let resources: AsyncDisposableStack;
let typist: Typist;
let shown: string;
let given: string[];

/** Opens a terminal with a shell that has these programs. */
async function open(
  programs: FakePrograms,
  files: Readonly<Record<string, string>> = {},
  isPlain = false,
): Promise<void> {
  const server = resources.use(
    await startSshServer((_command, channel) => {
      void runFakeShell(channel, `${login.user}@${login.hostname}:~$ `, programs, isPlain);
    }),
  );
  const { port, hostKey } = server;
  const ssh = resources.use(
    await connectSsh({ host: "127.0.0.1", port, hostKey, user: SSH_USER, password: SSH_PASSWORD }),
  );
  const onOutput = (printed: string) => {
    shown += printed;
  };
  const session = new TerminalSession(await ssh.openTerminal(size), { size, onOutput });
  resources.defer(() => {
    session.close();
  });
  typist = {
    ...{ session, login, paceMs: 0 },
    passwordOf: (account) => passwords[account] ?? "",
    readFile: (path) => Promise.resolve(files[path] ?? ""),
  };
}

function command(line: string, answers: readonly Answer[] = []): TypedLine {
  return { kind: "command", host: "host1", user: login.user, line, answers };
}

beforeEach(() => {
  resources = new AsyncDisposableStack();
  shown = "";
  given = [];
});
afterEach(async () => {
  await resources.disposeAsync();
});

describe("a line that is typed", () => {
  it("gives the command's exit code and what it showed", async () => {
    await open({
      "systemctl is-enabled postfix": ({ print }) => {
        print("disabled\n");
        return 1;
      },
    });
    const { exitCode, shown: text } = await typeLine(typist, command("systemctl is-enabled postfix"));
    expect(exitCode).toBe(1);
    expect(text).toBe("systemctl is-enabled postfix\ndisabled\nubuntu@host1example1test:~$ ");
  });

  it("is followed by the next one once the prompt is back, also where the first has failed", async () => {
    await open({ true: () => 0 });
    expect((await typeLine(typist, command("nonsense"))).exitCode).toBe(127);
    expect((await typeLine(typist, command("true"))).exitCode).toBe(0);
  });

  it("ends with the prompt in a shell that does not tell exit codes, as any login shell", async () => {
    const echo = ({ print }: FakeTerminal) => {
      print("hello\n");
      return 3;
    };
    await open({ "echo hello": echo, true: () => 0 }, {}, true);
    expect(await typeLine(typist, command("echo hello"))).toEqual({
      exitCode: undefined,
      shown: "echo hello\nhello\nubuntu@host1example1test:~$ ",
    });
    expect((await typeLine(typist, command("true"))).shown).toBe("true\nubuntu@host1example1test:~$ ");
  });

  it("may be wider than the terminal", async () => {
    const line = `echo ${"wide ".repeat(30)}end`;
    await open({ [line]: () => 0 });
    expect((await typeLine(typist, command(line))).exitCode).toBe(0);
  });
});

describe("sudo's question", () => {
  it("gets the account's password, which never shows", async () => {
    await open({
      "sudo newaliases": async ({ print, read }) => {
        print("[sudo] password for ubuntu: ");
        given.push(await read({ isSecret: true }));
        return 0;
      },
    });
    expect((await typeLine(typist, command("sudo newaliases"))).exitCode).toBe(0);
    expect(given).toEqual(["sudo-secret"]);
    expect(shown).not.toContain("sudo-secret");
  });

  it("is not answered twice: a password that was refused ends it", async () => {
    await open({
      "sudo newaliases": async ({ print, read }) => {
        print("[sudo] password for ubuntu: ");
        given.push(await read({ isSecret: true }));
        print("Sorry, try again.\n[sudo] password for ubuntu: ");
        given.push(await read({ isSecret: true }));
        return 1;
      },
    });
    await expect(typeLine(typist, command("sudo newaliases"))).rejects.toMatchObject({
      code: "LAB_TERMINAL_PASSWORD",
    });
    expect(given).toEqual(["sudo-secret"]);
  });
});

const questions: readonly Answer[] = [
  { prompt: "Continue? [Y/n] ", typed: [enter] },
  { prompt: "New password:", typed: [{ passwordOf: "user1" }, enter] },
  { prompt: "Retype new password:", typed: [{ passwordOf: "user1" }, enter] },
  { prompt: "? ", typed: ["q", enter] },
];

describe("a command's questions", () => {
  it("are answered in their order", async () => {
    await open({
      work: async ({ print, read }) => {
        for (const prompt of ["Continue? [Y/n] ", "New password: ", "Retype new password: ", "? "]) {
          print(prompt);
          given.push(await read({ isSecret: prompt.includes("password") }));
        }
        return 0;
      },
    });
    await typeLine(typist, command("work", questions));
    expect(given).toEqual(["", "user-secret", "user-secret", "q"]);
    expect(shown).not.toContain("user-secret");
  });

  it("may be worded as another version words them", async () => {
    await open({
      mail: async ({ print, read }) => {
        print("& ");
        given.push(await read());
        return 0;
      },
    });
    await typeLine(typist, command("mail", [{ prompt: "? ", otherPrompt: "& ", typed: ["q", enter] }]));
    expect(given).toEqual(["q"]);
  });

  it("need not all come", async () => {
    await open({
      work: async ({ print, read }) => {
        print("Is it right? It is.\n? ");
        given.push(await read());
        return 0;
      },
    });
    await typeLine(typist, command("work", questions));
    expect(given).toEqual(["q"]);
  });

  it("that are as short as a sign count only where the cursor waits behind them", async () => {
    const { promise: gate, resolve: openGate } = Promise.withResolvers<undefined>();
    await open({
      work: async ({ print, read }) => {
        print("What? Nothing is asked here.\n");
        await gate;
        for (const prompt of ["Continue? [Y/n] ", "? "]) {
          print(prompt);
          given.push(await read());
        }
        return 0;
      },
    });
    const typing = typeLine(typist, command("work", questions));
    await typist.session.waitFor({ awaited: sameText("the text"), deadlineMs: 5000 }, (screen) =>
      screen.textSince(0).includes("Nothing is asked") ? true : undefined,
    );
    openGate(undefined);
    await typing;
    expect(given).toEqual(["", "q"]);
  });

  it("that go into a next line wait until the program reads it, where it tells of that", async () => {
    await open({
      write: async ({ print, read, readKey }) => {
        print("\u001b[?2004hSubject: ");
        given.push(await read());
        print("\u001b[?2004l");
        // What is typed too early comes before the terminal's second answer to where it stands, and is lost.
        for (let key = ""; key !== "R"; key = await readKey()) if (key === "") print("\u001b[6n");
        for (let key = ""; key !== "R"; key = await readKey()) if (key === "") print("\u001b[6n");
        print("\u001b[?2004h");
        given.push(await read());
        return 0;
      },
    });
    const answers: readonly Answer[] = [
      { prompt: "Subject: ", typed: ["the ducks", enter] },
      { prompt: "the ducks", atNextLine: true, typed: ["are back", enter] },
    ];
    await typeLine(typist, command("write", answers));
    expect(given).toEqual(["the ducks", "are back"]);
  });

  it("that end by Ctrl-C leave the exit code out of it", async () => {
    await open({
      "tail -f log": async ({ print, read }) => {
        print("postfix/smtpd[1]: connect\n");
        given.push(await read());
        return 130;
      },
    });
    const line = command("tail -f log", [{ prompt: "postfix/", typed: [{ key: "Ctrl-C" }] }]);
    expect((await typeLine(typist, line)).exitCode).toBeUndefined();
    expect(given).toEqual(["\u0003"]);
  });
});

/** A vi that shows a file of one line and keeps the keys that it gets. */
function oneLineVi(opening: string): FakePrograms {
  return {
    "sudo vi /etc/conf": async ({ print, readKey }) => {
      print(`\u001b[2J\u001b[Ha = 1\u001b[24;1H${opening}\u001b[1;1H`);
      let keys = "";
      while (!/:wq\r$|:q!\r$|^q$/.test(keys)) keys += await readKey();
      given.push(keys);
      print("\u001b[2J\u001b[H");
      return 0;
    },
  };
}

const edit: TypedLine = {
  ...{ kind: "edit", host: "host1", user: login.user, line: "sudo vi /etc/conf", file: "/etc/conf" },
  edits: [],
};

describe("a file in vi", () => {
  it("is saved", async () => {
    await open(oneLineVi('"/etc/conf" 1L, 6B'), { "/etc/conf": "a = 1\n" });
    await typeLine(typist, edit);
    expect(given).toEqual([":wq\r"]);
  });

  it("that holds something else afterwards is named", async () => {
    await open(oneLineVi('"/etc/conf" 1L, 6B'));
    let reads = 0;
    typist = { ...typist, readFile: () => Promise.resolve((reads += 1) === 1 ? "a = 1\n" : "a = 2\n") };
    await expect(typeLine(typist, edit)).rejects.toMatchObject({ code: "LAB_TERMINAL_FILE" });
  });

  it("that is open elsewhere is left alone at once", async () => {
    await open(oneLineVi("[O]pen Read-Only, (Q)uit:\u001b[2;1HE325: ATTENTION"));
    await expect(typeLine(typist, edit)).rejects.toMatchObject({ code: "LAB_TERMINAL_FILE_OPEN" });
    await abandon(typist, edit);
    expect(given).toEqual(["q"]);
  });

  it("is not saved where something goes wrong in it", async () => {
    await open(oneLineVi('"/etc/conf" 1L, 6B'), { "/etc/conf": "a = 1\n" });
    const block: TypedLine = { ...edit, edits: [{ kind: "block", head: "missing", settings: [] }] };
    await expect(typeLine(typist, block)).rejects.toMatchObject({ code: "LAB_NO_EXAMPLE" });
    await abandon(typist, block);
    expect(given).toEqual(["\u001b\u001b:q!\r"]);
  });
});

describe("a terminal that ends", () => {
  it("is told as what it is, with what it showed last", async () => {
    await open({
      work: ({ print }) => {
        print("bye\n");
        typist.session.close();
        return 0;
      },
    });
    await expect(typeLine(typist, command("work"))).rejects.toMatchObject({
      code: "LAB_TERMINAL_UNEXPECTED",
      text: { en: expect.stringContaining("the session has ended") as string },
    });
  });
});
