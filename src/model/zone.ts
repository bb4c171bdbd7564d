import type { MailHostPlan, Topology } from "./topology.ts";

/** A file of the DNS server: where it lands and what is in it. */
export interface DnsFile {
  readonly path: string;
  readonly content: string;
}

/** Folder of the DNS server's generated files; the image's named.conf includes `named.conf.lab` from it. */
const folder = "/etc/bind/lab";

/** Time to live of the zones' records: short, since people learn by changing them. */
const ttlSeconds = 300;

function zoneStatement(host: MailHostPlan): string {
  return `zone "${host.domain}" {
	type master;
	file "${folder}/db.${host.domain}";
};
`;
}

function zoneFile(topology: Topology, host: MailHostPlan): string {
  return `; Zone ${host.domain}: its DNS server, its mail host, and who receives its mail.
$TTL ${ttlSeconds}
@	IN	SOA	dns.${host.domain}. postmaster.${host.domain}. (
			1	; serial
			3600	; refresh
			900	; retry
			604800	; expire
			${ttlSeconds} )	; how long "no such name" may be remembered
@	IN	NS	dns.${host.domain}.
@	IN	MX	10 ${host.mailName}.
dns	IN	A	${topology.dns.address}
mail	IN	A	${host.address}
${host.name}	IN	A	${host.address}
`;
}

const closedRoot = `// Closed: this server holds an empty root zone, so every name it does not know is NXDOMAIN at once.
zone "." {
	type master;
	file "/etc/bind/db.closed";
	allow-query { lab; };
};
`;

const openRecursion = `// Open: other names are asked of the machine's resolver, for the lab only.
zone "." {
	type forward;
	forward only;
	forwarders { 127.0.0.11; };
};
`;

function namedConf(topology: Topology, upstream: boolean): string {
  return `// Written by the lab's Pulumi program from its configuration.
// Who belongs to the lab. The network's gateway is the machine outside, and no part of it.
acl lab { !${topology.gateway}; ${topology.subnet}; 127.0.0.0/8; };

${topology.hosts.map(zoneStatement).join("\n")}
${upstream ? openRecursion : closedRoot}`;
}

/** The DNS server's files: its configuration and one zone a mail domain (RFC 1035, section 5). */
export function dnsFiles(topology: Topology, upstream: boolean): readonly DnsFile[] {
  return [
    { path: `${folder}/named.conf.lab`, content: namedConf(topology, upstream) },
    ...topology.hosts.map((host) => ({
      path: `${folder}/db.${host.domain}`,
      content: zoneFile(topology, host),
    })),
  ];
}
