import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labPaths } from "../../src/lab/lab-paths.ts";
import { setOwnValues } from "../../src/lab/stack/stack-config.ts";
import { lookUp } from "../../src/protocols/dns.ts";
import { connectSsh } from "../../src/protocols/ssh.ts";
import { expectWholeLab } from "../support/expect-whole-lab.ts";
import { LabInHand } from "../support/lab-in-hand.ts";
import { joinOtherMachine, whyNoOtherMachine, type OtherMachine } from "../support/other-machine.ts";

const suffix = randomBytes(3).toString("hex");
/** The classroom: this machine, and a student's. */
const cable = { here: "10.77.245.1", there: "10.77.245.50", prefixLength: 24 };
const classroom = "10.77.245";
const nobodys = "10.77.245.99";
/** One lab on a range of its own, and one on the classroom's. */
const ranges = { docker: "10.77.246", inside: classroom } as const;
type Addressing = keyof typeof ranges;
const addressings = ["docker", "inside"] as const;
const mailPorts = [25, 110, 143];
const buildTimeoutMs = 400_000;
const nameDeadlineMs = 60_000;

const missing = await whyNoOtherMachine();
if (missing !== undefined) console.error(`skipped: ssh for other machines: ${missing}`);

/** What `./lab status --json` says of where the lab can be reached. */
interface Reached {
  readonly listen: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly ports: Readonly<Record<string, number>>;
    readonly logins?: readonly string[];
  }[];
}

async function build(addressing: Addressing): Promise<LabInHand> {
  const stack = `listen-${addressing}-${suffix}`;
  const range = ranges[addressing];
  await setOwnValues(labPaths(stack), {
    subnet: `${range}.0/24`,
    hosts: [
      { name: "host1", domain: "example1.test", address: `${range}.12`, users: ["user1"] },
      { name: "host2", domain: "example2.test", address: `${range}.13`, users: ["user2"] },
    ],
  });
  return LabInHand.build(stack, undefined, ["--listen", cable.here]);
}

describe.skipIf(missing !== undefined)("a lab whose ssh is published for other machines", () => {
  const resources = new AsyncDisposableStack();
  const labs = new Map<Addressing, LabInHand>();
  let student: OtherMachine;

  const labOf = (addressing: Addressing): LabInHand => {
    const lab = labs.get(addressing);
    if (lab === undefined) throw new Error(`there is no lab with addresses ${addressing}`);
    return lab;
  };

  const readReached = async (lab: LabInHand): Promise<Reached> =>
    JSON.parse(await lab.good("status", "--json")) as Reached;

  /** Whether the student's machine gets a connection; what has to answer gets more time on a busy machine. */
  async function isOpen(address: string, port: number, seconds = 5): Promise<boolean> {
    const line = `timeout ${seconds} bash -c '</dev/tcp/${address}/${port}' 2>/dev/null`;
    return (await execa("env", [...student.enter, "sh", "-c", line], { reject: false })).exitCode === 0;
  }

  beforeAll(async () => {
    student = resources.use(await joinOtherMachine(cable));
    const built = await Promise.allSettled(
      addressings.map(async (addressing) => {
        labs.set(addressing, resources.use(await build(addressing)));
      }),
    );
    for (const result of built) if (result.status === "rejected") throw result.reason;
  }, buildTimeoutMs);

  afterAll(async () => {
    await resources.disposeAsync();
  }, buildTimeoutMs);

  describe.each(addressings)("with its addresses %s", (addressing) => {
    it("lets a student in from another machine by password, on each host", async () => {
      const lab = labOf(addressing);
      expect(lab.addressing).toBe(addressing);
      for (const { name, hostname, hostKey, ports } of lab.hosts) {
        const port = await student.reach(ports.ssh, cable.here);
        const password = lab.password("ubuntu");
        await using ssh = await connectSsh({ host: "127.0.0.1", port, user: "ubuntu", hostKey, password });
        expect((await ssh.run("hostname")).stdout.trim(), name).toBe(hostname);
      }
    });

    it("has nothing else there: no mail and no DNS", async () => {
      const { nodes } = await readReached(labOf(addressing));
      for (const { name, ports } of nodes) {
        for (const [service, port] of Object.entries(ports)) {
          const isSsh = service === "ssh";
          expect.soft(await isOpen(cable.here, port, isSsh ? 60 : 5), `${name} ${service}`).toBe(isSsh);
        }
        for (const port of [...mailPorts, 53]) expect.soft(await isOpen(cable.here, port)).toBe(false);
      }
      const dns = nodes.find(({ name }) => name === "dns")?.ports["dns"] ?? 0;
      const ask = `const { Resolver } = require("node:dns/promises");
        const resolver = new Resolver({ timeout: 2000, tries: 1 });
        resolver.setServers(["${cable.here}:${dns}"]);
        resolver.resolveMx("example1.test").then(() => console.log("answered"), ({ code }) => console.log(code));`;
      const { stdout } = await execa("env", [...student.enter, process.execPath, "--eval", ask]);
      expect(stdout).toMatch(/^(ECONNREFUSED|ETIMEOUT)$/);
    });

    it("has no mail for who comes by a route through the machine either", async () => {
      const { stack } = labOf(addressing);
      const containers = ["dns", "host1", "host2"].map((node) => `${stack}-${node}`);
      const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
      const { stdout } = await execa("docker", ["inspect", "--format", format, ...containers]);
      const places = stdout
        .split("\n")
        .flatMap((address) => [...mailPorts, 53].map((port) => ({ address, port })));
      // Side by side: what is dropped on its way, and not refused, is waited for.
      const tried = await Promise.all(
        places.map(async (place) => ({ ...place, isOpen: await isOpen(place.address, place.port) })),
      );
      expect(tried).toHaveLength(12);
      expect(tried.filter((place) => place.isOpen)).toEqual([]);
    });

    it("has all of it on the loopback, and carries mail", async () => {
      const lab = labOf(addressing);
      await expectWholeLab(lab);
      const { nodes } = await readReached(lab);
      const port = nodes.find(({ name }) => name === "dns")?.ports["dns"] ?? 0;
      const ask = { address: "127.0.0.1", port, deadlineMs: nameDeadlineMs };
      expect((await lookUp(ask, "example1.test", "MX")).code).toBe("NOERROR");
    });

    it("says what a student types, as status for programs and for people", async () => {
      const lab = labOf(addressing);
      const { listen, nodes } = await readReached(lab);
      expect(listen).toBe(cable.here);
      for (const { name, ports, logins } of nodes) {
        const login = [`ssh -p ${ports["ssh"] ?? 0} ubuntu@${cable.here}`];
        expect(logins, name).toEqual(name === "dns" ? undefined : login);
      }
      expect(await lab.good("status")).toContain(`From other machines:\n  ssh -p `);
    });

    it("keeps its hosts where another address is wanted, by name, and stays as it was", async () => {
      const lab = labOf(addressing);
      const before = await lab.containers();
      const refused = await lab.run("up", "--listen", "0.0.0.0");
      expect([refused.exitCode, refused.stderr]).toEqual([5, expect.stringContaining("[LAB_WOULD_REPLACE]")]);
      expect(refused.stderr).toMatch(/replace or remove (host1, host2|host2, host1):/);
      expect(refused.stderr).toMatch(/host1: .*\bports\b/);
      const foreign = await lab.run("up", "--listen", nobodys);
      expect([foreign.exitCode, foreign.stderr]).toEqual([
        2,
        expect.stringContaining(`hasn't the address ${nobodys}; it has`),
      ]);
      await lab.pulumi("refresh --yes --skip-preview");
      expect(JSON.parse(await lab.good("up", "--json"))).toMatchObject({
        isChanged: false,
        listen: cable.here,
      });
      expect(await lab.containers()).toEqual(before);
    });
  });
});
