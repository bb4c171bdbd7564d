import { describe, expect, it } from "vitest";
import { resetTargets, type KnownResource } from "../../../src/lab/reset/reset-targets.ts";

const lab = "urn:pulumi:dev::mail-lab::mail-lab:index:MailLab::dev";
const prefix = "urn:pulumi:dev::mail-lab::mail-lab:index:MailLab$";

function component(type: string, name: string): KnownResource {
  return { urn: `${prefix}mail-lab:index:${type}::${name}`, type: `mail-lab:index:${type}`, parent: lab };
}

function child(parent: KnownResource, type: string, name: string): KnownResource {
  const [stack, project, types] = parent.urn.split("::");
  return {
    urn: `${stack ?? ""}::${project ?? ""}::${types ?? ""}$${type}::${name}`,
    type,
    parent: parent.urn,
  };
}

function host(name: string, stepIds: readonly string[]): readonly KnownResource[] {
  const node = component("MailHost", name);
  const chapter = component("HostChapter", `${name}-chapter`);
  return [
    node,
    child(node, "docker:index/container:Container", name),
    chapter,
    child(chapter, "command:local:Command", `${name}-stage`),
    ...stepIds.map((id) => child(chapter, "command:remote:Command", `${name}-${id}`)),
  ];
}

function image(name: string): readonly KnownResource[] {
  const own = component("LabImage", name);
  return [own, child(own, "command:local:Command", name)];
}

const dns = component("DnsServer", "dns");
const state: readonly KnownResource[] = [
  { urn: lab, type: "mail-lab:index:MailLab" },
  ...image("base-image"),
  ...image("dns-image"),
  ...image("mail-host-image"),
  dns,
  child(dns, "docker:index/container:Container", "dns"),
  ...host("host1", ["6.01", "6.02"]),
  // Its name begins as the other's does.
  ...host("host1-b", ["6.01", "6.02"]),
];
const images = { imagesInUse: ["base-image", "dns-image", "mail-host-image"], imagesLost: [] };

/** Resources by what stands after the lab's own types. */
const short = (urns: readonly string[]) => urns.map((urn) => urn.replace(prefix, "")).sort();

describe("what a reset touches", () => {
  it("is the host's container, its stage and its steps, and nothing of a host whose name begins alike", () => {
    const { replace, target } = resetTargets(state, {
      ...images,
      hosts: { host1: ["6.01", "6.02"] },
      isDnsRenewed: false,
      isDeskRenewed: false,
    });
    expect(short(replace)).toEqual(["mail-lab:index:MailHost$docker:index/container:Container::host1"]);
    expect(short(target)).toEqual([
      "mail-lab:index:HostChapter$command:local:Command::host1-stage",
      "mail-lab:index:HostChapter$command:remote:Command::host1-6.01",
      "mail-lab:index:HostChapter$command:remote:Command::host1-6.02",
      "mail-lab:index:HostChapter::host1-chapter",
      "mail-lab:index:MailHost$docker:index/container:Container::host1",
      "mail-lab:index:MailHost::host1",
    ]);
  });

  it("is steps that come or go with another stage, and the image that comes with it", () => {
    const { target } = resetTargets(state, {
      hosts: { host1: ["6.01", "6.05"] },
      isDnsRenewed: false,
      isDeskRenewed: false,
      imagesInUse: [...images.imagesInUse, "exercise-host-image"],
      imagesLost: [],
    });
    expect(short(target)).toEqual(
      expect.arrayContaining([
        "mail-lab:index:HostChapter$command:remote:Command::host1-6.02",
        "mail-lab:index:HostChapter$command:remote:Command::host1-6.05",
        "mail-lab:index:LabImage$command:local:Command::exercise-host-image",
        "mail-lab:index:LabImage::exercise-host-image",
      ]),
    );
    expect(short(target)).not.toEqual(expect.arrayContaining(["mail-lab:index:LabImage::mail-host-image"]));
  });

  it("is the image that no host has any more", () => {
    const { replace, target } = resetTargets(state, {
      hosts: { host1: [], "host1-b": [] },
      isDnsRenewed: false,
      isDeskRenewed: false,
      imagesInUse: ["base-image", "dns-image", "exercise-host-image"],
      imagesLost: [],
    });
    expect(short(target)).toEqual(expect.arrayContaining(["mail-lab:index:LabImage::mail-host-image"]));
    expect(replace).toHaveLength(2);
  });

  it("is an image that the engine has lost: it is made again", () => {
    const { replace } = resetTargets(state, {
      ...images,
      hosts: { host1: [] },
      isDnsRenewed: false,
      isDeskRenewed: false,
      imagesLost: ["mail-host-image"],
    });
    expect(short(replace)).toEqual([
      "mail-lab:index:LabImage$command:local:Command::mail-host-image",
      "mail-lab:index:MailHost$docker:index/container:Container::host1",
    ]);
  });

  it("makes a container that the state has lost, instead of replacing it", () => {
    const gone = state.filter(({ urn }) => !urn.endsWith("Container::host1"));
    const { replace, target } = resetTargets(gone, {
      ...images,
      hosts: { host1: [] },
      isDnsRenewed: false,
      isDeskRenewed: false,
    });
    expect(replace).toEqual([]);
    expect(short(target)).toEqual(
      expect.arrayContaining(["mail-lab:index:MailHost$docker:index/container:Container::host1"]),
    );
  });

  it("is the DNS server's container where that is meant", () => {
    const { replace } = resetTargets(state, {
      ...images,
      hosts: {},
      isDnsRenewed: true,
      isDeskRenewed: false,
    });
    expect(short(replace)).toEqual(["mail-lab:index:DnsServer$docker:index/container:Container::dns"]);
  });

  it("is the desk's container where that is meant, and no image of its own", () => {
    const desk = component("StudentDesk", "desk");
    const furnished = [
      ...state,
      ...image("desk-image"),
      desk,
      child(desk, "docker:index/container:Container", "desk"),
    ];
    const { replace, target } = resetTargets(furnished, {
      hosts: {},
      isDnsRenewed: false,
      isDeskRenewed: true,
      imagesInUse: [...images.imagesInUse, "desk-image"],
      imagesLost: [],
    });
    const container = "mail-lab:index:StudentDesk$docker:index/container:Container::desk";
    expect(short(replace)).toEqual([container]);
    expect(short(target)).toEqual([container, "mail-lab:index:StudentDesk::desk"]);
  });
});
