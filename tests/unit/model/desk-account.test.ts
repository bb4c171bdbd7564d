import { describe, expect, it } from "vitest";
import { deskAccount } from "../../../src/model/desk-account.ts";
import { planTopology } from "../../../src/model/topology.ts";
import { configWith } from "../../support/default-config.ts";

describe("the account on a finished lab's desk", () => {
  it("is the first user's, with the chapter's own settings", () => {
    expect(deskAccount(planTopology(configWith()), { user1: "secret" })).toEqual({
      name: "user1",
      address: "user1@example1.test",
      user: "user1",
      password: "secret",
      incoming: { host: "mail.example1.test", port: 143 },
      outgoing: { host: "mail.example1.test", port: 25 },
    });
  });

  it("is not made without the password", () => {
    expect(() => deskAccount(planTopology(configWith()), {})).toThrow("no password was derived for user1");
  });
});
