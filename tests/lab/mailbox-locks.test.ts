import { describe, expect, it } from "vitest";
import { openMailbox } from "../../src/protocols/imap.ts";
import { waitForMessageId } from "../../src/protocols/mail-arrival.ts";
import {
  addressOf,
  logIn,
  logInAsStep,
  LOOPBACK,
  mailHosts,
  passwordOf,
  runAsRoot,
  userOf,
} from "../support/lab-under-test.ts";
import { sendAsUser } from "../support/sent-mail.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";

showLabOnFailure();

/** Somebody who has waited for a lock of the mailbox may take a moment to look again. */
const readDeadlineMs = 120_000;

/**
 * Waits for a user's IMAP process and tries for three seconds whether the mailbox file can be locked, as Postfix does
 * once it has the dotlock; says `free`, or `held` as soon as it can't.
 */
const tryLock = String.raw`
  use Fcntl;
  my ($user, $mailbox) = @ARGV;
  my $give_up = time + 20;
  while (system("pgrep -u $user -x imap >/dev/null") != 0) {
    die "no IMAP process of $user\n" if time > $give_up;
    select(undef, undef, undef, 0.05);
  }
  open(my $file, "+<", $mailbox) or die "$mailbox: $!\n";
  for (1 .. 60) {
    my ($lock, $unlock) = map { pack("s s l! l! i", $_, 0, 0, 0, 0) } (F_WRLCK, F_UNLCK);
    fcntl($file, F_SETLK, $lock) or do { print "held\n"; exit };
    fcntl($file, F_SETLK, $unlock);
    select(undef, undef, undef, 0.05);
  }
  print "free\n";
`;

describe("a mailbox in which somebody reads while a mail comes", () => {
  it("has its locks taken by Dovecot in Postfix's order, so that neither waits for the other for ever", async () => {
    const [host1, host2] = mailHosts();
    const user = userOf(host2);
    const mailbox = `/var/mail/${user}`;
    await using receiver = await logIn(host2, user);
    await using ssh = await logInAsStep(host2);
    // Something new in it, which Dovecot marks as seen by itself: the reader has to write.
    const { messageId } = await sendAsUser(host1, addressOf(host2));
    await waitForMessageId(receiver, messageId, { mailbox, hostName: host2.name });
    await receiver.run("cat > /tmp/try-lock.pl", { stdin: tryLock });
    // What Postfix makes first, before it locks the file.
    await runAsRoot(ssh, `touch ${mailbox}.lock`);
    let reading;
    try {
      reading = openMailbox({
        ...{ host: LOOPBACK, port: host2.ports.imap, user, password: passwordOf(user) },
        deadlineMs: readDeadlineMs,
      });
      reading.catch(() => undefined); // awaited below
      const tried = await runAsRoot(ssh, `perl /tmp/try-lock.pl ${user} ${mailbox}`);
      expect(tried.stdout, tried.stderr).toBe("free\n");
    } finally {
      await runAsRoot(ssh, `rm -f ${mailbox}.lock`);
    }
    await using opened = await reading;
    expect((await opened.list()).map((entry) => entry.messageId)).toContain(messageId);
  });
});
