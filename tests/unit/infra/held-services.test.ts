import { describe, expect, it } from "vitest";
import { declareLab } from "./declared-lab.ts";

/** What host1's first boot is told to leave alone. */
async function heldOf(changes: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  const { resources } = await declareLab(changes);
  const host = resources.find(
    ({ type, name }) => type === "docker:index/container:Container" && name === "host1",
  );
  const name = "MAIL_LAB_HELD_SERVICES=";
  return (host?.inputs["envs"] as readonly string[] | undefined)
    ?.find((entry) => entry.startsWith(name))
    ?.slice(name.length);
}

describe("a host's first boot", () => {
  it("leaves the services that the steps start to the steps, whatever the stage: it may rise", async () => {
    const services = "dovecot.service postfix.service";
    expect(await heldOf({ start: "finished", stage: "finished" })).toBe(services);
    expect(await heldOf({ start: "finished", stage: "6.02" })).toBe(services);
  });

  it("starts everything where the student installs the packages", async () => {
    expect(await heldOf({ start: "exercise", stage: "exercise" })).toBeUndefined();
  });
});
