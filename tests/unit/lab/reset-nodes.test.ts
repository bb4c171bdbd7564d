import { describe, expect, it } from "vitest";
import { meantNodes, type MeantNodes } from "../../../src/lab/reset/reset-nodes.ts";
import { LabError } from "../../../src/model/lab-error.ts";
import { planTopology } from "../../../src/model/topology.ts";
import { configWith } from "../../support/default-config.ts";

/** What the names mean in a lab that was built with one configuration and has another one now. */
function meant(
  hosts: readonly string[],
  { built = "ja", now = built, stage }: { built?: "" | "ja"; now?: "" | "ja"; stage?: string } = {},
): MeantNodes | LabError {
  const { dns, desk, hosts: plans } = planTopology(configWith({ desk: built }));
  const outputs = {
    dns,
    ...(desk && { desk }),
    hosts: plans.map((plan) => ({ ...plan, hostKey: "" })),
    stage: "finished",
    network: { addressing: "docker", subnet: "192.168.1.0/24" } as const,
    owner: "",
  };
  try {
    return meantNodes("dev", configWith({ desk: now }), { outputs }, { hosts, stage });
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
}

describe("the nodes that a reset means", () => {
  it("are every mail host and the desk where none is named, and not the DNS server", () => {
    expect(meant([])).toEqual({ hosts: ["host1", "host2"], isDnsMeant: false, isDeskMeant: true });
    expect(meant([], { built: "" })).toMatchObject({ isDeskMeant: false });
  });

  it("are the named ones alone", () => {
    expect(meant(["host2"])).toEqual({ hosts: ["host2"], isDnsMeant: false, isDeskMeant: false });
    expect(meant(["desk", "dns"])).toEqual({ hosts: [], isDnsMeant: true, isDeskMeant: true });
  });

  it("are no desk where the lab has none, or is to have none any more", () => {
    expect(meant(["desk"], { built: "" })).toMatchObject({ code: "LAB_NO_DESK", exit: 2 });
    expect(meant(["desk"], { built: "ja", now: "" })).toMatchObject({ code: "LAB_NO_DESK" });
    expect(meant([], { built: "ja", now: "" })).toMatchObject({ isDeskMeant: false });
  });

  it("may be the desk at another stage, and never the DNS server", () => {
    expect(meant(["desk"], { stage: "exercise" })).toMatchObject({ hosts: [], isDeskMeant: true });
    expect(meant(["dns"], { stage: "exercise" })).toMatchObject({ code: "LAB_USAGE" });
  });
});
