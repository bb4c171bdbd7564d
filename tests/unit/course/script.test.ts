import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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
  // sudo, as far as a script without privileges needs it: the password is read, the command is run.
  writeFileSync(
    join(folder, "sudo"),
    '#!/bin/sh\nif [ "$1" = -S ]; then IFS= read -r _; exit 0; fi\nexec "$@"\n',
  );
  chmodSync(join(folder, "sudo"), 0o755);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the actions on a file of that content and gives what is in it then. */
function apply(content: string, action: (file: string) => Action): string {
  const file = join(folder, "conf");
  writeFileSync(file, content);
  const step: Step = {
    ...{ id: "6.99", title: sameText("t"), hint: sameText("h"), where: "hosts" },
    ...{ task: () => sameText("t"), actions: () => [action(file)], transcript: () => [] },
  };
  const made = scriptOfStep(step, { host, topology });
  execFileSync("sh", ["-c", made?.script ?? "exit 1"], {
    input: "secret\n",
    env: { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` },
  });
  return readFileSync(file, "utf8");
}

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
    for (const [program, command] of [
      ["postconf", 'printf "%s\\n" "$2" >'],
      ["touch", '/usr/bin/touch "$1" "$2"'],
    ] as const) {
      writeFileSync(join(folder, program), `#!/bin/sh\n${command} '${join(folder, "conf")}'\n`, {
        mode: 0o755,
      });
    }

    const text = apply("", () => ({ kind: "main.cf", settings: [["mydomain", "example1.test"]] }));

    // As Postfix reckons, in whole seconds.
    const changed = Math.floor(statSync(join(folder, "conf")).mtimeMs / 1000);
    const isCold = changed < Math.floor(Date.now() / 1000) - 1;
    expect({ text, isCold }).toEqual({ text: "mydomain = example1.test\n", isCold: true });
  });
});
