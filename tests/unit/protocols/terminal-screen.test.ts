import { describe, expect, it } from "vitest";
import { TerminalScreen } from "../../../src/protocols/terminal-screen.ts";

describe("the text that went by on a terminal", () => {
  it("has the letter that follows a cursor's way back, as below apt's progress bar", async () => {
    const screen = new TerminalScreen({ rows: 24, cols: 80, term: "xterm" });
    await screen.show("\u001b7\u001b[24;0fProgress: [ 49%]\u001b8Setting up mailutils\r\n");
    expect(screen.textSince(0)).toBe("Progress: [ 49%]Setting up mailutils\n");
  });
});
