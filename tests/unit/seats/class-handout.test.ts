import { describe, expect, it } from "vitest";
import type { LabOutputs } from "../../../src/lab/stack/lab-outputs.ts";
import { wayOf } from "../../../src/seats/class-handout.ts";

function published(listen?: string): Pick<LabOutputs, "network"> {
  const network = { addressing: "inside", subnet: "192.168.1.0/24" } as const;
  return { network: listen === undefined ? network : { ...network, listen } };
}

describe("what a student types behind the @", () => {
  it.each([
    ["the loopback, where ssh is published nowhere else", "", ""],
    ["the loopback of a lab that is older than publishing elsewhere", "unix:///run/docker.sock", undefined],
  ])("is %s", (_name, engine, listen) => {
    expect(wayOf(engine, published(listen))).toEqual({ address: "127.0.0.1" });
  });

  it("is the address that ssh is published on", () => {
    expect(wayOf("", published("192.0.2.9"))).toEqual({ address: "192.0.2.9" });
    expect(wayOf("ssh://lab@server-2", published("192.0.2.9"))).toEqual({ address: "192.0.2.9" });
  });

  it("is the engine's machine, where ssh is published on all of its addresses", () => {
    expect(wayOf("ssh://lab@server-2:2022", published("0.0.0.0"))).toEqual({ address: "server-2" });
  });

  it("is the loopback of a machine that is named, where that is not the one that the lab is made from", () => {
    expect(wayOf("ssh://lab@server-2", published(""))).toEqual({ address: "127.0.0.1", machine: "server-2" });
    expect(wayOf("room-2", published(""))).toEqual({ address: "127.0.0.1", machine: "room-2" });
  });

  it("is what the teacher says, whatever is published", () => {
    expect(wayOf("", published("0.0.0.0"), "lab.example.org")).toEqual({ address: "lab.example.org" });
    expect(wayOf("ssh://lab@server-2", published(""), "lab.example.org")).toEqual({
      address: "lab.example.org",
    });
  });
});
