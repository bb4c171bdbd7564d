import { describe, expect, it } from "vitest";
import { openingCommand } from "../../../src/cli/open-in-browser.ts";

describe("what opens an address", () => {
  it("is the desktop's own command", () => {
    expect(openingCommand("linux", { DISPLAY: ":0" })).toBe("xdg-open");
    expect(openingCommand("linux", { WAYLAND_DISPLAY: "wayland-0" })).toBe("xdg-open");
    expect(openingCommand("darwin", {})).toBe("open");
  });

  it("is nothing where there is no desktop", () => {
    expect(openingCommand("linux", { DISPLAY: "" })).toBeUndefined();
  });
});
