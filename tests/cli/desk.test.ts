import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstPageStatus } from "../../src/protocols/http.ts";
import { listByLabel, runLab } from "../support/lab-command.ts";

const stack = `desk-${randomBytes(3).toString("hex")}`;
const ofStack = ["--stack", stack];
const deskFolder = "/etc/mail-lab/desk";
/** The desk's image may have to be built. */
const buildMs = 1_200_000;

/** What `./lab desk --json` prints. */
interface DeskJson {
  readonly address: string;
  readonly port: number;
  readonly url: string;
  readonly directUrl: string;
  readonly password: string;
  readonly isAccountSetUp: boolean;
}

async function good(...words: readonly string[]): Promise<string> {
  const run = await runLab([...words, ...ofStack]);
  expect(run.exitCode, `${words.join(" ")}\n${run.stdout}\n${run.stderr}`).toBe(0);
  return run.stdout;
}

async function errorOf(
  ...words: readonly string[]
): Promise<{ code: string; message: string; exit: unknown }> {
  const { stdout, exitCode } = await runLab([...words, ...ofStack, "--json"]);
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
  return { ...error, exit: exitCode };
}

/** The engine's ids of some nodes' containers. */
async function idsOf(...nodes: readonly string[]): Promise<readonly string[]> {
  const names = nodes.map((node) => `${stack}-${node}`);
  const { stdout } = await execa("docker", ["inspect", "--format", "{{.Id}}", ...names]);
  return stdout.split("\n");
}

async function desk(): Promise<DeskJson> {
  return JSON.parse(await good("desk", "--json")) as DeskJson;
}

describe("the desk of a lab", () => {
  let hosts: readonly string[];
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "desk-"));
    await good("up", "--stage", "exercise");
    hosts = await idsOf("host1", "host2", "dns");
  }, buildMs);

  afterAll(async () => {
    await runLab(["down", ...ofStack, "--forget"]);
    await rm(folder, { recursive: true, force: true });
  });

  it("is missed by name where there is none, with the command that adds one", async () => {
    const { stderr, exitCode } = await runLab(["desk", ...ofStack]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`[LAB_NO_DESK]\n  Next: ./lab up --desk --stack ${stack}`);
  });

  it("is not needed for the settings of one's own Thunderbird, which are written and hold no password", async () => {
    const printed = await good("desk", "--local", "--folder", folder, "--json");
    const { accounts, files } = JSON.parse(printed) as {
      accounts: readonly { address: string; imapPort: number }[];
      files: readonly string[];
    };
    expect(accounts.map(({ address }) => address)).toEqual(["user1@example1.test", "user2@example2.test"]);
    expect(files).toHaveLength(2);
    const written = await readFile(join(folder, "example2.test.xml"), "utf8");
    expect(written).toContain(`<port>${accounts[1]?.imapPort ?? 0}</port>`);
    const passwords = Object.values(JSON.parse(await good("passwords", "--json")) as Record<string, string>);
    expect(passwords.filter((password) => written.includes(password))).toEqual([]);
  });

  it(
    "comes beside the hosts, which stay the same containers, and is there at the second up",
    async () => {
      await good("up", "--desk", "en");
      expect(await idsOf("host1", "host2", "dns")).toEqual(hosts);
      expect(JSON.parse(await good("up", "--desk", "--json"))).toMatchObject({
        isChanged: false,
        desk: { name: "desk", address: "192.168.1.122", language: "en" },
      });
      expect(JSON.parse(await good("status", "--json"))).toMatchObject({
        isUp: true,
        nodes: expect.arrayContaining([
          expect.objectContaining({ name: "desk", container: "running", services: { novnc: "active" } }),
        ]) as unknown,
      });
    },
    buildMs,
  );

  it("answers on the loopback alone, and opens by the password that no address but the direct one has", async () => {
    const { port, url, directUrl, password, isAccountSetUp } = await desk();
    expect([url, directUrl]).toEqual([
      `http://127.0.0.1:${port}/`,
      `http://127.0.0.1:${port}/#password=${password}`,
    ]);
    expect(isAccountSetUp).toBe(false);
    expect(await firstPageStatus({ address: "127.0.0.1", port })).toBe(200);
    const [container] = await idsOf("desk");
    const format = "{{json .HostConfig.PortBindings}} {{json .HostConfig.Privileged}} {{json .Mounts}}";
    const { stdout } = await execa("docker", ["inspect", "--format", format, container ?? ""]);
    expect(stdout).toBe(`{"6080/tcp":[{"HostIp":"127.0.0.1","HostPort":"${port}"}]} false []`);
  });

  it("is no mail host to the commands that work on those", async () => {
    const refused = {
      code: "LAB_NO_HOST",
      exit: 2,
      message: expect.stringContaining("no mail host") as unknown,
    };
    expect(await errorOf("check", "--host", "desk")).toMatchObject(refused);
    expect(await errorOf("goto", "6.02", "--host", "desk")).toMatchObject(refused);
  });

  it("is not replaced in passing: another language has to be meant", async () => {
    const [before] = await idsOf("desk");
    const { stderr, exitCode } = await runLab(["up", "--desk", "ja", ...ofStack]);
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining("[LAB_WOULD_REPLACE]\n  desk: envs")]);
    expect(await idsOf("desk")).toEqual([before]);
  });

  it("is as new after its reset, with the account where that is asked for; the hosts stay", async () => {
    const [before] = await idsOf("desk");
    const { port, password } = await desk();
    await good("reset", "desk", "--stage", "finished", "--yes");
    expect(await idsOf("desk")).not.toEqual([before]);
    expect(await idsOf("host1", "host2", "dns")).toEqual(hosts);
    expect(await desk()).toMatchObject({ port, password, isAccountSetUp: true });
    const { stdout } = await execa("docker", ["exec", `${stack}-desk`, "cat", `${deskFolder}/account.json`]);
    expect(JSON.parse(stdout)).toMatchObject({ address: "user1@example1.test", incoming: { port: 143 } });
    expect(JSON.parse(await good("up", "--json"))).toMatchObject({ isChanged: false });
  });

  it("goes with the lab", async () => {
    await good("down");
    expect(await listByLabel("container", `mail-lab.stack=${stack}`)).toEqual([]);
  });
});
