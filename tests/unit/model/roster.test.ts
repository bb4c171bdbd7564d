import fc from "fast-check";
import { stringify } from "csv-stringify/sync";
import { describe, expect, it } from "vitest";
import { LabError } from "../../../src/model/lab-error.ts";
import { classNameOf, parseRoster, stackOfSeat, type Roster } from "../../../src/model/roster/roster.ts";
import { badRosters } from "./bad-rosters.ts";

const stages = ["exercise", "6.01", "6.05", "6.10", "finished"];
const stackPattern = /^[a-z0-9][a-z0-9-]{0,40}$/;

function parsed(content: string | Uint8Array, file = "class-a.csv"): Roster {
  return parseRoster(file, typeof content === "string" ? Buffer.from(content) : content, stages);
}

function refusal(content: string | Uint8Array): LabError {
  try {
    parsed(content);
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error("the roster was taken");
}

describe("a roster", () => {
  it("has a seat a line, in the order of the file, with what is not said by default", () => {
    expect(parsed("seat,name\n02,Suzuki\n01,佐藤 花子\n")).toEqual({
      file: "class-a.csv",
      className: "class-a",
      seats: [
        { id: "02", name: "Suzuki", stage: "exercise", engine: undefined, language: undefined, line: 2 },
        { id: "01", name: "佐藤 花子", stage: "exercise", engine: undefined, language: undefined, line: 3 },
      ],
    });
  });

  it("may have its columns in any order and case", () => {
    const [seat] = parsed("Language, STAGE ,name,engine,seat\nJA,6.05,Sato,ssh://lab@10.0.0.2:22,A1\n").seats;
    expect(seat).toEqual({
      id: "A1",
      name: "Sato",
      stage: "6.05",
      engine: "ssh://lab@10.0.0.2:22",
      language: "ja",
      line: 2,
    });
  });

  it.each([
    ["a byte order mark", "\uFEFFseat,name\n01,Sato\n02,Suzuki\n"],
    ["a byte order mark before a quotation mark", '\uFEFF"seat",name\n01,Sato\n02,Suzuki\n'],
    ["CR LF", "seat,name\r\n01,Sato\r\n02,Suzuki\r\n"],
    ["CR", "seat,name\r01,Sato\r02,Suzuki"],
    ["mixed line ends", "seat,name\r\n01,Sato\n02,Suzuki\r\n"],
    ["no line end at the end", "seat,name\n01,Sato\n02,Suzuki"],
    [
      "blank lines, and lines of commas as spreadsheets leave them",
      "\nseat,name\n\n01,Sato\n ,\n  \n02,Suzuki\n,\n\n",
    ],
    ["every field quoted", '"seat","name"\n"01","Sato"\n"02","Suzuki"\n'],
    ["blanks around the fields", " seat , name\n 01 ,  Sato\t\n02,\u3000Suzuki\u3000\n"],
  ])("may have %s", (_name, content) => {
    expect(parsed(content).seats.map(({ id, name }) => [id, name])).toEqual([
      ["01", "Sato"],
      ["02", "Suzuki"],
    ]);
  });

  it("takes a comma and a quotation mark in a quoted name", () => {
    const [seat] = parsed('seat,name\n01,"Sato, ""Taro"""\n').seats;
    expect(seat?.name).toBe('Sato, "Taro"');
  });

  it("takes names of any script", () => {
    const names = [
      "𠮷田 太郎",
      "Nguyễn Thị Ánh",
      "محمد علی‌پور",
      "О'Брайен",
      "सीता क्ष",
      "<script>",
      "=1+1",
      "👩‍💻",
    ];
    const content = names.map((name, index) => `${index},${name}`).join("\n");
    expect(parsed(`seat,name\n${content}`).seats.map(({ name }) => name)).toEqual(names);
  });

  it("comes back as it was written, whatever the names are", () => {
    const letter = fc.oneof(
      fc.constantFrom(",", '"', "'", " ", "佐", "𠮷", "=", ";"),
      fc.string({ minLength: 1, maxLength: 1, unit: "grapheme" }),
    );
    const name = fc
      .array(letter, { minLength: 1, maxLength: 20 })
      .map((letters) => letters.join("").trim())
      .filter((text) => text !== "" && !/[\p{C}\p{Zl}\p{Zp}\u{FFFD}]/u.test(text));
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        fc.boolean(),
        (names, bom, windows) => {
          const rows = [["name", "seat"], ...names.map((text, index) => [text, `s${index}`])];
          const content = stringify(rows, { bom, record_delimiter: windows ? "windows" : "unix" });
          const read = parsed(content).seats;
          expect(read.map((seat) => seat.name)).toEqual(names);
          expect(read.map(({ line }) => line)).toEqual(names.map((_, index) => index + 2));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a bad roster", () => {
  it.each(badRosters)("is refused: $name", ({ content, problems }) => {
    const { code, exit, details } = refusal(content);
    expect({ code, exit }).toEqual({ code: "LAB_ROSTER", exit: 2 });
    const shown = details.map((detail) => (typeof detail === "string" ? { en: detail, ja: detail } : detail));
    expect(shown.map(({ en }) => en.split(": ")[0])).toEqual(
      problems.map(([place]) => `class-a.csv:${place}`),
    );
    for (const [index, [place, en, ja]] of problems.entries()) {
      expect(shown[index]?.en).toContain(en);
      expect(shown[index]?.ja).toContain(ja);
      expect(shown[index]?.ja).toMatch(new RegExp(`^class-a\\.csv:${place}: `));
    }
  });

  it("shows twenty problems, and how many more there are", () => {
    const { details, text } = refusal(`seat,name\n${",x\n".repeat(25)}`);
    expect(details).toHaveLength(21);
    expect(details.at(-1)).toEqual({ en: "… and 5 more", ja: "…ほか5か所" });
    expect(text.en).toContain("25 problems");
  });

  it("shows nothing that a terminal would obey", () => {
    const { details } = refusal("seat,name\n\u001B[31mred\u202E,Sato\n");
    expect(JSON.stringify(details)).not.toMatch(/\\u001b|\u202E/);
  });

  it("never makes the parser fail in another way than by a refusal", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        refusal(Uint8Array.from([...Buffer.from("seat,name\n,\n"), ...bytes, ...Buffer.from("\n,x")]));
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", "佐", "\uFEFF") }), (text) => {
        refusal(`seat,name,${text}`);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a class's name", () => {
  it.each([
    ["class-a.csv", "class-a"],
    ["rosters/Monday 1st.CSV", "monday-1st"],
    ["C:\\rosters\\b.csv", "b"],
    ["roster", "roster"],
  ])("is made of the file's: %s → %s", (file, name) => {
    expect(classNameOf(file)).toBe(name);
  });

  it("stays apart from others where letters are lost", () => {
    const names = [
      "1-A組.csv",
      "1-A班.csv",
      "組.csv",
      "班.csv",
      `${"a".repeat(30)}1.csv`,
      `${"a".repeat(30)}2.csv`,
      ".csv",
    ];
    const made = names.map(classNameOf);
    expect(new Set(made).size).toBe(names.length);
    for (const name of made) expect(name).toMatch(/^[a-z0-9](?:-?[a-z0-9])*$/);
    expect(made[0]).toMatch(/^1-a-[0-9a-f]{6}$/);
  });

  it("is the same where the file system writes it decomposed", () => {
    expect(classNameOf("ガ組.csv".normalize("NFD"))).toBe(classNameOf("ガ組.csv"));
  });
});

describe("a seat's stack", () => {
  it("is named by class and seat", () => {
    expect(stackOfSeat({ className: "class-a" }, { id: "A01" })).toBe("class-a-a01");
  });

  it("is nobody else's, in this class and in every other", () => {
    const className = fc.stringMatching(/^[ab1](?:-?[ab1]){0,3}$/);
    const id = fc.stringMatching(/^[ab1](?:[ab1-]{0,3}[ab1])?$/);
    fc.assert(
      fc.property(className, id, className, id, (one, seat, other, otherSeat) => {
        fc.pre(one !== other || seat !== otherSeat);
        expect(stackOfSeat({ className: one }, { id: seat })).not.toBe(
          stackOfSeat({ className: other }, { id: otherSeat }),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("fits a stack's name at its longest", () => {
    const className = classNameOf(`${"組a".repeat(40)}.csv`);
    expect(className.length).toBeLessThanOrEqual(20);
    expect(stackOfSeat({ className: "c".repeat(20) }, { id: `${"s".repeat(17)}-1` })).toMatch(stackPattern);
    const [seat] = parsed(`seat,name\n${"s".repeat(17)}-1,Sato\n`).seats;
    expect(seat?.id).toHaveLength(19);
  });
});
