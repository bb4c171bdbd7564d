/** Where a mail program finds the servers of a domain. */
export interface DomainServers {
  /** The mail domain, `example1.test`. */
  readonly domain: string;
  readonly host: string;
  readonly imapPort: number;
  readonly smtpPort: number;
}

/**
 * A domain's settings in the form that Thunderbird reads by itself (Mozilla's clientConfig 1.1): no connection security,
 * the password as it is, and the part before the @ as the user. It has no password in it.
 */
export function clientConfig({ domain, host, imapPort, smtpPort }: DomainServers): string {
  const login = `<socketType>plain</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILLOCALPART%</username>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="${domain}">
    <domain>${domain}</domain>
    <displayName>${domain} (mail-lab)</displayName>
    <displayShortName>${domain}</displayShortName>
    <incomingServer type="imap">
      <hostname>${host}</hostname>
      <port>${imapPort}</port>
      ${login}
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>${host}</hostname>
      <port>${smtpPort}</port>
      ${login}
    </outgoingServer>
  </emailProvider>
</clientConfig>
`;
}
