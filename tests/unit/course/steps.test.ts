import { describe, expect, it } from "vitest";
import { scriptOfStep } from "../../../src/course/script.ts";
import type { Step } from "../../../src/course/step.ts";
import { steps } from "../../../src/course/steps.ts";
import { planTopology } from "../../../src/model/topology.ts";
import { configWith } from "../../support/default-config.ts";

const topology = planTopology(configWith());
const hostNames = topology.hosts.map(({ name }) => name);

function stepOf(id: string): Step {
  const step = steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return step;
}

const linesOf = (id: string) => stepOf(id).transcript(topology);

describe("the chapter's steps", () => {
  it("are numbered without a gap, in the chapter's order", () => {
    expect(steps.map(({ id }) => id)).toEqual(
      Array.from({ length: 13 }, (_, index) => `6.${String(index + 1).padStart(2, "0")}`),
    );
  });

  it.each(steps.map((step) => [step.id, step] as const))(
    "have every text in both languages: %s",
    (_id, step) => {
      for (const text of [step.title, step.hint, step.task(topology)]) {
        expect(text.ja).toMatch(/[ぁ-んァ-ヶ一-龠]|\.conf/);
        expect(text.en).toMatch(/^\w/);
        expect(text.en).not.toMatch(/[ぁ-んァ-ヶ一-龠]/);
      }
    },
  );

  it("carry no password in a script: they come by standard input, the administrator's first", () => {
    const [host] = topology.hosts;
    if (host === undefined) throw new Error("no host");
    const scripts = steps.flatMap((step) => scriptOfStep(step, { host, topology }) ?? []);
    expect(scripts.every(({ script }) => script.includes("IFS= read -r password"))).toBe(true);
    expect(scripts.flatMap(({ passwordsOf }) => passwordsOf)).toEqual(["user1"]);
  });

  it("leave nothing behind where they are only a person's", () => {
    const personal = steps.filter((step) =>
      topology.hosts.every((host) => step.actions({ host, topology }).length === 0),
    );
    expect(personal.map(({ id }) => id)).toEqual(["6.07", "6.12", "6.13"]);
  });
});

describe("what a student types", () => {
  it("is there for every step on the hosts, on each of them", () => {
    for (const step of steps.filter(({ where }) => where === "hosts")) {
      expect(new Set(step.transcript(topology).map(({ host }) => host)), step.id).toEqual(new Set(hostNames));
    }
    expect(linesOf("6.12")).toEqual([]);
  });

  it("is what the textbook prints", () => {
    const onHost1 = steps.flatMap((step) =>
      step
        .transcript(topology)
        .flatMap(({ host, user, line }) => (host === "host1" ? [`${user}$ ${line}`] : [])),
    );
    expect(onHost1).toEqual([
      "ubuntu$ sudo apt install postfix dovecot-pop3d dovecot-imapd",
      "ubuntu$ sudo vi /etc/postfix/main.cf",
      "ubuntu$ sudo vi /etc/dovecot/conf.d/10-master.conf",
      "ubuntu$ sudo systemctl restart dovecot",
      "ubuntu$ sudo vi /etc/postfix/main.cf",
      "ubuntu$ sudo postfix check",
      "ubuntu$ sudo systemctl restart postfix",
      "ubuntu$ systemctl is-enabled postfix",
      "ubuntu$ sudo adduser user1",
      "ubuntu$ sudo newaliases",
      "ubuntu$ sudo apt install mailutils",
      "user1$ mail user2@example2.test",
      "user1$ mail",
      "ubuntu$ sudo vi /etc/dovecot/conf.d/10-mail.conf",
      "ubuntu$ sudo vi /etc/dovecot/conf.d/10-auth.conf",
      "ubuntu$ sudo vi /etc/dovecot/conf.d/10-ssl.conf",
      "ubuntu$ sudo systemctl restart dovecot",
      "ubuntu$ sudo systemctl is-enabled dovecot",
      "ubuntu$ dig example2.test mx",
      "ubuntu$ dig mail.example2.test",
      "ubuntu$ sudo tail -f /var/log/mail.log",
    ]);
  });

  it("sets in an editor what the step sets by itself", () => {
    const [host] = topology.hosts;
    if (host === undefined) throw new Error("no host");
    for (const step of steps) {
      const applied = step
        .actions({ host, topology })
        .flatMap((action) =>
          action.kind === "main.cf" || action.kind === "settings" || action.kind === "block"
            ? action.settings.map((setting) => setting.join("="))
            : [],
        );
      const typed = step
        .transcript(topology)
        .flatMap((line) => (line.kind === "edit" && line.host === host.name ? line.edits : []))
        .flatMap((edit) =>
          edit.kind === "setting"
            ? [`${edit.name}=${edit.value}`]
            : edit.settings.map((setting) => setting.join("=")),
        );
      expect(typed.sort(), step.id).toEqual(applied.sort());
    }
  });

  it("lets a mail be read after it was sent, in both directions", () => {
    expect(linesOf("6.07").map(({ host, user, line }) => `${user}@${host}: ${line}`)).toEqual([
      "user1@host1: mail user2@example2.test",
      "user2@host2: mail",
      "user2@host2: mail user1@example1.test",
      "user1@host1: mail",
    ]);
  });
});
