import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { speakerOf } from "../../../src/cli/language.ts";
import { renderDialogue } from "../../../src/cli/render-dialogue.ts";
import { Talk } from "../model/overheard-talk.ts";

const talk = new Talk(25, { client: "192.168.1.1" })
  .open()
  .lines("S: 220 mail", "C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6");
talk.lines(
  "C: dXNlcjE=",
  "S: 334 UGFzc3dvcmQ6",
  "C: c2VjcmV0",
  "S: 235 ok",
  "C: AUTH PLAIN AGEAYg==",
  "S: 235 ok",
);
talk.lines("C: STARTTLS", "S: 220 go", "C: hidden").end("client", "R");

function shown(language: "en" | "ja"): readonly string[] {
  return talk.entries.map((entry) => stripVTControlCharacters(renderDialogue(entry, speakerOf(language))));
}

describe("a conversation in the terminal", () => {
  it("is shown line by line with what it gives away", () => {
    expect(shown("en")).toEqual([
      "[1] 19:14:21.000 SMTP outside (192.168.1.1:40000) → host2 (192.168.1.13:25)",
      "[1] S: 220 mail",
      "[1] C: AUTH LOGIN",
      "[1] S: 334 VXNlcm5hbWU6",
      "[1]    ↳ it asks: “Username:”",
      "[1] C: dXNlcjE=",
      "[1]    ↳ user “user1”",
      "[1] S: 334 UGFzc3dvcmQ6",
      "[1]    ↳ it asks: “Password:”",
      "[1] C: c2VjcmV0",
      "[1]    ↳ password “secret”: readable by anybody on the way",
      "[1] S: 235 ok",
      "[1] C: AUTH PLAIN AGEAYg==",
      "[1]    ↳ user “a”, password “b”: readable by anybody on the way",
      "[1] S: 235 ok",
      "[1] C: STARTTLS",
      "[1] S: 220 go",
      "[1] -- from here on encrypted (TLS): nobody on the way can read it",
      "[1] -- broken off (RST); encrypted: 8 bytes of the client, 0 of the server",
    ]);
  });

  it("is explained in Japanese as well", () => {
    const japanese = shown("ja").filter((line) => !/^\[1\] [CS]:/.test(line));
    expect(japanese[0]).toBe("[1] 19:14:21.000 SMTP 外 (192.168.1.1:40000) → host2 (192.168.1.13:25)");
    expect(japanese).toContain("[1]    ↳ パスワード「secret」（途中の誰にでも読める）");
    expect(japanese.at(-1)).toBe(
      "[1] -- 強制切断（RST）（暗号化された部分: クライアント8バイト、サーバー0バイト）",
    );
  });

  it("says of each entry something of its own in both languages", () => {
    const ends = {
      atMs: 0,
      conversation: 2,
      protocol: "IMAP",
      client: { address: "a", port: 1 },
      server: { address: "b", port: 143 },
    } as const;
    const texts = (["en", "ja"] as const).map((language) =>
      [
        renderDialogue({ ...ends, kind: "left-out", from: "server", lines: 7 }, speakerOf(language)),
        renderDialogue({ ...ends, kind: "missing", from: "client", bytes: 9 }, speakerOf(language)),
        renderDialogue(
          { ...ends, kind: "line", from: "client", text: "x", cutBytes: 5 },
          speakerOf(language),
        ),
      ].map(stripVTControlCharacters),
    );
    expect(texts).toEqual([
      [
        "[2] -- … 7 more lines of the server …",
        "[2] -- 9 bytes of the client were not captured",
        "[2] C: x … (5 more bytes)",
      ],
      [
        "[2] -- …（サーバーの7行を省略）…",
        "[2] -- クライアントの9バイトは記録できていない",
        "[2] C: x …（あと5バイト）",
      ],
    ]);
  });
});
