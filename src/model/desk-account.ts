import { servicePorts, type Topology } from "./topology.ts";

/** A server as a mail program is told of it. */
interface DeskServer {
  readonly host: string;
  readonly port: number;
}

/** The account that is set up on the desk of a finished lab; the desk's image reads it as JSON. */
export interface DeskAccount {
  /** What stands before the address in the mails. */
  readonly name: string;
  readonly address: string;
  /** The name to log in by. */
  readonly user: string;
  readonly password: string;
  /** IMAP, with no connection security. */
  readonly incoming: DeskServer;
  /** SMTP, with no connection security. */
  readonly outgoing: DeskServer;
}

/**
 * The account of the first host's first user, as the chapter sets it up in Thunderbird.
 *
 * @param passwords - account name to password.
 */
export function deskAccount(
  { hosts: [host] }: Topology,
  passwords: Readonly<Record<string, string>>,
): DeskAccount {
  const user = host?.users[0];
  if (host === undefined || user === undefined)
    throw new Error("a checked configuration has a host with a user");
  const password = passwords[user];
  if (password === undefined) throw new Error(`no password was derived for ${user}`);
  return {
    name: user,
    address: `${user}@${host.domain}`,
    user,
    password,
    incoming: { host: host.mailName, port: servicePorts.imap },
    outgoing: { host: host.mailName, port: servicePorts.smtp },
  };
}
