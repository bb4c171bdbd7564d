import { execa } from "execa";
import { waitUntil } from "../../src/protocols/wait-until.ts";
import { Marionette } from "../support/marionette.ts";

/** A slow machine may have its disk held up for half a minute. */
const deadlineMs = 90_000;

/** The lab's desk, entered by Docker: nothing but the screen is published. */
export class DeskContainer {
  readonly name: string;

  constructor(stack: string) {
    this.name = `${stack}-desk`;
  }

  /** Runs a line of the shell there; it has to go well. */
  async run(line: string, user = "student"): Promise<string> {
    const { stdout } = await execa("docker", [
      ...["exec", "--user", user, "--env", "DISPLAY=:1", this.name],
      ...["sh", "-c", line],
    ]);
    return stdout;
  }

  /** The loopback port of its screen. */
  async screenPort(): Promise<number> {
    const { stdout } = await execa("docker", ["port", this.name, "6080/tcp"]);
    return Number(/:(\d+)$/m.exec(stdout)?.[1]);
  }

  /** Waits for Thunderbird's main window, or for there being none. */
  async waitForThunderbird(isThere: boolean): Promise<void> {
    const awaited = isThere ? "Thunderbird's window" : "Thunderbird's end";
    const look = isThere ? "wmctrl -l | grep Thunderbird" : "! pgrep -x thunderbird-bin";
    await waitUntil({ awaited: `${awaited} on ${this.name}`, deadlineMs }, async () => {
      const shown = await this.run(`${look} || true`);
      const isTrue = isThere ? shown !== "" : (await this.run("pgrep -x thunderbird-bin || true")) === "";
      return isTrue ? true : undefined;
    });
  }

  /** Closes Thunderbird as a person does, by its window. */
  async closeThunderbird(): Promise<void> {
    await this.run("wmctrl -l | grep Thunderbird | while read -r w _; do wmctrl -i -c $w; done");
    await this.waitForThunderbird(false);
  }

  /** Starts Thunderbird as the panel does, but open to a remote control, which a student's never is. */
  async driveThunderbird(): Promise<Marionette> {
    const inSession = "xargs -0 -a /proc/$(pgrep -x -o openbox)/environ";
    const command = "desk-thunderbird --marionette --remote-allow-system-access";
    await execa("docker", [
      ...["exec", "--detach", "--user", "student", this.name],
      ...["sh", "-c", `${inSession} sh -c 'exec env "$@" ${command}' sh`],
    ]);
    await this.waitForThunderbird(true);
    await waitUntil({ awaited: "Thunderbird's remote control", deadlineMs }, async () => {
      return (await this.run("ss -ltnH 'sport = 2828'")) === "" ? undefined : true;
    });
    return await Marionette.over([
      ...["docker", "exec", "--interactive", "--user", "student", this.name],
      ...["nc", "-N", "127.0.0.1", "2828"],
    ]);
  }
}
