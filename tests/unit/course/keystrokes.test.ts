import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keysOf, viSessionOf, type ViTurn } from "../../../src/course/keystrokes.ts";
import { enter, type Edit } from "../../../src/course/transcript.ts";

const escape = "\u001b";

/** As much of vi as the turns use: it starts at the first line, in command mode. */
class LittleVi {
  readonly lines: string[];
  mode: ViTurn["mode"] = "command";
  at = 0;

  constructor(text: string) {
    this.lines = text.split("\n");
  }

  get line(): string {
    return this.lines[this.at] ?? "";
  }

  press(keys: string): void {
    if (this.mode === "insert") {
      if (keys === escape) this.mode = "command";
      else this.lines[this.at] = this.line + keys;
      return;
    }
    const [, pattern] = /^\/\^(.+)\r$/.exec(keys) ?? [];
    const [, number] = /^(\d+)G$/.exec(keys) ?? [];
    if (pattern !== undefined) this.#search(pattern);
    else if (number !== undefined) this.at = Number(number) - 1;
    else this.#command(keys);
  }

  /** The next line below that begins so; from the end it goes on at the top. */
  #search(begin: string): void {
    const order = [...this.lines.keys()].map((step) => (this.at + 1 + step) % this.lines.length);
    const found = order.find((index) => this.lines[index]?.startsWith(begin));
    if (found === undefined) throw new Error(`E486: Pattern not found: ^${begin}`);
    this.at = found;
  }

  #command(keys: string): void {
    switch (keys) {
      case "cc":
        this.lines[this.at] = "";
        this.mode = "insert";
        break;
      case "o": {
        // vi goes on with a comment in the line that it opens.
        const begin = /^\s*#/.test(this.line) ? "# " : "";
        this.lines.splice(this.at + 1, 0, begin);
        this.at += 1;
        this.mode = "insert";
        break;
      }
      case "yyp":
        this.lines.splice(this.at + 1, 0, this.line);
        this.at += 1;
        break;
      case "dd":
        this.lines.splice(this.at, 1);
        this.at = Math.min(this.at, this.lines.length - 1);
        break;
      default:
        throw new Error(`these keys are not known: ${keys}`);
    }
  }
}

/** Types the edits and makes sure that vi shows after each turn what the turn says. */
function typed(text: string, edits: readonly Edit[]): string {
  const { turns, lines } = viSessionOf(`${text}\n`, edits);
  const vi = new LittleVi(text);
  for (const { keys, mode, line } of turns) {
    vi.press(keys);
    expect({ keys, mode: vi.mode, line: vi.line }).toEqual({ keys, mode, line });
  }
  expect(vi.lines).toEqual(lines);
  return vi.lines.join("\n");
}

function setting(name: string, value: string): Edit {
  return { kind: "setting", name, value, place: "at the end" };
}

const socket: Edit = {
  kind: "block",
  head: "unix_listener /var/spool/postfix/private/auth",
  settings: [
    ["mode", "0660"],
    ["user", "postfix"],
    ["group", "postfix"],
  ],
};

describe("edits as they are typed in vi", () => {
  it("change a line where it stands", () => {
    expect(typed("a = 1\nmydestination = x, y\nb = 2", [setting("mydestination", "$mydomain")])).toBe(
      "a = 1\nmydestination = $mydomain\nb = 2",
    );
  });

  it("take away the lines that a changed one went on in", () => {
    expect(
      typed("mynetworks = 127.0.0.0/8,\n  10.0.0.0/8\n\t[::1]/128\nb = 2", [setting("mynetworks", "x")]),
    ).toBe("mynetworks = x\nb = 2");
  });

  it("write below the comment that has the default, which stays, and not as a comment", () => {
    expect(typed("# why\n#mail_access_groups =\n\nb = 2", [setting("mail_access_groups", "mail")])).toBe(
      "# why\n#mail_access_groups =\nmail_access_groups = mail\n\nb = 2",
    );
  });

  it("write at the end what is nowhere, also below a comment", () => {
    expect(typed("a = 1", [setting("b", "2"), setting("c", "3")])).toBe("a = 1\nb = 2\nc = 3");
    expect(typed("a = 1\n# the end", [setting("b", "2")])).toBe("a = 1\n# the end\nb = 2");
  });

  it("turn an example block into an active one", () => {
    const example =
      "  # Postfix smtp-auth\n  #unix_listener /var/spool/postfix/private/auth {\n  #  mode = 0666\n  #}\n}";
    expect(typed(example, [socket])).toBe(
      [
        "  # Postfix smtp-auth",
        "  unix_listener /var/spool/postfix/private/auth {",
        "    mode = 0660",
        "    user = postfix",
        "    group = postfix",
        "  }",
        "}",
      ].join("\n"),
    );
  });

  it("make a longer active block just these lines", () => {
    const before = [
      "  unix_listener /var/spool/postfix/private/auth {",
      ...["mode = 0666", "user = root", "group = root", "# more", "# and more"].map((line) => `    ${line}`),
      "  }",
      "}",
    ].join("\n");
    const after = typed(before, [socket]);
    expect(after.split("\n")).toHaveLength(6);
    expect(typed(after, [socket])).toBe(after);
  });

  it("can't be worked out where the block's example is gone", () => {
    expect(() => viSessionOf("a = 1\n", [socket])).toThrow(/has no block/);
  });

  it("search for a name that begins one line alone, and go by number else", () => {
    const [first] = viSessionOf("a = 1\nmydomain = x\n", [setting("mydomain", "y")]).turns;
    expect(first?.keys).toBe("/^mydomain\r");
    const [other] = viSessionOf("ssl = yes\nssl_cert = x\n", [setting("ssl", "no")]).turns;
    expect(other?.keys).toBe("1G");
  });

  it("leave one active line with the value in any file, and do it again to no effect", () => {
    const line = fc.constantFrom("name = 1", "#name = 1", "# name", "other = 2", "", "#", "namesake = 3");
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const after = typed(lines.join("\n"), [setting("name", "wanted")]);
        expect(after.split("\n").filter((text) => /^name\s*=/.test(text))).toEqual(["name = wanted"]);
        expect(typed(after, [setting("name", "wanted")])).toBe(after);
      }),
    );
  });
});

describe("the characters of keystrokes", () => {
  it("are text, keys and passwords in their order", () => {
    const passwordOf = (account: string) => `<${account}>`;
    expect(keysOf(["q", enter, { key: "Ctrl-D" }, { passwordOf: "user1" }], passwordOf)).toBe(
      "q\r\u0004<user1>",
    );
  });

  it("rub out a whole field", () => {
    expect(keysOf([{ key: "Rub out" }], () => "")).toMatch(/^\u007f{40}$/);
  });
});
