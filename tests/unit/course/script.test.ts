import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scriptOfStep } from "../../../src/course/script.ts";
import type { Action, Step } from "../../../src/course/step.ts";
import { planTopology, type MailHostPlan } from "../../../src/model/topology.ts";
import { sameText } from "../../../src/model/text.ts";
import { configWith } from "../../support/default-config.ts";

const topology = planTopology(configWith());
const [host] = topology.hosts as [MailHostPlan];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mail-lab-script-"));
  fakeSudo("IFS= read -r _");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Puts a program before all others in the path. */
function fake(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** sudo, as far as a script without privileges needs it: it notes that it ran, asks in its own way, runs the command. */
function fakeSudo(ask: string): void {
  const options = 'while [ "${1#-}" != "$1" ]; do if [ "$1" = -p ]; then shift; fi; shift; done';
  fake("sudo", `echo "$*" >>'${join(folder, "asked")}'\n${options}\n${ask}\nexec "$@"`);
}

/** Runs a step of these actions, with that on its standard input. */
function run(actions: readonly Action[], input = "secret\n"): void {
  const step: Step = {
    ...{ id: "6.99", title: sameText("t"), hint: sameText("h"), where: "hosts" },
    ...{ task: () => sameText("t"), actions: () => actions, transcript: () => [] },
  };
  const made = scriptOfStep(step, { host, topology });
  execFileSync("sh", ["-c", made?.script ?? "exit 1"], {
    input,
    env: { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` },
  });
}

/** Runs the action on a file of that content and gives what is in it then. */
function apply(content: string, action: (file: string) => Action): string {
  const file = join(folder, "conf");
  writeFileSync(file, content);
  run([action(file)]);
  return readFileSync(file, "utf8");
}

describe("a step", () => {
  const file = (name: string): string => readFileSync(join(folder, name), "utf8");

  it("takes a single sudo, whatever its commands say, and keeps its script out of sudo's log", () => {
    const lines = ["one", "two"].map((word) => `sudo sh -c 'echo ${word} >>"${join(folder, "conf")}"'`);
    run([{ kind: "commands", lines }]);

    expect(file("conf")).toBe("one\ntwo\n");
    expect(file("asked").trim().split("\n")).toHaveLength(1);
    expect(file("asked")).not.toContain("echo");
  });

  it("fails as soon as one of its commands does", () => {
    const lines = ["sudo false", `echo on >"${join(folder, "conf")}"`];
    expect(() => {
      run([{ kind: "commands", lines }]);
    }).toThrow();
    expect(existsSync(join(folder, "conf"))).toBe(false);
  });

  it.each([
    ["asks", "IFS= read -r _"],
    ["does not ask", ":"],
  ])("gives each account its own password where sudo %s for the administrator's", (_, ask) => {
    fakeSudo(ask);
    for (const name of ["id", "getent"]) fake(name, "exit 1");
    fake("adduser", `echo "$*" >>'${join(folder, "made")}'`);
    fake("chpasswd", `cat >>'${join(folder, "given")}'`);
    const accounts = ["user1", "user2"].map((user) => ({ kind: "account", user }) as const);
    run(accounts, "secret\nfirst \\ one\nsecond\n");

    expect(file("made")).toBe("--disabled-password --gecos  user1\n--disabled-password --gecos  user2\n");
    expect(file("given")).toBe("user1:first \\ one\nuser2:second\n");
  });
});

const setSeveral = (file: string): Action => ({
  ...{ kind: "settings", file },
  settings: [
    ["mail_location", "mbox:~/mail:INBOX=/var/mail/%u"],
    ["mail_access_groups", "a\\tb & c"],
  ],
});

const setPlain = (file: string): Action => ({ kind: "settings", file, settings: [["ssl", "no"]] });

describe("a setting", () => {
  it("replaces the active line where it stands", () => {
    expect(apply("# TLS\nssl = yes\nother = 1\n", setPlain)).toBe("# TLS\nssl = no\nother = 1\n");
  });

  it("comes below its commented default, as the textbook shows it", () => {
    expect(apply("#ssl = yes\nother = 1\n", setPlain)).toBe("#ssl = yes\nssl = no\nother = 1\n");
  });

  it("comes at the end where the file has no word of it", () => {
    expect(apply("other = 1\n", setPlain)).toBe("other = 1\nssl = no\n");
  });

  it("stands once afterwards, however often it stood before", () => {
    expect(apply("ssl = yes\nssl=required\n", setPlain)).toBe("ssl = no\n");
  });

  it("leaves a name alone that only begins alike", () => {
    expect(apply("ssl_cert = x\n#ssl_key = y\n", setPlain)).toBe("ssl_cert = x\n#ssl_key = y\nssl = no\n");
  });

  it("changes nothing when it is applied again", () => {
    const once = apply("#ssl = yes\n", setPlain);
    expect(apply(once, setPlain)).toBe(once);
  });

  it("is one of several of its file, and keeps every character of its value", () => {
    const made =
      "mail_location = mbox:~/mail:INBOX=/var/mail/%u\nx = 1\n#mail_access_groups =\nmail_access_groups = a\\tb & c\n";
    expect(apply("mail_location = y\nx = 1\n#mail_access_groups =\n", setSeveral)).toBe(made);
  });
});

const example = `service auth {
  unix_listener auth-userdb {
    #mode = 0666
  }

  # Postfix smtp-auth
  #unix_listener /var/spool/postfix/private/auth {
  #  mode = 0666
  #}
}
`;
const setBlock = (file: string): Action => ({
  kind: "block",
  file,
  head: "unix_listener /var/spool/postfix/private/auth",
  settings: [
    ["mode", "0660"],
    ["user", "postfix"],
  ],
});

describe("a block", () => {
  it("loses its comment signs and gets its lines, and no other block changes", () => {
    expect(apply(example, setBlock)).toBe(`service auth {
  unix_listener auth-userdb {
    #mode = 0666
  }

  # Postfix smtp-auth
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
  }
}
`);
  });

  it("is changed where a student has written it below the example, which stays a comment", () => {
    const own = `  unix_listener /var/spool/postfix/private/auth {\n    mode = 0666\n  }\n`;
    const made = `  unix_listener /var/spool/postfix/private/auth {\n    mode = 0660\n    user = postfix\n  }\n`;
    expect(apply(example + own, setBlock)).toBe(example + made);
  });

  it("changes nothing when it is applied again", () => {
    const once = apply(example, setBlock);
    expect(apply(once, setBlock)).toBe(once);
  });
});

describe("main.cf", () => {
  it("is old enough, once it was set, that Postfix's programs read it at once", () => {
    // The file is root's on a real machine: what postconf and touch are told is carried out on another one.
    fake("postconf", `printf "%s\\n" "$2" >'${join(folder, "conf")}'`);
    fake("touch", `/usr/bin/touch "$1" "$2" '${join(folder, "conf")}'`);

    const text = apply("", () => ({ kind: "main.cf", settings: [["mydomain", "example1.test"]] }));

    // As Postfix reckons, in whole seconds.
    const changed = Math.floor(statSync(join(folder, "conf")).mtimeMs / 1000);
    const isCold = changed < Math.floor(Date.now() / 1000) - 1;
    expect({ text, isCold }).toEqual({ text: "mydomain = example1.test\n", isCold: true });
  });
});
