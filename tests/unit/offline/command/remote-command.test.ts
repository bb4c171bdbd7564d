import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import ssh2 from "ssh2";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { remoteCommand } from "../../../../toolchain/offline/command/remote-command.ts";
import { SshPool } from "../../../../toolchain/offline/command/ssh-pool.ts";
import type { PropertyMap } from "../../../../toolchain/offline/provider/resource.ts";
import { generateSshKey } from "../../../support/ssh-server.ts";
import { recordedContext } from "./operation-recorder.ts";
import { SshHost } from "./ssh-host.ts";

let host: SshHost;
let pool: SshPool;

beforeEach(async () => {
  host = await SshHost.start();
  pool = new SshPool();
});

afterEach(async () => {
  pool.close();
  await host[Symbol.asyncDispose]();
});

function connection(change: PropertyMap = {}): PropertyMap {
  return {
    host: "127.0.0.1",
    port: host.port,
    user: "lab",
    privateKey: host.privateKey,
    hostKey: host.hostKey,
    dialErrorLimit: 0,
    ...change,
  };
}

async function create(inputs: PropertyMap, context = recordedContext()): Promise<PropertyMap> {
  const { state } = await remoteCommand(pool).create({ connection: connection(), ...inputs }, context);
  return state;
}

describe("a remote command", () => {
  it("runs on the host and keeps both its outputs", async () => {
    host.onCommand = ({ channel }) => {
      channel.write("out\n");
      channel.stderr.write("warn\n");
      channel.exit(0);
      channel.end();
    };
    const context = recordedContext();
    expect(await create({ create: "x" }, context)).toMatchObject({ stdout: "out", stderr: "warn" });
    expect(context.lines.toSorted()).toEqual(["out", "warn"]);
  });

  it("gets its stdin, and an end of it", async () => {
    host.onCommand = ({ channel }) => {
      let input = "";
      channel.on("data", (piece: Buffer) => (input += piece.toString()));
      channel.on("end", () => {
        channel.write(`read ${input}`);
        channel.exit(0);
        channel.end();
      });
    };
    expect(await create({ create: "cat", stdin: "hush" })).toMatchObject({ stdout: "read hush" });
    expect(await create({ create: "cat" })).toMatchObject({ stdout: "read " });
  });

  it("fails with its exit code and its words", async () => {
    host.onCommand = ({ channel }) => {
      channel.stderr.write("oops\n");
      channel.exit(3);
      channel.end();
    };
    await expect(create({ create: "x" })).rejects.toThrow("the command failed with exit code 3:\noops");
  });

  it("logs in by password where there is no key", async () => {
    const withPassword = connection({ password: "hush-hush", privateKey: null });
    expect(await create({ create: "x", connection: withPassword })).toMatchObject({ stdout: "ran x" });
  });

  it("says so when the connection is lost on the way, and runs nothing twice", async () => {
    let runs = 0;
    host.onCommand = ({ drop }) => {
      runs += 1;
      drop();
    };
    await expect(create({ create: "x" })).rejects.toThrow(
      "the ssh connection was lost before the command ended",
    );
    expect(runs).toBe(1);
  });

  it("ends when the operation is cancelled", async () => {
    const cancel = new AbortController();
    const started = new Promise<void>((resolve) => {
      host.onCommand = () => {
        resolve();
      };
    });
    const outcome = expect(create({ create: "sleep" }, recordedContext(cancel.signal))).rejects.toThrow(
      "cancelled",
    );
    await started;
    cancel.abort(new Error("cancelled"));
    await outcome;
  });
});

describe("a remote command's environment", () => {
  const printEnvironment = (): void => {
    host.onCommand = ({ environment, channel }) => {
      channel.write(JSON.stringify(environment));
      channel.exit(0);
      channel.end();
    };
  };

  it("arrives where the server takes it", async () => {
    printEnvironment();
    host.acceptedVariables = ["A", "B"];
    expect(await create({ create: "x", environment: { A: "1", B: "2" } })).toMatchObject({
      stdout: '{"A":"1","B":"2"}',
    });
  });

  it("stops the command where the server would pass over it", async () => {
    let runs = 0;
    host.onCommand = () => (runs += 1);
    host.acceptedVariables = ["A"];
    await expect(create({ create: "x", environment: { A: "1", B: "2" } })).rejects.toThrow(
      "the ssh server does not take the environment variable B",
    );
    expect(runs).toBe(0);
  });

  it("holds the output of the run before, with a warning where the server passes over it", async () => {
    printEnvironment();
    const change = {
      id: "x",
      oldInputs: {},
      oldState: { stdout: "before", stderr: "" },
      news: { connection: connection(), create: "x" },
    };
    const refused = recordedContext();
    expect(await remoteCommand(pool).update(change, refused)).toMatchObject({ stdout: "{}" });
    expect(refused.warnings).toEqual([expect.stringContaining("does not take PULUMI_COMMAND_STDOUT")]);

    host.acceptedVariables = ["PULUMI_COMMAND_STDOUT"];
    pool.close();
    const accepted = recordedContext();
    expect(await remoteCommand(pool).update(change, accepted)).toMatchObject({
      stdout: '{"PULUMI_COMMAND_STDOUT":"before"}',
    });
    expect(accepted.warnings).toEqual([]);
  });
});

describe("the host key", () => {
  it("of another host ends it at once and names both keys", async () => {
    const other = generateSshKey().publicKey;
    const context = recordedContext();
    await expect(
      create({ create: "x", connection: connection({ hostKey: other, dialErrorLimit: 10 }) }, context),
    ).rejects.toThrow(/showed another host key \(SHA256:\S{43}\) than connection\.hostKey \(SHA256:\S{43}\)/);
    expect(context.lines).toEqual([]);
    expect(host.logins).toBe(0);
  });

  it("of another type ends it at once", async () => {
    const other = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }).public;
    await expect(
      create({ create: "x", connection: connection({ hostKey: other, dialErrorLimit: 10 }) }),
    ).rejects.toThrow("has no host key of the type ecdsa-sha2-nistp256");
  });

  it("is read with a host's name before it and a comment behind it", async () => {
    const line = `127.0.0.1 ${host.hostKey} root@host1`;
    expect(await create({ create: "x", connection: connection({ hostKey: line }) })).toMatchObject({
      stdout: "ran x",
    });
  });

  it("that is no key is refused before anything is dialled", async () => {
    await expect(create({ create: "x", connection: connection({ hostKey: "SHA256:abc" }) })).rejects.toThrow(
      "connection.hostKey is not an OpenSSH public key line",
    );
  });
});

describe("dialling", () => {
  it("is tried until the host is there", async () => {
    const { port } = host;
    const target = connection({ dialErrorLimit: -1, hostKey: null, privateKey: null, password: "hush-hush" });
    await host[Symbol.asyncDispose]();
    const context = recordedContext();
    const running = create({ create: "x", connection: target }, context);
    await vi.waitFor(() => {
      expect(context.lines[0]).toMatch(/^ssh: attempt 1 without limit failed \(connect ECONNREFUSED/);
    });
    host = await SshHost.start(port);
    expect(await running).toMatchObject({ stdout: "ran x" });
  });

  it("ends after the limit of failed attempts, with the last reason", async () => {
    const context = recordedContext();
    const wrong = connection({ password: "wrong", privateKey: null, dialErrorLimit: 2 });
    await expect(create({ create: "x", connection: wrong }, context)).rejects.toThrow(
      /^no ssh connection to 127\.0\.0\.1 port \d+ as lab after 3 attempts: .*authentication methods failed/,
    );
    expect(context.lines).toHaveLength(2);
  });

  it("gives up an attempt that gets no answer in time", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    await expect(
      create({ create: "x", connection: connection({ port, perDialTimeout: 0.05 }) }),
    ).rejects.toThrow("Timed out");
    silent.close();
  });

  it("ends at once when cancelled between attempts", async () => {
    const { port } = host;
    await host[Symbol.asyncDispose]();
    host = await SshHost.start();
    const cancel = new AbortController();
    const context = recordedContext(cancel.signal);
    const outcome = expect(
      create({ create: "x", connection: connection({ port, dialErrorLimit: -1 }) }, context),
    ).rejects.toThrow("cancelled");
    await vi.waitFor(() => {
      expect(context.lines).not.toEqual([]);
    });
    cancel.abort(new Error("cancelled"));
    await outcome;
  });

  it("is not begun with a private key that can't be read", async () => {
    await expect(
      create({ create: "x", connection: connection({ privateKey: "other", dialErrorLimit: 10 }) }),
    ).rejects.toThrow("connection.privateKey can't be read");
  });
});

describe("connections", () => {
  it("are used again by the next command to the same host", async () => {
    for (const text of ["a", "b", "c"]) {
      expect(await create({ create: text })).toMatchObject({ stdout: `ran ${text}` });
    }
    expect(host.logins).toBe(1);
  });

  it("serve one command at a time", async () => {
    await Promise.all([create({ create: "a" }), create({ create: "b" })]);
    expect(host.logins).toBe(2);
  });

  it("are not used again by a command that logs in otherwise", async () => {
    await create({ create: "a" });
    await create({ create: "b", connection: connection({ password: "hush-hush", privateKey: null }) });
    expect(host.logins).toBe(2);
  });

  it("are not used again after a command that failed", async () => {
    host.onCommand = ({ channel }) => {
      channel.exit(1);
      channel.end();
    };
    await expect(create({ create: "a" })).rejects.toThrow();
    await expect(create({ create: "b" })).rejects.toThrow();
    expect(host.logins).toBe(2);
  });

  it("are dialled anew when the host was restarted in between", async () => {
    await create({ create: "a" });
    host.dropConnections();
    expect(await create({ create: "b" })).toMatchObject({ stdout: "ran b" });
    expect(host.logins).toBe(2);
  });

  it("never lead to a host with another key that took the place of the first", async () => {
    const { port } = host;
    const first = connection();
    await create({ create: "a", connection: first });
    await host[Symbol.asyncDispose]();
    host = await SshHost.start(port);
    await expect(create({ create: "b", connection: first })).rejects.toThrow("showed another host key");
  });
});
