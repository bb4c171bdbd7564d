import { describe, expect, it } from "vitest";
import { declareLab, valueOf, type Declared, type DeclaredLab } from "./declared-lab.ts";

const containerType = "docker:index/container:Container";

/** Type and name of everything that was declared, in order of the alphabet. */
function namesOf({ resources }: DeclaredLab): readonly string[] {
  return resources.map(({ type, name }) => `${type} ${name}`).toSorted();
}

function deskOf({ resources }: DeclaredLab): Declared {
  const desk = resources.find(({ type, name }) => type === containerType && name === "desk");
  if (desk === undefined) throw new Error("no desk was declared");
  return desk;
}

/** The files that are put into the desk, by their paths: as a secret, else there are none. */
function filesOf(lab: DeclaredLab): Readonly<Record<string, string>> {
  const { value } = deskOf(lab).inputs["uploads"] as { value: readonly { file: string; content: string }[] };
  return Object.fromEntries(value.map(({ file, content }) => [file, content]));
}

describe("a lab without a desk", () => {
  it("declares just what it did before there were desks", async () => {
    const bare = await declareLab({ start: "exercise", stage: "exercise" });
    expect(namesOf(bare).filter((name) => name.includes("desk"))).toEqual([]);
    expect(bare.resources).toHaveLength(22);
    expect([bare.lab.desk, bare.lab.deskPassword]).toEqual([undefined, undefined]);
  });
});

describe("a lab with a desk", () => {
  it("declares its image and its container besides, and nothing else otherwise", async () => {
    const stage = { start: "exercise", stage: "exercise", baseImage: "mail-lab/debian-base:bookworm" };
    const bare = await declareLab(stage);
    const furnished = await declareLab({ ...stage, desk: "ja" });
    const before = new Set(namesOf(bare));
    expect(namesOf(furnished).filter((name) => !before.has(name))).toEqual([
      "command:local:Command desk-image",
      "docker:index/container:Container desk",
      "mail-lab:index:LabImage desk-image",
      "mail-lab:index:StudentDesk desk",
    ]);
    const host = ({ resources }: DeclaredLab) =>
      resources.find(({ type, name }) => type === containerType && name === "host1")?.inputs["envs"];
    expect(host(furnished)).toEqual(host(bare));
  });

  it("stands on a Debian base of its own where the hosts are Ubuntu", async () => {
    const { resources } = await declareLab({ desk: "ja", baseImage: "ubuntu:24.04" });
    const commands = Object.fromEntries(resources.map(({ name, inputs }) => [name, inputs["create"]]));
    expect(commands["desk-base-image"]).toContain("debian:bookworm");
    expect(commands["base-image"]).toContain("ubuntu:24.04");
  });

  it("publishes noVNC on the loopback alone, and has no right that outlives its entry", async () => {
    const { inputs } = deskOf(await declareLab({ desk: "en", publish: { desk: 6100 } }));
    expect(inputs).toMatchObject({
      name: "t-desk",
      hostname: "desk",
      ports: [{ internal: 6080, external: 6100, ip: "127.0.0.1", protocol: "tcp" }],
      capabilities: { adds: ["CAP_NET_ADMIN"] },
      securityOpts: ["no-new-privileges:true"],
      networksAdvanced: [{ ipv4Address: "192.168.1.122" }],
    });
    expect(inputs["envs"]).toEqual(
      expect.arrayContaining([
        "MAIL_LAB_ADDRESS=192.168.1.122/24",
        "MAIL_LAB_DNS=192.168.1.11",
        "MAIL_LAB_LANG=en",
      ]),
    );
    expect(inputs).not.toHaveProperty("privileged");
  });

  it("has the account in a finished lab and none where the chapter begins", async () => {
    const finished = await declareLab({ desk: "ja" });
    const account = JSON.parse(filesOf(finished)["/etc/mail-lab/desk/account.json"] ?? "") as unknown;
    const passwords = await valueOf(finished.lab.passwords);
    expect(account).toMatchObject({ address: "user1@example1.test", password: passwords["user1"] });
    const beginning = await declareLab({ desk: "ja", start: "exercise", stage: "exercise" });
    expect(Object.keys(filesOf(beginning))).toEqual(["/etc/mail-lab/desk/password"]);
  });

  it("stays as it is when the lab goes forward to the chapter's end", async () => {
    const file = ["/etc/mail-lab/desk/password"];
    expect(
      Object.keys(filesOf(await declareLab({ desk: "ja", start: "exercise", stage: "finished" }))),
    ).toEqual(file);
    expect(Object.keys(filesOf(await declareLab({ desk: "ja", starts: { desk: "exercise" } })))).toEqual(
      file,
    );
  });

  it("has the password in its file that the lab's outputs have", async () => {
    const furnished = await declareLab({ desk: "ja" });
    const { deskPassword } = furnished.lab;
    if (deskPassword === undefined) throw new Error("a lab with a desk has no password for it");
    expect(filesOf(furnished)["/etc/mail-lab/desk/password"]).toBe(`${await valueOf(deskPassword)}\n`);
  });
});
