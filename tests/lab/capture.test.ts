import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { PcapReader, type CapturedPacket } from "../../src/model/capture/pcap.ts";
import { tcpSegmentOf } from "../../src/model/capture/tcp-segment.ts";
import { lookUp } from "../../src/protocols/dns.ts";
import { LineConnection } from "../../src/protocols/line-connection.ts";
import { projectRoot, runLab } from "../support/lab-command.ts";
import {
  addressOf,
  type HostUnderTest,
  labUnderTest,
  logIn,
  LOOPBACK,
  mailHosts,
  passwordOf,
  userOf,
} from "../support/lab-under-test.ts";
import { sendAsUser } from "../support/sent-mail.ts";
import { showLabOnFailure } from "../support/show-lab-on-failure.ts";

showLabOnFailure();

// A mail that Postfix has put off once is tried again after 300 s.
const deadlineMs = 600_000;
const pollMs = 100;
const subject = "見える件名 captured";
const body = "本文もこのまま見えます。\n";
/** A client that is done may also reset the connection: Postfix does, where it does not wait for the server's last word. */
const isEnd = /-- (closed|broken off)/;
const cookedHeaderBytes = 16;
const ipv4Version = 4;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mail-lab-capture-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Starts `./lab capture` and gives it once it listens. */
async function startCapture(...words: readonly string[]) {
  const capture = execa(join(projectRoot, "lab"), ["capture", "--stack", labUnderTest().stack, ...words], {
    cwd: projectRoot,
    reject: false,
    stdin: "ignore",
    encoding: "buffer",
    timeout: deadlineMs,
    env: { LANG: "C.UTF-8", LC_ALL: "" },
  });
  onTestFinished(() => {
    capture.kill("SIGKILL");
  });
  const said = { out: "", err: "" };
  capture.stdout.on("data", (chunk: Buffer) => (said.out += chunk.toString("latin1")));
  capture.stderr.on("data", (chunk: Buffer) => (said.err += chunk.toString("utf8")));
  await until(
    "it listens",
    () => said.err.includes("Listening"),
    () => said.err,
  );
  return { capture, said };
}

async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  seen: () => string = () => "",
): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`waiting until ${what}:\n${seen()}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Says what a mail program says with the book's settings: IMAP's LOGIN, in clear. */
async function logInByImap(host: HostUnderTest): Promise<void> {
  using connection = await LineConnection.open("IMAP", { host: LOOPBACK, port: host.ports.imap, deadlineMs });
  const answered = { en: "an answer", ja: "応答" };
  await connection.readLine(answered);
  for (const line of [`a LOGIN ${userOf(host)} ${passwordOf(userOf(host))}`, "b LOGOUT"]) {
    connection.writeLine(line);
    while (!(await connection.readLine(answered)).toString().startsWith(`${line.slice(0, 1)} OK`));
  }
}

async function inspect(container: string, format: string): Promise<string> {
  return (await execa("docker", ["inspect", container, "--format", format])).stdout;
}

/** The containers that capture in the lab under test. */
async function capturers(): Promise<readonly string[]> {
  const { stack } = labUnderTest();
  const owner = await inspect(`${stack}-dns`, '{{index .Config.Labels "mail-lab.owner"}}');
  // What `down` and `doctor --orphans` go by.
  const labels = ["--filter", `label=mail-lab.stack=${stack}`, "--filter", `label=mail-lab.owner=${owner}`];
  const filters = [...labels, "--filter", `name=${stack}-capture-`];
  const { stdout } = await execa("docker", ["ps", "--all", ...filters, "--format", "{{.Names}}"]);
  return stdout === "" ? [] : stdout.split("\n").sort();
}

function read(bytes: Buffer): readonly CapturedPacket[] {
  return new PcapReader().take(bytes);
}

/** IPv4 packets, without the header that says how they were captured. */
function ipPackets(packets: readonly CapturedPacket[]): readonly string[] {
  return packets
    .map(({ bytes }) => bytes.subarray(cookedHeaderBytes))
    .filter((packet) => (packet[0] ?? 0) >> 4 === ipv4Version)
    .map((packet) => packet.toString("hex"));
}

describe("./lab capture", () => {
  it("has a mail's way across, each packet once, and the passwords in clear", async () => {
    const [host1, host2] = mailHosts();
    const file = join(folder, "lab.pcap");
    const { capture, said } = await startCapture("--file", file, "--dialogue");
    await sendAsUser(host1, addressOf(host2), { subject, body });
    const user = userOf(host1);
    await logInByImap(host1);
    await using ssh = await logIn(host1, user);
    await ssh.run("exec 3<>/dev/tcp/127.0.0.1/143; head -n 1 <&3");
    const heard = (): readonly string[] => Buffer.from(said.out, "latin1").toString("utf8").split("\n");
    const numberOf = (heading: RegExp): string =>
      heard().flatMap((line) => heading.exec(line)?.[1] ?? [])[0] ?? "none yet";
    const across = (): string => numberOf(/^\[(\d+)\] \S+ SMTP host1 .* → host2 /);
    const imap = (): string => numberOf(/^\[(\d+)\] \S+ IMAP outside .* → host1 /);
    const within = (): string => numberOf(/^\[(\d+)\] \S+ IMAP host1 \(127\.0\.0\.1:\d+\) → host1 \(127/);
    await until(
      "the conversations have ended",
      () =>
        [across(), imap(), within()].every((number) =>
          heard().some((line) => line.startsWith(`[${number}] -- `) && isEnd.test(line)),
        ),
      () => heard().join("\n"),
    );
    capture.kill("SIGINT");
    const { exitCode, timedOut } = await capture;
    expect({ exitCode, timedOut }, said.err).toEqual({ exitCode: 0, timedOut: false });
    expect(await capturers()).toEqual([]);

    const of = (number: string): readonly string[] =>
      heard()
        .filter((line) => line.startsWith(`[${number}] `))
        .map((line) => line.slice(number.length + 3));
    const submission = of(numberOf(/^\[(\d+)\] \S+ SMTP outside .* → host1 /));
    const clear = `user “${user}”, password “${passwordOf(user)}”`;
    expect(submission).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^S: 220 mail\.example1\.test/),
        "C: EHLO localhost",
        expect.stringMatching(/^C: AUTH PLAIN /),
        expect.stringContaining(clear),
        "C: DATA",
        `C: ${body.trim()}`,
        "C: .",
      ]),
    );
    expect(of(imap()).filter((line) => line.includes(" LOGIN "))[0]).toContain(passwordOf(user));
    expect(of(imap()).some((line) => line.includes(clear))).toBe(true);
    const relayed = of(across());
    const turn = relayed.findIndex((line) => line.includes("from here on encrypted"));
    expect(relayed[turn - 2]).toBe("C: STARTTLS");
    expect(relayed.slice(turn + 1)).toEqual([
      expect.stringMatching(
        /^-- (closed|broken off \(RST\)); encrypted: [1-9]\d* bytes of the client, [1-9]\d* of the server$/,
      ),
    ]);

    const packets = read(await readFile(file));
    expect(said.err).toContain(`${packets.length} packets captured.`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const ip = ipPackets(packets);
    expect(ip.filter((packet, index) => ip.indexOf(packet) !== index)).toEqual([]);
    const times = packets.map(({ atNs }) => atNs);
    expect(times).toEqual(times.toSorted((left, right) => Number(left - right)));
    const opening = packets
      .flatMap(({ bytes }) => tcpSegmentOf(bytes) ?? [])
      .filter(
        ({ isSyn, isAck, source, target }) =>
          isSyn &&
          (isAck ? source : target).address === host2.address &&
          (isAck ? source : target).port === 25,
      );
    expect(opening.map(({ isAck }) => isAck)).toEqual([false, true]);
    const image = await inspect(`${labUnderTest().stack}-dns`, "{{.Image}}");
    const tcpdump = ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "tcpdump", image];
    const shown = await execa("docker", [...tcpdump, "-n", "-r", "-"], { input: await readFile(file) });
    expect(shown.stdout.split("\n").length).toBeGreaterThanOrEqual(packets.length);
    expect(shown.stdout).toMatch(new RegExp(`${host1.address}.*MX\\? example2\\.test`));
  });

  it("gives them to a program that reads them, and ends at a number of packets", async () => {
    const { dns } = labUnderTest();
    const { capture } = await startCapture("--count", "4", "udp port 53");
    for (const kind of ["SOA", "MX", "NS"] as const) {
      await lookUp({ address: LOOPBACK, port: dns.port }, mailHosts()[0].domain, kind);
    }
    const { exitCode, stdout } = await capture;
    expect(exitCode).toBe(0);
    expect(read(Buffer.from(stdout))).toHaveLength(4);
  });

  it("says what it runs where, with fewer rights than any other container, and the engine keeps no packet", async () => {
    const { capture, said } = await startCapture("tcp port 25");
    const names = await capturers();
    expect(names.length).toBeGreaterThanOrEqual(3);
    const rights = ".CapDrop .CapAdd .SecurityOpt .ReadonlyRootfs .Privileged .Binds .LogConfig.Type";
    const format = rights.split(" ").map((field) => `{{json .HostConfig${field}}}`);
    for (const name of names) {
      expect((await inspect(name, format.join(" "))).replaceAll("CAP_", "")).toBe(
        '["ALL"] ["NET_RAW","SETUID","SETGID","KILL"] ["no-new-privileges"] true false null "none"',
      );
    }
    expect(said.err).toMatch(/^.*At .*host1, host2 runs: tcpdump -i any .*tcp port 25/m);
    capture.kill("SIGINT");
    expect((await capture).exitCode).toBe(0);
    expect(await capturers()).toEqual([]);
  });

  it("leaves no container and a whole file where it is killed", async () => {
    const file = join(folder, "killed.pcap");
    const { capture } = await startCapture("--file", file);
    expect((await capturers()).map((name) => name.replace(/^.*-capture-|-\w+$/g, ""))).toEqual([
      "dns",
      "host1",
      "host2",
    ]);
    capture.kill("SIGKILL");
    await capture;
    await until("the engine has removed them", async () => (await capturers()).length === 0);
    expect(read(await readFile(file))).toEqual(expect.any(Array));
    const again = await runLab(["capture", "--stack", labUnderTest().stack, "--file", file]);
    expect({ exitCode: again.exitCode, stderr: again.stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining("[LAB_CAPTURE_FILE]") as string,
    });
  });

  it("says what tcpdump says of a filter that it does not understand, and leaves nothing", async () => {
    const file = join(folder, "none.pcap");
    const words = ["capture", "--stack", labUnderTest().stack, "--file", file, "tcp", "prot", "25"];
    const { exitCode, stderr } = await runLab(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("[LAB_CAPTURE_FILTER]");
    expect(stderr).toContain("syntax error");
    await expect(stat(file)).rejects.toThrow("ENOENT");
    expect(await capturers()).toEqual([]);
  });
});
