import { quoteWord } from "../../model/quote-word.ts";

/** Where the image keeps what the packages' own configuration says. */
const pristineFolder = "/usr/share/mail-lab/pristine";

/** What begins a section of the script's output. */
export const sectionSign = "@@ ";

/** What is looked at beside what every host has. */
export interface LookedAt {
  readonly packages: readonly string[];
  readonly files: readonly string[];
  readonly mailboxes: readonly string[];
}

/**
 * The script that shows how a host stands, in sections; it changes nothing. The administrator's password is its
 * standard input, since only root may see whether an account is locked.
 */
export function hostScript({ packages, files, mailboxes }: LookedAt): string {
  const words = (list: readonly string[]): string => list.map(quoteWord).join(" ");
  return `export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
IFS= read -r password || password=
section() { printf '%s%s\\n' '${sectionSign}' "$1"; }
has() { command -v "$1" >/dev/null 2>&1; }
section packages
dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' ${words(packages)} 2>/dev/null
if has postconf; then
  section postconf-n; postconf -n 2>/dev/null
  section postconf-complaints; postconf -n 2>&1 >/dev/null
  section postconf-M; postconf -M 2>/dev/null
fi
if has doveconf; then
  section doveconf-n; doveconf -n 2>/dev/null
  section doveconf-complaints; doveconf -n 2>&1 >/dev/null
fi
section services
for unit in postfix postfix@- dovecot; do
  printf '%s %s\\n' "$unit" "$(systemctl show -p LoadState -p ActiveState -p UnitFileState --value "$unit.service" | tr '\\n' ' ')"
done
section accounts
getent passwd | awk -F: '$3 >= 1000 && $3 < 60000 { print $1, $6, $7 }'
section passwords
users=$(getent passwd | awk -F: '$3 >= 1000 && $3 < 60000 { print $1 }')
for user in $users; do printf '%s\\n' "$password" | sudo -S -p '' passwd -S "$user" 2>/dev/null; done
section files
stat -c '%n %U:%G %a' ${words([...files, ...mailboxes])} 2>/dev/null
section mailname
cat /etc/mailname 2>/dev/null
section aliases
if [ -e /etc/aliases.db ]; then
  if [ /etc/aliases -nt /etc/aliases.db ]; then echo old; else echo current; fi
else
  echo missing
fi
for name in postconf-n postconf-M doveconf-n doveconf-d; do
  section "pristine-$name"; cat "${pristineFolder}/$name" 2>/dev/null
done
:
`;
}
