import { describe, expect, it } from "vitest";
import { SecretMask } from "../../../../toolchain/offline/rpc/secret-mask.ts";
import { markPaths, markSecrets } from "../../../../toolchain/offline/rpc/secrets.ts";
import { secret } from "../../../../toolchain/offline/rpc/values.ts";

describe("markSecrets", () => {
  it("marks what was secret under the same name and nothing else", () => {
    expect(markSecrets({ a: "1", b: "2", c: "3" }, { a: secret("1"), b: "2" })).toEqual({
      a: secret("1"),
      b: "2",
      c: "3",
    });
  });

  it("marks a secret whose value became another one", () => {
    expect(markSecrets({ a: "new" }, { a: secret("old") })).toEqual({ a: secret("new") });
  });

  it("keeps the place of a secret in an object, also when other fields changed", () => {
    const source = { environment: { PW: secret("x"), A: "1" } };
    expect(markSecrets({ environment: { PW: "x", A: "2" } }, source)).toEqual({
      environment: { PW: secret("x"), A: "2" },
    });
  });

  it("keeps the place of a secret in a list that is unchanged", () => {
    const source = { envs: ["A=1", secret("PW=x")] };
    expect(markSecrets({ envs: ["A=1", "PW=x"] }, source)).toEqual({ envs: ["A=1", secret("PW=x")] });
  });

  it("marks the whole list when its order changed", () => {
    const source = { envs: ["A=1", secret("PW=x")] };
    expect(markSecrets({ envs: ["PW=x", "A=1"] }, source)).toEqual({ envs: secret(["PW=x", "A=1"]) });
  });

  it("marks the whole object when the secret's field is gone from it", () => {
    const source = { labels: { a: secret("x") } };
    expect(markSecrets({ labels: { b: "x" } }, source)).toEqual({ labels: secret({ b: "x" }) });
  });

  it("keeps the places of secrets inside a secret", () => {
    const source = { connection: secret({ host: "h", key: secret("k") }) };
    expect(markSecrets({ connection: { host: "other", key: "k2", port: 22 } }, source)).toEqual({
      connection: secret({ host: "other", key: secret("k2"), port: 22 }),
    });
    expect(markSecrets({ connection: secret({ host: "h", key: "k" }) }, source)).toEqual(source);
    expect(markSecrets({ connection: "gone" }, source)).toEqual({ connection: secret("gone") });
  });

  it("adds marks to those that are there", () => {
    const once = markSecrets({ a: { b: "1", c: "2" } }, { a: { b: secret("1") } });
    expect(markSecrets(once, { a: { c: secret("2") } })).toEqual({ a: { b: secret("1"), c: secret("2") } });
  });
});

describe("markPaths", () => {
  it("marks the named properties, whole", () => {
    expect(markPaths({ stdout: "x", id: "1" }, ["stdout", "absent", "id.part"])).toEqual({
      stdout: secret("x"),
      id: "1",
    });
  });

  it("marks a part of a property, also of a secret one", () => {
    const value = { host: "h", key: "k" };
    const paths = ["one.key", "two", "two.key", "three.key"];
    expect(markPaths({ one: value, two: value, three: secret({ host: "h" }) }, paths)).toEqual({
      one: { host: "h", key: secret("k") },
      two: secret({ host: "h", key: secret("k") }),
      three: secret({ host: "h" }),
    });
  });
});

describe("SecretMask", () => {
  it("takes secrets out of a line, wherever they stand", () => {
    const mask = new SecretMask([{ stdin: secret("user:hush\n"), environment: { PW: secret("s3cret") } }]);
    expect(mask.apply("got user:hush and s3crets")).toBe("got [secret] and [secret]s");
  });

  it("knows the lines of a secret of several lines", () => {
    const mask = new SecretMask([{ key: secret("-----BEGIN-----\nAAAABBBB\nhi\n") }]);
    expect(mask.apply("AAAABBBB hi")).toBe("[secret] hi");
  });

  it("leaves alone what isn't secret, is too short, or may be shown", () => {
    const source = {
      plain: "visible",
      pin: secret("123"),
      connection: secret({ host: "host1", password: "hush!" }),
    };
    expect(new SecretMask([source], ["connection.host"]).apply("visible 123 host1 hush!")).toBe(
      "visible 123 host1 [secret]",
    );
  });

  it("takes a longer secret whole before a shorter one inside it", () => {
    expect(new SecretMask([{ a: secret("pass"), b: secret("password") }]).apply("password")).toBe("[secret]");
  });
});
