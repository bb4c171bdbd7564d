import { LabError } from "../model/lab-error.ts";
import { lookUp } from "../protocols/dns.ts";
import { crossMail } from "./crossing.ts";
import { HostLogin, HostNotObserved, loopback } from "./host-login.ts";
import { probeImap, probePop3, probeSmtpAuth, probeStrangersRelay } from "./login-probes.ts";
import type {
  CheckedHost,
  CheckedLab,
  CrossingObservation,
  DnsObservation,
  HostFailure,
  HostObservation,
  HostProbes,
  NameAnswer,
  NameAnswers,
  ObservedHost,
} from "./observation.ts";
import { observeHost } from "./observe-host.ts";

/** How a stranger to the lab reaches a host's port 25. */
export interface StrangersWay {
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string;
}

/** What is needed to look at a lab. */
export interface LabToObserve {
  readonly lab: CheckedLab;
  readonly signal: AbortSignal;
  /** What the engine said beforehand of a host that it does not run: nobody logs in there. */
  readonly stopped: ReadonlyMap<string, HostFailure>;
  readonly readDnsLog: () => Promise<DnsObservation["log"]>;
  readonly readQuestions: () => Promise<DnsObservation["questions"]>;
  /** `undefined` where this machine has no such way. */
  readonly strangersWay: (host: CheckedHost) => StrangersWay | undefined;
  /** The look before this one: where nothing has changed since, nothing is tried from outside again. */
  readonly previous?: LabObservation | undefined;
}

/** A lab as it was seen at one moment. */
export interface LabObservation {
  readonly hosts: readonly ObservedHost[];
  readonly dns: DnsObservation;
  /** What the hosts looked like, as far as a trial from outside may depend on it. */
  readonly fingerprint: string;
}

const dnsDeadlineMs = 3000;

/** The host that a host's user writes to: the next one, so that everybody gets a mail. */
export function peerOf<Host extends { readonly name: string }>(
  hosts: readonly Host[],
  name: string,
): Host | undefined {
  const index = hosts.findIndex((host) => host.name === name);
  return hosts[(index + 1) % hosts.length];
}

interface Look {
  readonly host: CheckedHost;
  readonly login?: HostLogin;
  readonly seen?: HostObservation;
  readonly failure?: HostFailure;
}

/**
 * Looks at every host and at the DNS server, then tries from outside what a lab at its stage can do: a mail of the
 * check's own from each host to the next, logins, a stranger's relay.
 */
export async function observeLab(request: LabToObserve): Promise<LabObservation> {
  const { lab, signal, previous } = request;
  const looks: Look[] = [];
  try {
    const [names, log, questions] = await Promise.all([
      askDns(lab, signal),
      request.readDnsLog(),
      request.readQuestions(),
      ...lab.hosts.map(async (host, index) => {
        looks[index] = await look(request, host);
      }),
    ]);
    const fingerprint = fingerprintOf(looks, names);
    const dns = { names, log, questions };
    if (previous?.fingerprint === fingerprint) {
      const hosts = previous.hosts.map((before, index): ObservedHost => {
        const seen = looks[index]?.seen;
        const peerPorts = before.seen?.peerPorts ?? {};
        return { ...before, seen: seen && { ...seen, peerPorts }, failure: looks[index]?.failure };
      });
      return { hosts, dns, fingerprint };
    }
    if (previous !== undefined) return await observeLab({ ...request, previous: undefined });
    const [crossings, probes] = await Promise.all([
      Promise.all(looks.map((from) => crossing(looks, from, signal))),
      Promise.all(looks.map((one) => probe(request, one))),
    ]);
    const hosts = looks.map(({ host, seen, failure }, index): ObservedHost => {
      const crossed = crossings[index];
      const tried = probes[index] ?? { imap: {}, pop3: {}, smtpAuth: {} };
      return {
        host,
        seen,
        failure,
        probes: { ...tried, ...(crossed === undefined ? {} : { crossing: crossed }) },
      };
    });
    return { hosts, dns, fingerprint };
  } finally {
    await Promise.all(looks.flatMap(({ login }) => (login === undefined ? [] : [login.close()])));
  }
}

/** All that was seen but what changes by itself, and by the look's own traces in the log. */
function fingerprintOf(looks: readonly Look[], names: NameAnswers): string {
  return JSON.stringify([
    names,
    looks.map(({ seen, failure }) => {
      if (seen === undefined) return failure;
      const { packages, postfix, dovecot, services, listeners, accounts, aliases } = seen;
      const mailboxes = Object.values(seen.mailboxes).map(({ kind, owner, mode }) => [kind, owner, mode]);
      return [packages, postfix, dovecot, services, listeners, accounts, aliases, mailboxes, seen.names];
    }),
  ]);
}

async function look({ lab, signal, stopped, previous }: LabToObserve, host: CheckedHost): Promise<Look> {
  const known = stopped.get(host.name);
  if (known !== undefined) return { host, failure: known };
  let login: HostLogin | undefined;
  try {
    login = await HostLogin.open(lab, host, signal);
    return { host, login, seen: await observeHost(login, lab, previous === undefined) };
  } catch (error) {
    await login?.close();
    if (error instanceof HostNotObserved) return { host, failure: error.failure };
    throw error;
  }
}

/** Whether a mail can be on its way to this host, or from it, at all: Postfix runs and the user is there. */
function canCarry({ host, seen }: Look): boolean {
  const user = host.users[0];
  if (user === undefined || seen?.postfix === undefined) return false;
  return seen.services.postfix.startedMs !== undefined && seen.accounts[user]?.uid !== undefined;
}

async function crossing(
  looks: readonly Look[],
  from: Look,
  signal: AbortSignal,
): Promise<CrossingObservation | undefined> {
  const to = looks.find(({ host }) => host.name === peerOf(looks.map(hostOf), from.host.name)?.name);
  if (to === undefined || !canCarry(from) || !canCarry(to)) return undefined;
  const [sender, receiver] = [endOf(from), endOf(to)];
  if (sender === undefined || receiver === undefined) return undefined;
  try {
    return await crossMail(sender, receiver);
  } catch (error) {
    signal.throwIfAborted();
    // A host that answered a moment ago and does not now: its mail is not there.
    if (!(error instanceof HostNotObserved)) throw error;
    return {
      to: `${receiver.user}@${to.host.domain}`,
      receivingHost: to.host.name,
      messageId: "",
      queueIds: [],
      outcome: "mail-stuck",
      words: error.message,
    };
  }
}

function hostOf({ host }: Look): CheckedHost {
  return host;
}

function endOf({ host, login, seen }: Look) {
  const [user] = host.users;
  return login === undefined || seen === undefined || user === undefined ? undefined : { login, seen, user };
}

/** Logs in from outside where somebody listens and somebody can: a refused login takes its time. */
async function probe(request: LabToObserve, { host, seen }: Look): Promise<Omit<HostProbes, "crossing">> {
  const { lab, signal } = request;
  const isListening = (port: number): boolean => seen?.listeners.some((one) => one.port === port) === true;
  const peer = peerOf(lab.hosts, host.name) ?? host;
  const recipient = `${peer.users[0] ?? "postmaster"}@${peer.domain}`;
  const users = host.users.filter((user) => seen?.accounts[user]?.uid !== undefined);
  const each = async <Result>(port: number, ask: (target: ReturnType<typeof targetOf>) => Promise<Result>) =>
    isListening(port)
      ? Object.fromEntries(
          await Promise.all(users.map(async (user) => [user, await ask(targetOf(user))] as const)),
        )
      : {};
  const targetOf = (user: string) => ({ host, user, password: lab.passwords[user] ?? "", signal });
  const way = isListening(25) ? request.strangersWay(host) : undefined;
  const [imap, pop3, smtpAuth, strangersRelay] = await Promise.all([
    each(143, probeImap),
    each(110, probePop3),
    each(25, (target) => probeSmtpAuth(target, recipient)),
    way && probeStrangersRelay(way, signal),
  ]);
  return { imap, pop3, smtpAuth, ...(strangersRelay === undefined ? {} : { strangersRelay }) };
}

/** Asks the DNS server itself for the names of the chapter. */
async function askDns({ hosts, dns }: CheckedLab, signal: AbortSignal): Promise<NameAnswers> {
  const target = { address: loopback, port: dns.port, deadlineMs: dnsDeadlineMs, signal };
  const questions = hosts.flatMap(({ domain, mailName }) => [
    { type: "MX", name: domain } as const,
    { type: "A", name: mailName } as const,
  ]);
  const answers = await Promise.all(
    questions.map(async ({ type, name }): Promise<[string, NameAnswer]> => {
      try {
        const { code, records } = await lookUp(target, name, type);
        const values = records.map((record) =>
          typeof record === "string" ? record : `${record.preference} ${record.exchange}`,
        );
        return [`${type} ${name}`, { status: code === "NODATA" ? "NOERROR" : code, values }];
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof LabError)) throw error;
        return [`${type} ${name}`, { status: "no-answer", values: [] }];
      }
    }),
  );
  return Object.fromEntries(answers);
}
