import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import type { ServerChannel } from "ssh2";
import { generateSshKey, SSH_USER, startSshServer, type StartedSshServer } from "../support/ssh-server.ts";
import type { EngineProject } from "./engine-project.ts";

/**
 * Brings the recorded program of remote commands up against an ssh server in this process, which takes the place
 * of the recording's own (user `lab`, port 12222); the rest of the program is as recorded.
 */
export async function bringUpRemote(project: EngineProject): Promise<StartedSshServer> {
  const key = generateSshKey();
  const server = await startSshServer(runCommand, key.publicKey);
  const program = project.path("infra", "index.ts");
  const text = await readFile(program, "utf8");
  await writeFile(
    program,
    text.replace("port: 12222", `port: ${server.port}`).replace('user: "lab"', `user: "${SSH_USER}"`),
  );
  await writeFile(project.path("key"), key.privateKey, { mode: 0o600 });
  await project.pulumi(["up", "--yes", "--skip-preview"], { VARIANT: "base" });
  return server;
}

function runCommand(command: string, channel: ServerChannel): void {
  const child = spawn("/bin/sh", ["-c", command], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined); // a command that reads no input may end first
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.once("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}
