import type { Cause } from "../../../src/checks/cause.ts";
import { found, hostFacts, mainCf, onHost, type HostName, type Sabotage } from "../sabotage.ts";

/** A parameter of the chapter's table: on which host each row breaks it, and the other host's value. */
interface Parameter {
  readonly name: string;
  readonly missing: readonly [HostName, Cause];
  readonly misspelt: HostName;
  /** The other host's value, as it would be copied from the wrong column of the table. */
  readonly othersValue?: readonly [HostName, string];
}

const others = {
  host1: hostFacts.host2,
  host2: hostFacts.host1,
} as const;

const table: readonly Parameter[] = [
  {
    name: "myhostname",
    missing: ["host1", "parameter-missing"],
    misspelt: "host2",
    othersValue: ["host1", `mail.${others.host1.domain}`],
  },
  {
    name: "mydomain",
    missing: ["host2", "parameter-missing"],
    misspelt: "host1",
    othersValue: ["host2", others.host2.domain],
  },
  {
    name: "inet_interfaces",
    missing: ["host1", "parameter-missing"],
    misspelt: "host2",
    othersValue: ["host1", `localhost, ${others.host1.address}`],
  },
  {
    name: "mydestination",
    missing: ["host2", "parameter-missing"],
    misspelt: "host1",
    othersValue: ["host2", others.host2.domain],
  },
  { name: "mynetworks", missing: ["host1", "parameter-missing"], misspelt: "host2" },
];

const tableRows = table.flatMap(({ name, missing, misspelt, othersValue }): readonly Sabotage[] => {
  const id = `6.02/${name}` as const;
  const [host, cause] = missing;
  return [
    found(
      mainCf(`${name}-missing`, {
        on: host,
        title: { en: `main.cf: no ${name}`, ja: `main.cf: ${name}がない` },
        does: `postconf -X ${name}`,
      }),
      host,
      [id, cause],
    ),
    found(
      mainCf(`${name}-misspelt`, {
        on: misspelt,
        title: {
          en: `main.cf: ${name} misspelt as ${misspell(name)}`,
          ja: `main.cf: ${name}を${misspell(name)}と誤記`,
        },
        does: `sed -i 's/^${name} *=/${misspell(name)} =/' /etc/postfix/main.cf`,
      }),
      misspelt,
      [id, "parameter-misspelt"],
    ),
    ...(othersValue === undefined ? [] : [withOthersValue(name, ...othersValue)]),
  ];
});

/** The last letter typed twice, as in the book's own `mynetworkss`. */
function misspell(name: string): string {
  return `${name}${name.at(-1) ?? ""}`;
}

function withOthersValue(name: string, on: HostName, value: string): Sabotage {
  const { other } = hostFacts[on];
  return found(
    mainCf(`${name}-of-other-host`, {
      on,
      title: { en: `main.cf: ${name} is ${other}'s`, ja: `main.cf: ${name}が${other}の値` },
      does: `postconf -e ${name}='${value}'`,
    }),
    on,
    [`6.02/${name}`, "value-of-other-host"],
  );
}

/** The table of the section on main.cf. */
export const mainCfRows: readonly Sabotage[] = [
  ...tableRows,
  found(
    mainCf("localhost-left-out", {
      on: "host2",
      title: {
        en: "main.cf: inet_interfaces without localhost",
        ja: "main.cf: inet_interfacesにlocalhostがない",
      },
      does: "postconf -e inet_interfaces=192.168.1.13",
    }),
    "host2",
    ["6.02/inet_interfaces", "localhost-missing"],
  ),
  found(
    mainCf("own-address-left-out", {
      on: "host1",
      title: {
        en: "main.cf: inet_interfaces is localhost alone",
        ja: "main.cf: inet_interfacesがlocalhostだけ",
      },
      does: "postconf -e inet_interfaces=localhost",
    }),
    "host1",
    ["6.02/inet_interfaces", "own-address-missing"],
  ),
  found(
    mainCf("unknown-address", {
      on: "host2",
      title: {
        en: "main.cf: inet_interfaces has an address that the host does not have",
        ja: "main.cf: inet_interfacesにホストのものでないアドレスがある",
      },
      does: "postconf -e 'inet_interfaces=localhost, 192.168.1.99'",
    }),
    "host2",
    ["6.02/inet_interfaces", "own-address-missing"],
  ),
  found(
    mainCf("lab-network-left-out", {
      on: "host1",
      title: {
        en: "main.cf: mynetworks without 192.168.1.0/24",
        ja: "main.cf: mynetworksに192.168.1.0/24がない",
      },
      does: "postconf -e mynetworks=127.0.0.0/8",
    }),
    "host1",
    ["6.02/mynetworks", "network-missing"],
  ),
  found(
    mainCf("mynetworks-too-wide", {
      on: "host2",
      title: { en: "main.cf: mynetworks is the whole world", ja: "main.cf: mynetworksが全世界" },
      does: "postconf -e mynetworks=0.0.0.0/0",
    }),
    "host2",
    ["6.02/mynetworks", "relay-open"],
  ),
  found(
    mainCf("destination-without-domain", {
      on: "host1",
      title: {
        en: "main.cf: mydestination is the host's name, not its domain",
        ja: "main.cf: mydestinationがドメインではなくホスト名",
      },
      does: "postconf -e 'mydestination=$myhostname, localhost'",
    }),
    "host1",
    ["6.02/mydestination", "own-domain-missing"],
  ),
  found(
    mainCf("syntax-error", {
      on: "host2",
      title: { en: "main.cf: a line without an equals sign", ja: "main.cf: 等号のない行" },
      does: "printf 'relayhost\\n' >>/etc/postfix/main.cf",
    }),
    "host2",
    ["6.04/syntax", "configuration-unreadable"],
  ),
  found(
    onHost("not-restarted-after-change", {
      on: "host1",
      title: {
        en: "main.cf put right (localhost in inet_interfaces), Postfix not restarted",
        ja: "main.cfは直した（inet_interfacesのlocalhost）が、Postfixを再起動していない",
      },
      keeps: ["/etc/postfix/main.cf"],
      does: `right=$(postconf -h inet_interfaces)
postconf -e inet_interfaces=192.168.1.12
restart postfix
postconf -e inet_interfaces="$right"
touch -d '1 second' /etc/postfix/main.cf`,
      mends: "restart postfix",
    }),
    "host1",
    ["6.04/restarted", "not-restarted"],
  ),
];
