import { findingsOn, found, onHost, type Deed, type HostName, type Sabotage } from "../sabotage.ts";

const services = "postfix dovecot";
const stopped = `systemctl stop ${services}`;
const started = "restart dovecot postfix";

/**
 * Puts a small file system in a folder's place, with what is in the folder, and fills it. Only the container sees it,
 * and nothing of the machine's disk is used.
 */
function fullFolder(id: string, on: HostName, folder: string, sizeBytes: string): Sabotage {
  const administrator = (lines: string): Deed => ({ as: "administrator", on, lines });
  const machine = (lines: string): Deed => ({ as: "machine", on, lines });
  return {
    id,
    title: { en: `${folder} is full`, ja: `${folder}の空きがない` },
    keeps: {},
    deeds: [
      administrator(stopped),
      machine(`mkdir /run/full
mount -t tmpfs -o size=${sizeBytes} full /run/full
cp -a ${folder}/. /run/full/
chown --reference=${folder} /run/full
chmod --reference=${folder} /run/full
mount --move /run/full ${folder}
rmdir /run/full`),
      administrator(started),
      administrator(`dd if=/dev/zero of=${folder}/filler bs=4k 2>/dev/null || :`),
    ],
    mends: [
      administrator(stopped),
      machine(`until umount ${folder}; do sleep 0.1; done`),
      administrator(started),
    ],
    finds: findingsOn(on, ["foundation/disk", "disk-full"]),
  };
}

/** The ground that the chapter stands on: disks, ssh, sudo, the programs of every Unix, the container itself. */
export const hostRows: readonly Sabotage[] = [
  fullFolder("spool-full", "host1", "/var/spool/postfix", "4m"),
  fullFolder("mail-folder-full", "host2", "/var/mail", "256k"),
  {
    ...found(
      onHost("sudo-broken", {
        on: "host1",
        title: {
          en: "sudo refuses everybody (/etc/sudoers may be written by all)",
          ja: "sudoが使えない（/etc/sudoersがだれでも書ける）",
        },
        keeps: [],
        does: "chmod 0666 /etc/sudoers",
      }),
      "host1",
      ["foundation/login", "sudo-refused"],
    ),
    mends: [{ as: "engine", on: "host1", lines: "chmod 0440 /etc/sudoers" }],
  },
  found(
    onHost("administrator-password-changed", {
      on: "host2",
      title: { en: "ubuntu has another password than the lab's", ja: "ubuntuのパスワードがラボのものと違う" },
      keeps: ["/etc/shadow"],
      does: "echo 'ubuntu:another-word' | chpasswd",
    }),
    "host2",
    ["foundation/login", "sudo-refused"],
  ),
  found(
    onHost("key-removed", {
      on: "host1",
      title: {
        en: "The lab's key was taken out of the authorized keys",
        ja: "ラボの鍵がauthorized_keysから消されている",
      },
      keeps: ["/etc/mail-lab/authorized_keys"],
      does: ": >/etc/mail-lab/authorized_keys",
    }),
    "host1",
    ["foundation/login", "key-refused"],
  ),
  {
    ...found(
      onHost("host-key-changed", {
        on: "host2",
        title: { en: "The host's ssh key was made anew", ja: "ホストのssh鍵が作り直されている" },
        keeps: ["/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_ed25519_key.pub"],
        does: `rm /etc/ssh/ssh_host_ed25519_key
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
systemctl restart ssh`,
      }),
      "host2",
      ["foundation/login", "host-key-changed"],
    ),
    mends: [{ as: "engine", on: "host2", lines: "systemctl restart ssh" }],
  },
  {
    ...found(
      onHost("sshd-stopped", {
        on: "host1",
        title: { en: "sshd is stopped", ja: "sshdが停止している" },
        does: "systemctl stop ssh",
      }),
      "host1",
      ["foundation/login", "host-unreachable"],
    ),
    mends: [{ as: "engine", on: "host1", lines: "systemctl start ssh" }],
  },
  {
    ...found(
      onHost("shell-gone", {
        on: "host2",
        title: {
          en: "/bin is damaged: bash is gone, and sshd lets nobody in without",
          ja: "/binの破損: bashがなく、sshdはだれもログインさせない",
        },
        does: "mv /usr/bin/bash /usr/bin/bash.away",
      }),
      "host2",
      ["foundation/login", "key-refused"],
    ),
    mends: [{ as: "engine", on: "host2", lines: "mv /usr/bin/bash.away /usr/bin/bash" }],
  },
  {
    ...found(
      onHost("programs-gone", {
        on: "host1",
        title: {
          en: "/bin is damaged: cat, grep, sed and stat are gone",
          ja: "/binの破損: cat、grep、sed、statがない",
        },
        does: "for name in cat grep sed stat; do mv /usr/bin/$name /usr/bin/$name.away; done",
      }),
      "host1",
      ["foundation/login", "host-damaged"],
    ),
    mends: [
      {
        as: "engine",
        on: "host1",
        lines: "for name in cat grep sed stat; do mv /usr/bin/$name.away /usr/bin/$name; done",
      },
    ],
  },
  {
    id: "host-stopped",
    title: { en: "host2's container is stopped", ja: "host2のコンテナが停止している" },
    keeps: {},
    deeds: [{ as: "container", on: "host2", lines: "stop" }],
    mends: [
      { as: "container", on: "host2", lines: "start" },
      { as: "engine", on: "host2", lines: "wait_until 'systemctl is-active --quiet multi-user.target'" },
    ],
    finds: findingsOn("host2", ["foundation/login", "container-stopped"]),
  },
];
