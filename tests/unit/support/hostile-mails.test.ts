import { simpleParser } from "mailparser";
import { describe, expect, it } from "vitest";
import { hostileMails } from "../../support/hostile-mails.ts";

const mails = hostileMails("user1@example1.test");

function rawOf(name: string): Buffer {
  const mail = mails.find((candidate) => candidate.name === name);
  if (mail === undefined) throw new Error(`there is no hostile mail “${name}”`);
  return mail.raw;
}

describe("the hostile mails", () => {
  it("are a hundred, of different names", () => {
    expect(mails).toHaveLength(100);
    expect(new Set(mails.map(({ name }) => name)).size).toBe(100);
  });

  it("are the same ones each time", () => {
    const again = hostileMails("user1@example1.test");
    expect(again.every(({ raw }, index) => raw.equals(mails[index]?.raw ?? Buffer.of(0xff)))).toBe(true);
  });

  it("bring their script through each encoding of a subject", async () => {
    const names = ["subject, ", "subject in quoted-printable, ", "subject in base64, "];
    const subjects = await Promise.all(
      names.map(async (name) => (await simpleParser(rawOf(`${name}script element`))).subject),
    );
    expect(new Set(subjects).size).toBe(1);
    expect(subjects[0]).toMatch(/^<script>.*<\/script>$/);
  });

  it("carry what they are named for", async () => {
    expect(
      rawOf("parts in parts, 50 deep")
        .toString()
        .match(/multipart\/mixed/g),
    ).toHaveLength(50);
    expect(rawOf("nulls in the body").includes(0)).toBe(true);
    expect(rawOf("right-to-left override").includes("\u202e")).toBe(true);
    const { attachments } = await simpleParser(rawOf("attachment, path upwards"));
    expect(attachments.map(({ filename }) => filename)).toEqual(["../../../../etc/passwd"]);
  });

  it("have one of 10 MB that Postfix takes, and together are no burden", () => {
    const size = rawOf("body of 10 MB").length;
    expect(size).toBeGreaterThan(9_900_000);
    expect(size).toBeLessThan(10_240_000);
    expect(mails.reduce((sum, { raw }) => sum + raw.length, 0)).toBeLessThan(15_000_000);
  });
});
