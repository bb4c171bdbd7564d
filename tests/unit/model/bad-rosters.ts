/** A roster that is wrong, and what is said of it. */
export interface BadRoster {
  /** What is wrong, as the rest of "refuses …". */
  readonly name: string;
  /** The file: text, which is written as UTF-8, or its bytes. */
  readonly content: string | Uint8Array;
  /** Each problem as `LINE:COLUMN` and a part of the English and of the Japanese sentence. */
  readonly problems: readonly (readonly [place: string, en: string, ja: string])[];
}

/** 座席,氏名 and 01,佐藤 in Shift_JIS, as Excel writes a CSV on a Japanese Windows. */
const shiftJis = Uint8Array.from([
  ...[0x8d, 0xc0, 0x90, 0xc8, 0x2c, 0x8e, 0x81, 0x96, 0xbc, 0x0d, 0x0a],
  ...[0x30, 0x31, 0x2c, 0x8d, 0xb2, 0x93, 0xa1, 0x0d, 0x0a],
]);

function utf16(text: string, mark: readonly number[]): Uint8Array {
  return Uint8Array.from([...mark, ...Buffer.from(text, "utf16le")]);
}

const manySeats = Array.from({ length: 201 }, (_, index) => `s${index + 1},A`).join("\n");

/** Every kind of bad roster that is known, each with a place for each problem. */
export const badRosters: readonly BadRoster[] = [
  { name: "an empty file", content: "", problems: [["1:1", "the file is empty", "ファイルが空です"]] },
  {
    name: "a file of blank lines",
    content: "\r\n  \n\n",
    problems: [["1:1", "the file is empty", "ファイルが空です"]],
  },
  {
    name: "a heading line and no more",
    content: "\nseat,name\n\n",
    problems: [["2:1", "there is no seat", "席が1つもありません"]],
  },
  {
    name: "a file with no heading line",
    content: "01,Sato\n02,Suzuki\n",
    problems: [["1:1", "has to name the columns", "見出しの行にしてください"]],
  },
  {
    name: "a missing column",
    content: "seat,stage\n01,exercise\n",
    problems: [["1:1", "the column name is missing", "name の列がありません"]],
  },
  {
    name: "a misspelt column",
    content: "seat,name,laguage\n01,Sato,ja\n",
    problems: [
      [
        "1:11",
        "“laguage”; did you mean language?",
        "「laguage」という列はありません（language のことですか）",
      ],
    ],
  },
  {
    name: "columns in Japanese",
    content: "座席,name,氏名\n01,x,佐藤\n",
    problems: [
      ["1:1", "“座席”; did you mean seat?", "seat のことですか"],
      ["1:1", "the column seat is missing", "seat の列がありません"],
      ["1:9", "did you mean name?", "name のことですか"],
    ],
  },
  {
    name: "a column that nobody knows",
    content: "seat,name,weather\n01,Sato,rain\n",
    problems: [["1:11", "the columns are seat, name, stage, engine, language", "使える列は seat、name"]],
  },
  {
    name: "a column with no heading",
    content: "seat,name,\n01,Sato,\n",
    problems: [["1:11", "no heading", "見出しがありません"]],
  },
  {
    name: "a doubled column",
    content: "seat,name,NAME\n01,Sato,Taro\n",
    problems: [["1:11", "the column name is there twice", "name の列が2つあります"]],
  },
  {
    name: "a doubled seat",
    content: "seat,name\n01,Sato\n02,Suzuki\n01,Tanaka\n",
    problems: [["4:1", "“01” is on line 2 already", "「01」は2行目にもあります"]],
  },
  {
    name: "seats that differ in capitals and blanks alone",
    content: "name,seat\nSato,a1\nSuzuki, A1 \n",
    problems: [["3:8", "“A1” is on line 2 already", "「A1」は2行目にもあります"]],
  },
  {
    name: "an empty seat",
    content: "seat,name\n01,Sato\n　,Suzuki\n",
    problems: [["3:1", "the seat is empty", "席が空です"]],
  },
  {
    name: "a seat of which no stack can have the name",
    content: "seat,name\nA_1,Sato\nä,Suzuki\n-b,Tanaka\n",
    problems: [
      ["2:1", "“A_1” has to be of the letters a to z, digits and hyphens", "（A-1 のことですか）"],
      ["3:1", "“ä” has to be", "「ä」は使えません"],
      ["4:1", "“-b” has to be", "「-b」は使えません"],
    ],
  },
  {
    name: "a seat in full-width digits",
    content: "seat,name\n０１,佐藤\n",
    problems: [["2:1", "did you mean 01?", "（01 のことですか）"]],
  },
  {
    name: "a seat that is too long",
    content: "seat,name\nabcdefghij0123456789,Sato\n",
    problems: [["2:1", "has 20 characters; 19 are the most", "席が20文字あります"]],
  },
  {
    name: "an empty name",
    content: 'seat,name\n01,\n02," "\n',
    problems: [
      ["2:4", "the name is empty", "名前が空です"],
      ["3:4", "the name is empty", "名前が空です"],
    ],
  },
  {
    name: "a name that is too long",
    content: `seat,name\n01,${"寿".repeat(61)}\n`,
    problems: [["2:4", "has 61 characters; 60 are the most", "名前が61文字あります"]],
  },
  {
    name: "control characters in a name",
    content: 'seat,name\n01,"Sa\u0007to"\n佐02,"Sa\u202Eto"\n03,"Sa\nto"\n',
    problems: [
      ["2:4", "U+0007", "U+0007"],
      ["3:1", "has to be", "使えません"],
      ["3:5", "U+202E", "U+202E"],
      ["4:4", "goes over several lines", "途中に改行"],
    ],
  },
  {
    name: "a stage that there is not",
    content: "seat,name,stage\n01,Sato,6.99\n02,Suzuki,final\n",
    problems: [
      ["2:9", "there is no stage “6.99”", "「6.99」という段階はありません"],
      ["3:11", "there is no stage “final”", "「final」という段階はありません"],
    ],
  },
  {
    name: "a stage of another form, as a spreadsheet makes it of 6.10",
    content: "seat,name,stage\n01,Sato,6.1\n02,Suzuki,step 6\n03,Tanaka,Finished\n",
    problems: [
      [
        "2:9",
        "“6.1” has to be exercise, finished or a step such as 6.01; did you mean 6.10?",
        "（6.10 のことですか）",
      ],
      ["3:11", "“step 6” has to be", "「step 6」は使えません"],
      ["4:11", "did you mean finished?", "（finished のことですか）"],
    ],
  },
  {
    name: "a language that the lab does not speak",
    content: "language,seat,name\njp,01,Sato\nfr,02,Suzuki\n",
    problems: [
      ["2:1", "“jp” has to be ja or en; did you mean ja?", "（ja のことですか）"],
      ["3:1", "“fr” has to be ja or en", "「fr」は使えません"],
    ],
  },
  {
    name: "an engine of another form",
    content: "seat,name,engine\n01,Sato,ssh//host\n02,Suzuki,ssh://\n03,Tanaka,my server\n",
    problems: [
      ["2:9", "“ssh//host” has to be an address", "「ssh//host」は使えません"],
      ["3:11", "“ssh://” has to be an address", "「ssh://」は使えません"],
      ["4:11", "“my server” has to be an address", "「my server」は使えません"],
    ],
  },
  {
    name: "too many fields, of a name with a comma",
    content: "seat,name\n01,Sato, Taro\n",
    problems: [["2:9", "has 3 fields, the first line 2; a field with a comma", "項目は3個"]],
  },
  {
    name: "too few fields",
    content: "seat,name,stage\n01,Sato\n02\n",
    problems: [
      ["2:4", "has 2 fields, the first line 3", "項目は2個"],
      ["3:1", "has 1 field, the first line 3", "項目は1個"],
    ],
  },
  {
    name: "a quotation mark that is not closed, at the end of the file",
    content: 'seat,name\n01,Sato\n02,"Suzuki\n03,Tanaka\n',
    problems: [["3:4", "is not closed", "閉じていません"]],
  },
  {
    name: "a first field that is not closed",
    content: 'seat,name\n01,Sato\n"02,Suzuki\n',
    problems: [["3:1", "is not closed", "閉じていません"]],
  },
  {
    name: "a quotation mark that is not closed before another one",
    content: 'seat,name\n01,"Sato\n02,"Suzuki"\n03,\n',
    problems: [
      ["2:4", "is not closed", "閉じていません"],
      ["4:4", "the name is empty", "名前が空です"],
    ],
  },
  {
    name: "text after a closing quotation mark",
    content: 'seat,name\n01,"Sato" Taro\n02,"Su"zu"ki"\n',
    problems: [
      ["2:4", "after the closing quotation mark", "閉じる引用符の後ろ"],
      ["3:4", "after the closing quotation mark", "閉じる引用符の後ろ"],
    ],
  },
  {
    name: "a quotation mark in the middle of a field",
    content: 'seat,name\n01,Sato "Taro"\n',
    problems: [["2:4", "inside a field", "項目の途中に引用符"]],
  },
  {
    name: "bytes that are not UTF-8",
    content: Uint8Array.from([...Buffer.from("seat,name\n01,佐藤 "), 0xff, 0xfe, 0x0a]),
    problems: [["2:7", "is not UTF-8 here", "UTF-8の文字になっていません"]],
  },
  {
    name: "Shift_JIS, as Excel writes it",
    content: shiftJis,
    problems: [["1:1", "looks like Shift_JIS; save it as UTF-8", "文字コードがShift_JISのようです"]],
  },
  {
    name: "UTF-16 with a byte order mark",
    content: utf16("seat,name\n01,佐藤\n", [0xff, 0xfe]),
    problems: [["1:1", "looks like UTF-16; save it as UTF-8", "文字コードがUTF-16のようです"]],
  },
  {
    name: "UTF-16 without one",
    content: utf16("seat,name\n01,Sato\n", []),
    problems: [["1:1", "looks like UTF-16", "文字コードがUTF-16のようです"]],
  },
  {
    name: "a NUL byte",
    content: "seat,name\n01,Sato\n02,Suz\0uki\n",
    problems: [["3:7", "NUL byte", "NULバイト"]],
  },
  {
    name: "semicolons between fields",
    content: "\uFEFFseat;name\n01;Sato\n",
    problems: [["1:5", "separated by semicolons", "区切りがセミコロン"]],
  },
  {
    name: "tabs between fields",
    content: "seat\tname\n01\tSato\n",
    problems: [["1:5", "separated by tabs", "区切りがタブ"]],
  },
  {
    name: "full-width commas between fields",
    content: "seat，name\n01，佐藤\n",
    problems: [["1:5", "separated by full-width commas", "区切りが全角のコンマ"]],
  },
  {
    name: "too many seats",
    content: `seat,name\n${manySeats}`,
    problems: [["202:1", "there are 201 seats; a roster may have 200", "席が201あります"]],
  },
  {
    name: "all that is wrong at once, in the order of the file",
    content: '\uFEFFseat,name,stage,colour\r\n\r\n"0 1",,6.1,\r\n02,"𠮷田,太郎",6.05,x\n02,B,zz,""\n',
    problems: [
      ["1:17", "“colour”", "「colour」"],
      ["3:1", "did you mean 0-1?", "0-1 のことですか"],
      ["3:7", "the name is empty", "名前が空です"],
      ["3:8", "did you mean 6.10?", "6.10"],
      ["5:1", "“02” is on line 4 already", "「02」は4行目"],
      ["5:6", "there is no stage “zz”", "「zz」という段階"],
    ],
  },
];
