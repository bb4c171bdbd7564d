import { quoteWord } from "../model/quote-word.ts";
import type { Action, Setting, Step, StepContext } from "./step.ts";

/** A step as one shell script, and the accounts whose passwords it reads from its standard input. */
export interface StepScript {
  /** POSIX shell, run as the administrator over ssh. */
  readonly script: string;
  /** Lines of the standard input, in order: the administrator's password is always the first, these follow. */
  readonly passwordsOf: readonly string[];
}

function assignments(settings: readonly Setting[]): string {
  return settings.map(([name, value]) => quoteWord(`${name} = ${value}`)).join(" ");
}

/**
 * What a step's root shell begins with. It has its rights already, and every sudo costs as much as the command that it
 * runs: so the textbook's commands find a `sudo` that runs them as they stand.
 */
const alreadyRoot = `set -eu
sudo() { "$@"; }`;

/**
 * What sudo starts, and logs: a shell that takes the step from its standard input, and the accounts' passwords before
 * it. The administrator's own comes first where sudo did not ask for it, since a student has spared him that.
 */
const stepShell = [
  'while IFS= read -r word && [ "$word" ]; do :; done;',
  'while IFS= read -r word && [ "$word" ]; do set -- "$@" "$word"; done;',
  "exec 3<&0 </dev/null; . /dev/fd/3",
].join(" ");

/** The whole step behind a single sudo, which is to ask anew (-k), whichever step it was asked in before. */
function behindSudo(commands: readonly string[], accounts: readonly string[]): string {
  const passwords = accounts.map((_, index) => `password_${index + 1}`);
  return [
    "set -eu",
    ...["password", ...passwords].map((name) => `IFS= read -r ${name}`),
    `step=${quoteWord([alreadyRoot, ...commands].join("\n"))}`,
    `sudo -k -S -p '' sh -c ${quoteWord(stepShell)} <<END`,
    ...["$password", "", ...passwords.map((name) => `$${name}`), "", "$step"],
    "END",
    "",
  ].join("\n");
}

/** A file is written only where it changes, and keeps its owner and mode. */
const replaceFile = `replace_file() {
  if ! printf '%s\\n' "$2" | cmp -s - "$1"; then printf '%s\\n' "$2" >"$1"; fi
}`;

/** Ends an awk program that has a file's lines in \`line\` and, where it changed them, in \`new\`: the same file is written. */
const rewrite = `
    function rewrite(count,  i, changed) {
      changed = count != NR
      for (i = 1; i <= count; i++) if (new[i] "" != line[i] "") changed = 1
      if (!changed) return
      for (i = 1; i <= count; i++) print new[i] >FILENAME
    }`;

/** An active line is changed where it stands; else the new one comes below its commented default, or at the end. */
const setLines = `set_lines() {
  awk '
    BEGIN {
      last = ARGC
      for (i = 2; i < last; i++) { word[i] = ARGV[i]; ARGV[i] = "" }
    }
    { line[NR] = new[NR] = $0 }
    function set(name, value,  i, kept, now, active, commented) {
      for (i = 1; i <= count; i++) {
        if (!active && new[i] ~ "^" name "[ \\t]*=") active = i
        if (!commented && new[i] ~ "^#" name "[ \\t]*=") commented = i
      }
      for (i = 1; i <= count; i++) {
        if (i == active || new[i] !~ "^" name "[ \\t]*=") now[++kept] = i == active ? name " = " value : new[i]
        if (!active && i == commented) now[++kept] = name " = " value
      }
      if (!active && !commented) now[++kept] = name " = " value
      for (count = 0; count < kept; ) { count++; new[count] = now[count] }
    }${rewrite}
    END {
      count = NR
      for (i = 2; i < last; i += 2) set(word[i], word[i + 1])
      rewrite(count)
    }' "$@"
}`;

/** The active block with this head, or else the first commented one, becomes an active one with just these lines. */
const setBlock = `set_block() {
  awk '
    BEGIN { head = ARGV[2]; last = ARGC; for (i = 3; i < last; i++) body[i] = ARGV[i]; for (i = 2; i < last; i++) ARGV[i] = "" }
    {
      line[NR] = bare = $0
      sub(/^[ \\t]*/, "", bare)
      if (!active && index(bare, head " {") == 1) active = NR
      sub(/^#[ \\t]*/, "", bare)
      if (!example && index(bare, head " {") == 1) example = NR
      stripped[NR] = bare
    }${rewrite}
    END {
      if (!active) active = example
      for (n = 1; n <= NR; n++) {
        if (n != active) { new[++count] = line[n]; continue }
        new[++count] = "  " head " {"
        for (i = 3; i < last; i++) new[++count] = "    " body[i]
        new[++count] = "  }"
        while (n < NR && stripped[++n] !~ /^}/);
      }
      rewrite(count)
    }' "$@"
}`;

/**
 * Installs what is not installed yet; the answers are the ones that a person gives in apt's dialogs. A student may
 * have left apt in the middle of them, or have it running.
 */
const install = `install_packages() {
  answers=$1; shift
  wanted=
  for package do wanted="$wanted installed"; done
  if [ "$(dpkg-query -W -f ' \${db:Status-Status}' "$@" 2>/dev/null)" = "$wanted" ]; then return 0; fi
  export DEBIAN_FRONTEND=noninteractive
  if [ -n "$answers" ]; then printf '%s\\n' "$answers" | debconf-set-selections; fi
  dpkg --configure -a
  apt-get -o DPkg::Lock::Timeout=60 install -y "$@"
}`;

/**
 * What the dialog's other types leave in main.cf, or have left out of it, goes; a right choice is left alone. Where
 * debconf keeps its answers in its usual file, that one is read: debconf-show is a Perl program.
 */
const internetSite = `internet_site() {
  replace_file /etc/mailname "$1"
  if [ -e /etc/postfix/main.cf ] && {
    awk '/^Name:/ { mine = $2 == "postfix/main_mailer_type" } mine && $0 == "Value: Internet Site" { found = 1 }
      END { exit !found }' /var/cache/debconf/config.dat 2>/dev/null ||
      debconf-show postfix | grep -q 'main_mailer_type: Internet Site$'
  }; then return 0; fi
  export DEBIAN_FRONTEND=noninteractive
  printf '%s\\n' "$2" | debconf-set-selections
  if [ ! -e /etc/postfix/main.cf ]; then dpkg-reconfigure postfix; fi
  postconf -e 'relayhost ='
  postconf -X default_transport relay_transport
}`;

/**
 * An adduser that was killed leaves its group, or an account that has no password yet and perhaps no home. The lab's
 * passwords are random, so a quick hash gives nothing away: logins are spared 20 ms of the processor each.
 */
const addAccount = `add_account() {
  account=$1 password=$2
  set -- "$account"
  if ! id "$account" >/dev/null 2>&1; then
    if getent group "$account" >/dev/null; then set -- --ingroup "$account" "$account"; fi
    adduser --disabled-password --gecos '' "$@"
  elif grep -qE "^$account:[*!]+:" /etc/shadow; then
    mkhomedir_helper "$account" 0077
  else
    return 0
  fi
  printf '%s:%s\\n' "$account" "$password" | chpasswd --crypt-method YESCRYPT --sha-rounds 1
}`;

/**
 * Postfix's programs wait until main.cf was not changed for two seconds, in case somebody still writes it (they call
 * that "pausing to let file cool down"). postconf is done with it: it puts a whole file in the old one's place.
 */
const coolDown = "touch -d '2 seconds ago' /etc/postfix/main.cf";

/**
 * The first boot of a finished host leaves its services to the steps (images/base/rootfs/usr/local/sbin/lab-entry). A
 * student may have masked or disabled one; systemctl is asked only where the files don't plainly say that it starts.
 */
const startService = `start_service() {
  units=/etc/systemd/system held=/etc/mail-lab/first-boot/$1.service
  if [ -h "$held" ]; then mv "$held" "$units/multi-user.target.wants/"; fi
  if [ ! -h "$units/multi-user.target.wants/$1.service" ] ||
    [ -e "$units/$1.service" ] || [ -e "/run/systemd/system/$1.service" ]; then
    case $(systemctl is-enabled "$1" || true) in
      enabled) ;;
      masked*) systemctl unmask "$1"; systemctl enable "$1" ;;
      *) systemctl enable "$1" ;;
    esac
  fi
  systemctl restart "$1"
}`;

/** The shell functions that an action's commands call. */
const functionsOf: Record<Action["kind"], readonly string[]> = {
  install: [install],
  "internet site": [replaceFile, internetSite],
  "main.cf": [],
  settings: [setLines],
  block: [setBlock],
  account: [addAccount],
  service: [startService],
  commands: [],
};

function commandsOf(action: Action): readonly string[] {
  switch (action.kind) {
    case "install":
      return [`install_packages ${quoteWord(action.answers.join("\n"))} ${action.packages.join(" ")}`];
    case "internet site":
      return [`internet_site ${action.mailName} ${quoteWord(action.answers.join("\n"))}`];
    case "main.cf":
      return [`sudo postconf -e ${assignments(action.settings)}`, coolDown];
    case "settings":
      return [`set_lines ${[action.file, ...action.settings.flat()].map(quoteWord).join(" ")}`];
    case "block": {
      return [`set_block ${action.file} ${quoteWord(action.head)} ${assignments(action.settings)}`];
    }
    case "account":
      return [`add_account ${action.user} "$1"`, "shift"];
    case "service":
      return [`start_service ${action.service}`];
    case "commands":
      return action.lines;
  }
}

/**
 * Turns a step into the script that applies it. It can be applied again, and where a student has done the step by
 * hand already.
 *
 * @returns `undefined` where the step leaves nothing on this host.
 */
export function scriptOfStep(step: Step, context: StepContext): StepScript | undefined {
  const actions = step.actions(context);
  if (actions.length === 0) return undefined;
  const functions = [...new Set(actions.flatMap((action) => functionsOf[action.kind]))];
  const passwordsOf = actions.flatMap((action) => (action.kind === "account" ? [action.user] : []));
  return {
    script: behindSudo([...functions, ...actions.flatMap(commandsOf)], passwordsOf),
    passwordsOf,
  };
}
