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

/** The administrator's password opens sudo once; what follows may then say `sudo` as the textbook does. */
const openSudo = `set -eu
IFS= read -r password
printf '%s\\n' "$password" | sudo -S -p '' -v
unset password`;

/** The shell hands its process to a last command that is simple, and sudo, which knows its parent, asks anew. */
const stayParent = ":";

/** A file is written only where it changes, and keeps its owner and mode. */
const replaceFile = `replace_file() {
  if ! printf '%s\\n' "$2" | sudo cmp -s - "$1"; then printf '%s\\n' "$2" | sudo tee "$1" >/dev/null; fi
}`;

/** An active line is changed where it stands; else the new one comes below its commented default, or at the end. */
const setLine = `set_line() {
  text=$(sudo awk -v name="$2" -v value="$3" '
    { line[NR] = $0 }
    $0 ~ "^" name "[ \\t]*=" && !active { active = NR }
    $0 ~ "^#" name "[ \\t]*=" && !commented { commented = NR }
    END {
      for (i = 1; i <= NR; i++) {
        if (i == active) print name " = " value
        else if (line[i] !~ "^" name "[ \\t]*=") print line[i]
        if (!active && i == commented) print name " = " value
      }
      if (!active && !commented) print name " = " value
    }' "$1")
  replace_file "$1" "$text"
}`;

/** The active block with this head, or else the first commented one, becomes an active one with just these lines. */
const setBlock = `set_block() {
  active=$(sudo awk -v head="$2" '{ sub(/^[ \\t]*/, "") } index($0, head " {") == 1 { print NR; exit }' "$1")
  text=$(sudo awk -v head="$2" -v body="$3" -v active="$active" '
    { bare = $0; sub(/^[ \\t]*#?[ \\t]*/, "", bare) }
    inside { if (bare ~ /^}/) inside = 0; next }
    !done && index(bare, head " {") == 1 && (active == "" || NR == active) {
      count = split(body, setting, ";")
      print "  " head " {"
      for (i = 1; i <= count; i++) print "    " setting[i]
      print "  }"
      done = inside = 1
      next
    }
    { print }' "$1")
  replace_file "$1" "$text"
}`;

/**
 * Installs what is not installed yet; the answers are the ones that a person gives in apt's dialogs. A student may
 * have left apt in the middle of them, or have it running.
 */
const install = `install_packages() {
  answers=$1; shift
  installed=$(dpkg-query -W -f '\${db:Status-Status}\\n' "$@" 2>/dev/null | grep -cx installed || true)
  if [ "$installed" -eq $# ]; then return 0; fi
  if [ -n "$answers" ]; then printf '%s\\n' "$answers" | sudo debconf-set-selections; fi
  sudo DEBIAN_FRONTEND=noninteractive dpkg --configure -a
  sudo DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=60 install -y "$@"
}`;

/** What the dialog's other types leave in main.cf, or have left out of it, goes; a right choice is left alone. */
const internetSite = `internet_site() {
  replace_file /etc/mailname "$1"
  if [ -e /etc/postfix/main.cf ] &&
    sudo debconf-show postfix | grep -q 'main_mailer_type: Internet Site$'; then return 0; fi
  printf '%s\\n' "$2" | sudo debconf-set-selections
  if [ ! -e /etc/postfix/main.cf ]; then sudo DEBIAN_FRONTEND=noninteractive dpkg-reconfigure postfix; fi
  sudo postconf -e 'relayhost ='
  sudo postconf -X default_transport relay_transport
}`;

/** An adduser that was killed leaves its group, or an account that has no password yet and perhaps no home. */
const addAccount = `add_account() {
  IFS= read -r password
  account=$1
  if ! id "$account" >/dev/null 2>&1; then
    if getent group "$account" >/dev/null; then set -- --ingroup "$account" "$account"; fi
    sudo adduser --disabled-password --gecos '' "$@"
  elif sudo grep -qE "^$account:[*!]+:" /etc/shadow; then
    sudo mkhomedir_helper "$account" 0077
  else
    return 0
  fi
  printf '%s:%s\\n' "$account" "$password" | sudo chpasswd
}`;

/**
 * Postfix's programs wait until main.cf was not changed for two seconds, in case somebody still writes it (they call
 * that "pausing to let file cool down"). postconf is done with it: it puts a whole file in the old one's place.
 */
const coolDown = "sudo touch -d '2 seconds ago' /etc/postfix/main.cf";

/** A student may have masked or disabled it. */
const startService = `start_service() {
  case $(systemctl is-enabled "$1" || true) in
    enabled) ;;
    masked*) sudo systemctl unmask "$1"; sudo systemctl enable "$1" ;;
    *) sudo systemctl enable "$1" ;;
  esac
  sudo systemctl restart "$1"
}`;

/** The shell functions that an action's commands call. */
const functionsOf: Record<Action["kind"], readonly string[]> = {
  install: [install],
  "internet site": [replaceFile, internetSite],
  "main.cf": [],
  settings: [replaceFile, setLine],
  block: [replaceFile, setBlock],
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
      return action.settings.map(([name, value]) => `set_line ${action.file} ${name} ${quoteWord(value)}`);
    case "block": {
      const body = action.settings.map(([name, value]) => `${name} = ${value}`).join(";");
      return [`set_block ${action.file} ${quoteWord(action.head)} ${quoteWord(body)}`];
    }
    case "account":
      return [`add_account ${action.user}`];
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
  return {
    script: [openSudo, ...functions, ...actions.flatMap(commandsOf), stayParent, ""].join("\n"),
    passwordsOf: actions.flatMap((action) => (action.kind === "account" ? [action.user] : [])),
  };
}
