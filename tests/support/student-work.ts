import { expect } from "vitest";
import { openMailbox } from "../../src/protocols/imap.ts";
import { connectSsh } from "../../src/protocols/ssh.ts";
import { arrived, inMailbox, inQueue, messageIds, once, post } from "./counted-mail.ts";
import type { LabInHand } from "./lab-in-hand.ts";
import { LOOPBACK } from "./lab-under-test.ts";

const sender = { host: "host1", user: "user1" };
const receiver = { host: "host2", user: "user2" };
/** Who has no account yet, and for whom mail is put off until there is one. */
const latecomer = { host: "host2", user: "late" };
/** An account that the student has made. */
const carol = { host: "host2", user: "carol", password: "carols-own-secret" };
const [deliveredCount, queuedCount] = [500, 50];
/** What the student has set in main.cf, otherwise than the chapter. */
const setting = "mailbox_size_limit = 77777777";
/** What shows the student's settings on host1, and every account with its password's hash, salt and all. */
const traces =
  "postconf mailbox_size_limit; cat /root/notes; systemctl is-enabled proc-sys-fs-binfmt_misc.automount; cat /etc/shadow";

/** What somebody has done in a lab. */
export interface StudentWork {
  /** In user2's mailbox, by Message-ID. */
  readonly delivered: readonly string[];
  /** In host1's queue, put off by host2. */
  readonly queued: readonly string[];
  /** What was seen of settings, files and accounts. */
  readonly seen: readonly string[];
}

/** Does a student's work on both hosts, quickly: the mails of the mailbox are written there at once. */
export async function doWork(lab: LabInHand): Promise<StudentWork> {
  const delivered = messageIds("delivered", deliveredCount);
  const queued = messageIds("queued", queuedCount);
  const mail = String.raw`From user1@host1example1test Tue Nov 24 10:00:00 2026\nMessage-ID: <%s>\nSubject: kept\n\nhello\n\n`;
  await lab.asRoot(
    receiver.host,
    `set -e; postconf -e unknown_local_recipient_reject_code=450; postfix reload
    useradd --create-home --shell /bin/bash ${carol.user}; echo ${carol.user}:${carol.password} | chpasswd
    for id in ${delivered.join(" ")}; do printf '${mail}' "$id"; done > /var/mail/${receiver.user}
    chown ${receiver.user}:mail /var/mail/${receiver.user}; chmod 0660 /var/mail/${receiver.user}`,
  );
  await post(lab, sender, `${latecomer.user}@example2.test`, queued);
  await lab.asRoot(
    sender.host,
    `set -e; postconf -e '${setting}'; echo mine > /root/notes; systemctl mask --quiet proc-sys-fs-binfmt_misc.automount`,
  );
  const work = { delivered, queued, seen: await tracesOn(lab) };
  expect(work.seen.join("\n")).toContain(setting);
  await expectWork(lab, work);
  return work;
}

/** That all of it is there, and that the accounts' passwords let in, over ssh and by IMAP. */
export async function expectWork(lab: LabInHand, { delivered, queued, seen }: StudentWork): Promise<void> {
  expect(await inMailbox(lab, receiver, delivered)).toEqual(once(delivered));
  expect(await inQueue(lab, sender.host, queued)).toEqual(once(queued));
  expect(await tracesOn(lab)).toEqual(seen);
  const { hostKey, ports } = lab.host(carol.host);
  const { user, password } = carol;
  const port = await lab.reach(ports.ssh);
  await using ssh = await connectSsh({ host: LOOPBACK, port, user, hostKey, password });
  expect((await ssh.run("id -un")).stdout.trim()).toBe(carol.user);
  await using mailbox = await openMailbox({
    host: LOOPBACK,
    port: await lab.reach(lab.host(receiver.host).ports.imap),
    user: receiver.user,
    password: lab.passwordOf(receiver.user),
  });
  expect(await mailbox.list()).toHaveLength(deliveredCount);
}

/** That the queued mails are delivered once the recipient has an account, each once. */
export async function expectQueueDelivers(lab: LabInHand, { queued }: StudentWork): Promise<void> {
  await lab.asRoot(latecomer.host, `useradd --create-home ${latecomer.user}`);
  await lab.asRoot(sender.host, "postqueue -f");
  expect(await arrived(lab, latecomer, queued)).toEqual(once(queued));
  expect(await inQueue(lab, sender.host, queued)).toEqual([]);
}

async function tracesOn(lab: LabInHand): Promise<readonly string[]> {
  const host2 = "cat /etc/shadow; postconf unknown_local_recipient_reject_code";
  return [await lab.asRoot(sender.host, `${traces}; true`), await lab.asRoot(receiver.host, host2)];
}
