import { randomBytes } from "node:crypto";
import { administrator } from "../model/lab-secrets.ts";
import { sameText } from "../model/text.ts";
import { HostNotObserved, type HostLogin } from "./host-login.ts";
import type { CheckedLab, HostObservation } from "./observation.ts";
import { readObservation, readSections, silentPrograms } from "./parse-look.ts";

/** A host that works answers in a fifth of a second; one whose DNS is silent waits for it. */
const lookDeadlineMs = 15_000;

/**
 * Looks at everything on one host in one ssh call.
 *
 * @param isKnocking - whether the other hosts' port 25 is tried, which their logs show.
 * @throws HostNotObserved
 */
export async function observeHost(
  login: HostLogin,
  lab: CheckedLab,
  isKnocking: boolean,
): Promise<HostObservation> {
  const { host } = login;
  const mark = `@@${randomBytes(6).toString("hex")}`;
  const names = lab.hosts.flatMap(({ domain, mailName }) => [domain, "MX", mailName, "A"]);
  const peers = isKnocking ? lab.hosts.filter(({ name }) => name !== host.name) : [];
  const askedMs = Date.now();
  const { stdout, stderr } = await login.runAsRoot(
    "look-at-host",
    [
      mark,
      host.users.join(" "),
      names.join(" "),
      peers.map(({ name, address }) => `${name}=${address}`).join(" "),
    ],
    {
      deadlineMs: lookDeadlineMs,
      input: host.users.map((user) => `${user}:${lab.passwords[user] ?? ""}\n`).join(""),
    },
  );
  const sections = readSections(stdout, mark);
  if (sections.size === 0) throw notBegun(stderr);
  const silent = silentPrograms(sections);
  if (silent.length > 0) {
    throw new HostNotObserved("host-damaged", {
      en: `these programs say nothing any more: ${silent.join(", ")}`,
      ja: `次のプログラムが動きません: ${silent.join(", ")}`,
    });
  }
  return readObservation(sections, { host: host.name, askedMs, answeredMs: Date.now(), users: host.users });
}

/** Why the script has not even begun: sudo, or the shell. */
function notBegun(stderr: string): HostNotObserved {
  const words = stderr.trim().split("\n").at(-1) ?? "";
  if (/incorrect password|Sorry, try again|not in the sudoers|a password is required/.test(stderr)) {
    return new HostNotObserved("sudo-refused", {
      en: `sudo does not take the lab's password of ${administrator}: ${words}`,
      ja: `sudoが${administrator}のパスワード（ラボのもの）を受け付けません: ${words}`,
    });
  }
  return new HostNotObserved(
    /^sudo:/m.test(stderr) && !/unable to execute|command not found/.test(stderr)
      ? "sudo-refused"
      : "host-damaged",
    words === "" ? { en: "no shell answers", ja: "シェルが応答しません" } : sameText(words),
  );
}
