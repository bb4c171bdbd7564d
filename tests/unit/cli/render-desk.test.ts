import { describe, expect, it } from "vitest";
import { speakerOf } from "../../../src/cli/language.ts";
import { renderDesk, renderLocalSettings } from "../../../src/cli/render-desk.ts";
import type { OpenDesk } from "../../../src/lab/access/desk.ts";

const open: OpenDesk = {
  desk: { name: "desk", address: "192.168.1.122", port: 6100, language: "ja" },
  url: "http://127.0.0.1:6100/",
  directUrl: "http://127.0.0.1:6100/#password=abcdefgh",
  password: "abcdefgh",
  account: {
    address: "user1@example1.test",
    user: "user1",
    password: "abcd-efgh-jkmn",
    server: "mail.example1.test",
    imapPort: 143,
    smtpPort: 25,
  },
  isAccountSetUp: false,
};

describe("how to get to the desk", () => {
  it.each(["en", "ja"] as const)("begins with the address alone in a line (%s)", (language) => {
    const [first, second] = renderDesk(open, speakerOf(language)).split("\n");
    expect([first, second]).toEqual([open.directUrl, ""]);
  });

  it("has the book's table where a student sets the account up", () => {
    const english = renderDesk(open, speakerOf("en"));
    expect(english).toMatch(/Hostname +mail\.example1\.test +mail\.example1\.test/);
    expect(english).toMatch(/Port +143 +25/);
    expect(renderDesk(open, speakerOf("ja"))).toMatch(/認証方式 +通常のパスワード認証/);
  });

  it("says that the account is there where it is, with no table and no password of it", () => {
    const words = renderDesk({ ...open, isAccountSetUp: true }, speakerOf("en"));
    expect(words).toContain("The account user1@example1.test is set up");
    expect(words).not.toContain("Connection security");
    expect(words).not.toContain(open.account.password);
  });
});

describe("the settings for a mail program of one's own", () => {
  const accounts = [
    { address: "user1@example1.test", user: "user1", server: "127.0.0.1", imapPort: 14_312, smtpPort: 2512 },
  ];
  const files = [".lab/thunderbird/dev/example1.test.xml"];

  it("name server, ports, security, authentication and user, and where the files go", () => {
    const words = renderLocalSettings(
      { accounts, files, client: { address: "192.168.1.1", mayRelay: true } },
      speakerOf("en"),
    );
    expect(words).toMatch(/Port +14312 +2512/);
    expect(words).toMatch(/Connection security +None +None/);
    expect(words).toContain(files[0]);
    expect(words).toContain("/usr/lib/thunderbird/isp");
    expect(words).toContain("192.168.1.1, which is inside mynetworks");
  });

  it("say that a stranger has to log in, in both languages", () => {
    const settings = { accounts, files, client: { address: "10.213.0.1", mayRelay: false } };
    expect(renderLocalSettings(settings, speakerOf("en"))).toContain("needs SMTP authentication");
    expect(renderLocalSettings(settings, speakerOf("ja"))).toContain("SMTP認証が必要です");
  });
});
