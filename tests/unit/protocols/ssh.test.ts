import { PassThrough } from "node:stream";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { connectSsh } from "../../../src/protocols/ssh.ts";
import { silentInput } from "../../../src/protocols/ssh-command.ts";
import { fingerprintOf, parseHostKey } from "../../../src/protocols/ssh-host-key.ts";
import { generateSshKey, SSH_PASSWORD, SSH_USER, startSshServer } from "../../support/ssh-server.ts";

const LOGIN = { host: "127.0.0.1", user: SSH_USER, password: SSH_PASSWORD };

/** Echoes what it is sent, says a word on stderr, and ends with exit code 3. */
function startEchoServer() {
  return startSshServer((_command, channel) => {
    channel.stderr.write("on stderr");
    channel.on("data", (chunk: Buffer) => channel.write(chunk));
    channel.on("end", () => {
      channel.exit(3);
      channel.end();
    });
  });
}

describe("an ssh login", () => {
  it("runs a command with stdin and environment and gives its exit code and both outputs", async () => {
    await using server = await startEchoServer();
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });

    const result = await ssh.run("cat; false", { stdin: "テスト\n", env: { LANG: "ja_JP.UTF-8" } });

    expect(result).toMatchObject({ exitCode: 3, signal: undefined, stdout: "テスト\n", stderr: "on stderr" });
    expect(result.stdoutBytes).toEqual(Buffer.from("テスト\n"));
    expect(server.recorded).toMatchObject({ commands: ["cat; false"], env: { LANG: "ja_JP.UTF-8" } });
  });

  it("takes a private key instead of a password", async () => {
    const keys = generateSshKey();
    await using server = await startSshServer((_command, channel) => {
      channel.exit(0);
      channel.end();
    }, keys.publicKey);
    const target = { host: LOGIN.host, user: LOGIN.user, port: server.port, hostKey: server.hostKey };
    await using ssh = await connectSsh({ ...target, privateKey: keys.privateKey });

    expect((await ssh.run("true")).exitCode).toBe(0);
  });

  it("names the signal that ended a command", async () => {
    await using server = await startSshServer((_command, channel) => {
      channel.exit("TERM");
      channel.end();
    });
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });

    expect(await ssh.run("kill $$")).toMatchObject({ exitCode: undefined, signal: "TERM" });
  });

  it("refuses a server with another host key, naming both fingerprints", async () => {
    await using server = await startEchoServer();
    const other = generateSshKey().publicKey;

    const login = connectSsh({ ...LOGIN, port: server.port, hostKey: other });

    await expect(login).rejects.toMatchObject({ code: "LAB_SSH_WRONG_HOST_KEY" });
    await expect(login).rejects.toThrow(fingerprintOf(parseHostKey(other).blob));
    await expect(login).rejects.toThrow(fingerprintOf(parseHostKey(server.hostKey).blob));
  });

  it("says that a wrong password was refused", async () => {
    await using server = await startEchoServer();

    const login = connectSsh({ ...LOGIN, password: "wrong", port: server.port, hostKey: server.hostKey });

    await expect(login).rejects.toMatchObject({ code: "LAB_SSH_AUTH_REFUSED" });
  });

  it("gives up on a server that says nothing, naming the address and the time", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const hostKey = generateSshKey().publicKey;

    const login = connectSsh({ ...LOGIN, port, hostKey, deadlineMs: 50 });

    await expect(login).rejects.toThrow(
      `logging in by ssh at student@127.0.0.1:${port}: no answer in time (limit 0.05 s)`,
    );
    silent.close();
  });

  it("says that a command did not end in time, with what it had printed", async () => {
    await using server = await startSshServer((_command, channel) => {
      channel.write("halfway");
    });
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });

    const running = ssh.run("sleep 99", { deadlineMs: 50 });

    await expect(running).rejects.toMatchObject({ code: "LAB_SSH_COMMAND_TIMEOUT", details: ["halfway"] });
  });

  it("says that the connection was lost when it ends before the command", async () => {
    await using server = await startSshServer((_command, channel) => {
      channel.close();
    });
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });

    await expect(ssh.run("sleep 99")).rejects.toMatchObject({ code: "LAB_SSH_CONNECTION_LOST" });
  });
});

describe("an interactive ssh session", () => {
  /** A local terminal that records its mode. */
  function makeTerminal() {
    const modes: boolean[] = [];
    const stdin = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: (isRaw: boolean) => modes.push(isRaw),
    });
    const stdout = Object.assign(new PassThrough(), { columns: 100, rows: 40 });
    return { stdin, stdout, modes };
  }

  it("is raw meanwhile, follows the window, and gives the exit code", async () => {
    await using server = await startEchoServer();
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });
    const { stdin, stdout, modes } = makeTerminal();

    const session = ssh.shell({ stdin, stdout });
    stdin.write("typed");
    await new Promise((resolve) => stdout.once("data", resolve));
    expect(modes).toEqual([true]);
    Object.assign(stdout, { columns: 120, rows: 50 });
    stdout.emit("resize");
    stdin.end();

    expect(await session).toEqual({ exitCode: 3, signal: undefined });
    expect(modes).toEqual([true, false]);
    expect(server.recorded.pty).toMatchObject({ cols: 100, rows: 40 });
    expect(server.recorded.windows).toEqual([{ cols: 120, rows: 50 }]);
    expect(stdout.listenerCount("resize")).toBe(0);
  });

  it("restores the terminal when the connection is lost", async () => {
    await using server = await startSshServer((_command, channel) => {
      channel.close();
    });
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });
    const { stdin, stdout, modes } = makeTerminal();

    await expect(ssh.shell({ stdin, stdout })).rejects.toMatchObject({ code: "LAB_SSH_CONNECTION_LOST" });
    expect(modes).toEqual([true, false]);
  });

  it("ends at the signal, and gives the terminal back", async () => {
    await using server = await startEchoServer();
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });
    const { stdin, stdout, modes } = makeTerminal();
    const abort = new AbortController();

    const session = ssh.shell({ stdin, stdout }, abort.signal);
    stdin.write("typed");
    await new Promise((resolve) => stdout.once("data", resolve));
    abort.abort(new Error("that is all"));

    await expect(session).rejects.toThrow("that is all");
    expect(modes).toEqual([true, false]);
  });

  it("asks for no terminal where the local side is none", async () => {
    await using server = await startEchoServer();
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    const stderr = new PassThrough();

    const running = ssh.exec("cat", { stdin, stdout, stderr });
    stdin.end("a\nb\n");

    expect(await running).toEqual({ exitCode: 3, signal: undefined });
    expect(stdout.read()).toEqual(Buffer.from("a\nb\n"));
    expect(stderr.read()).toEqual(Buffer.from("on stderr"));
    expect(server.recorded.pty).toBeUndefined();
  });

  it("ends the command when the caller gives up", async () => {
    await using server = await startSshServer((_command, channel) => {
      channel.write("running");
    });
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });
    const abort = new AbortController();
    const stdout = new PassThrough();
    const streams = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };

    const running = ssh.exec("tail -f x", { ...streams, signal: abort.signal });
    await new Promise((resolve) => stdout.once("data", resolve));
    abort.abort();

    await expect(running).rejects.toMatchObject({ name: "AbortError" });
  });

  it("sends the signal to a command that reads nothing, when the caller gives up", async () => {
    await using server = await startSshServer((_command, channel) => {
      channel.write("running");
    });
    await using ssh = await connectSsh({ ...LOGIN, port: server.port, hostKey: server.hostKey });
    const abort = new AbortController();
    const stdout = new PassThrough();
    const streams = { stdin: silentInput(), stdout, stderr: new PassThrough() };

    const running = ssh.exec("tail -f x", { ...streams, signal: abort.signal });
    await new Promise((resolve) => stdout.once("data", resolve));
    abort.abort();

    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect(server.recorded.signals).toEqual(["TERM"]);
  });
});
