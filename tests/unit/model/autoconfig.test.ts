import { describe, expect, it } from "vitest";
import { clientConfig } from "../../../src/model/autoconfig.ts";

const config = clientConfig({
  domain: "example1.test",
  host: "127.0.0.1",
  imapPort: 14_312,
  smtpPort: 2512,
});

/** The text of each element of that name. */
function textsOf(name: string): readonly string[] {
  return [...config.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text = ""]) => text);
}

describe("the autoconfiguration of a domain", () => {
  it("names the ports of both servers, plainly and without connection security", () => {
    expect(config).toContain('<clientConfig version="1.1">');
    expect(textsOf("domain")).toEqual(["example1.test"]);
    expect(textsOf("hostname")).toEqual(["127.0.0.1", "127.0.0.1"]);
    expect(textsOf("port")).toEqual(["14312", "2512"]);
    expect(textsOf("socketType")).toEqual(["plain", "plain"]);
    expect(textsOf("authentication")).toEqual(["password-cleartext", "password-cleartext"]);
  });

  it("logs in by the part before the @, and holds no password", () => {
    expect(textsOf("username")).toEqual(["%EMAILLOCALPART%", "%EMAILLOCALPART%"]);
    expect(textsOf("password")).toEqual([]);
  });
});
