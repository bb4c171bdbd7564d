import { describe, expect, it } from "vitest";
import { openMailbox } from "../../../src/protocols/imap.ts";
import { startLineServer } from "../../support/line-server.ts";

const LOGIN = { host: "127.0.0.1", user: "user1", password: "wrong-secret" };

// Reading a mailbox is proven on a built lab, with Dovecot: a server of our own would prove our reading of the RFC.
describe("an IMAP login", () => {
  it("says that a wrong password was refused, in the server's words and without the password", async () => {
    await using server = await startLineServer("* OK [CAPABILITY IMAP4rev1] ready\r\n", (line) => {
      const [tag = "", command = ""] = line.split(" ");
      if (command === "LOGIN") return `${tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n`;
      return `* BYE\r\n${tag} OK\r\n`;
    });

    const login = openMailbox({ ...LOGIN, port: server.port });

    await expect(login).rejects.toMatchObject({ code: "LAB_IMAP_AUTH_REFUSED" });
    await expect(login).rejects.toThrow(/^opening INBOX of user1 by IMAP at .*Authentication failed\.$/);
    await expect(login).rejects.not.toThrow(/wrong-secret/);
  });

  it("gives up on a server that says nothing, naming the mailbox and the time", async () => {
    await using server = await startLineServer("", () => undefined);

    await expect(openMailbox({ ...LOGIN, port: server.port, deadlineMs: 50 })).rejects.toThrow(
      `opening INBOX of user1 by IMAP at 127.0.0.1:${server.port}: no answer in time (limit 0.05 s)`,
    );
  });
});
