import { describe, expect, it } from "vitest";
import { judgeFacts } from "../../../src/lab/doctor/judge-facts.ts";
import { engineValues, refuseUnfitSystemd } from "../../../src/lab/machine/engine-values.ts";
import { LabError } from "../../../src/model/lab-error.ts";
import { parseDockerFacts, type DockerFacts } from "../../../toolchain/docker/docker-facts.ts";
import { engineShapes } from "./engine-shapes.ts";
import { machineWith } from "./good-machine.ts";

function factsOf(info: Readonly<Record<string, unknown>>): DockerFacts {
  const facts = parseDockerFacts(info);
  if (facts === undefined) throw new Error("this is no engine's answer");
  return facts;
}

describe("what an engine decides of a lab's configuration", () => {
  it.each(engineShapes)("is read from what $name says", ({ info, values }) => {
    expect(engineValues(factsOf(info))).toEqual(values);
  });

  it.each(engineShapes)("is what the doctor says of $name", ({ info, values, complaints }) => {
    const findings = judgeFacts(machineWith(factsOf(info)));
    const levels = findings.filter(({ level }) => level !== "good").map(({ id, level }) => [id, level]);
    expect(Object.fromEntries(levels)).toEqual(complaints);
    const foundBy = (id: string) => findings.find((finding) => finding.id === id)?.found.en ?? "";
    expect(foundBy("cgroups")).toContain(`“${values.systemd}”`);
    expect(foundBy("engine-values")).toContain(`securityOpts=[${values.securityOpts.join(", ")}]`);
  });

  it("keeps the guards aside that the user's own way to the cgroups needs", () => {
    const facts = factsOf({
      ServerVersion: "28.5.2",
      CgroupVersion: "2",
      SecurityOptions: ["name=apparmor"],
    });
    expect(engineValues(facts, "entry")).toEqual({ systemd: "entry", securityOpts: ["apparmor=unconfined"] });
  });

  it.each([
    ["too old", { ServerVersion: "27.5.1", CgroupVersion: "2" }],
    ["on cgroup v1", { ServerVersion: "28.5.2", CgroupVersion: "1" }],
    ["rootless", { ServerVersion: "28.5.2", CgroupVersion: "2", SecurityOptions: ["name=rootless"] }],
  ])("refuses the user's writable-cgroups on an engine that is %s, and no entry", (_why, info) => {
    const facts = factsOf(info);
    expect(() => {
      refuseUnfitSystemd("writable-cgroups", facts);
    }).toThrow(LabError);
    expect(() => {
      refuseUnfitSystemd("entry", facts);
    }).not.toThrow();
  });
});
