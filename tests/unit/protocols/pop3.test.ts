import { describe, expect, it } from "vitest";
import { connectPop3 } from "../../../src/protocols/pop3.ts";
import { startLineServer } from "../../support/line-server.ts";

const LOGIN = { host: "127.0.0.1", user: "user1", password: "right" };
const ANSWERS: Record<string, string> = {
  "USER user1": "+OK\r\n",
  "PASS right": "+OK Logged in.\r\n",
  "PASS wrong": "-ERR [AUTH] Authentication failed.\r\n",
  STAT: "+OK 2 320\r\n",
  LIST: "+OK 2 messages:\r\n1 120\r\n2 200\r\n.\r\n",
  UIDL: "+OK\r\n1 0000000a\r\n2 0000000b\r\n.\r\n",
  "RETR 1": "+OK 120 octets\r\nSubject: x\r\n\r\n本文\r\n..dot\r\n.\r\n",
  "TOP 1 0": "+OK\r\nSubject: x\r\n\r\n.\r\n",
  "DELE 1": "+OK Marked to be deleted.\r\n",
  "RETR 9": "-ERR There's no message 9.\r\n",
  QUIT: "+OK Logging out, messages deleted.\r\n",
};

function startPop3Server() {
  return startLineServer("+OK ready\r\n", (line) => ANSWERS[line] ?? "-ERR Unknown command.\r\n");
}

describe("a POP3 session", () => {
  it("lists, fetches and deletes messages", async () => {
    await using server = await startPop3Server();
    using session = await connectPop3({ ...LOGIN, port: server.port });

    expect(await session.stat()).toEqual({ count: 2, sizeBytes: 320 });
    expect(await session.list()).toEqual([
      { number: 1, value: 120 },
      { number: 2, value: 200 },
    ]);
    expect((await session.uidl()).at(1)).toEqual({ number: 2, value: "0000000b" });
    expect((await session.retr(1)).toString()).toBe("Subject: x\r\n\r\n本文\r\n.dot\r\n");
    expect((await session.top(1, 0)).toString()).toBe("Subject: x\r\n\r\n");
    await session.dele(1);
    await session.quit();
    expect(server.received.slice(-2)).toEqual(["DELE 1", "QUIT"]);
  });

  it("says that a wrong password was refused, in the server's words and without the password", async () => {
    await using server = await startPop3Server();

    const login = connectPop3({ ...LOGIN, password: "wrong", port: server.port });

    await expect(login).rejects.toMatchObject({
      code: "LAB_POP3_AUTH_REFUSED",
      message: `logging in as user1 by POP3 at 127.0.0.1:${server.port}: "-ERR [AUTH] Authentication failed."`,
    });
  });

  it("gives a refusal of the server in the server's words", async () => {
    await using server = await startPop3Server();
    using session = await connectPop3({ ...LOGIN, port: server.port });

    await expect(session.retr(9)).rejects.toMatchObject({ code: "LAB_POP3_REFUSED" });
    await expect(session.retr(9)).rejects.toThrow(/-ERR There's no message 9\./);
  });
});
