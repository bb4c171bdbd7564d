/**
 * An ssh server that lets one key in, for tests on a machine of their own: runs commands by the shell and carries
 * connections to the loopback, as sshd does. Its key and the allowed one come in the environment; it says its port on
 * the standard output and ends with its standard input.
 */
import { spawn } from "node:child_process";
import { connect, type AddressInfo } from "node:net";
import ssh2, { type Connection } from "ssh2";

// It is CommonJS, whose names Node.js does not find by itself.
const { Server, utils } = ssh2;
const loopback = "127.0.0.1";
const { SSH_HOST_KEY: hostKey = "", SSH_ALLOWED_KEY: allowedKey = "", SSH_PORT: port = "0" } = process.env;
const allowed = utils.parseKey(allowedKey);
if (allowed instanceof Error) throw allowed;

const server = new Server({ hostKeys: [hostKey] }, (client) => {
  // The type definitions leave this method out; without it each small packet waits 40 ms.
  (client as typeof client & { setNoDelay: (isOn: boolean) => void }).setNoDelay(true);
  client.on("error", () => undefined);
  client.on("authentication", (context) => {
    const isKnown =
      context.method === "publickey" &&
      context.key.data.equals(allowed.getPublicSSH()) &&
      (context.signature === undefined ||
        context.blob === undefined ||
        allowed.verify(context.blob, context.signature));
    if (isKnown) context.accept();
    else context.reject(["publickey"]);
  });
  client.on("session", (acceptSession) => {
    acceptSession().on("exec", (accept, _reject, { command }) => {
      const channel = accept();
      const child = spawn("sh", ["-c", command], { stdio: "pipe" });
      channel.pipe(child.stdin).on("error", () => undefined);
      child.stdout.pipe(channel, { end: false });
      child.stderr.pipe(channel.stderr, { end: false });
      channel.on("close", () => child.kill());
      child.on("close", (exitCode) => {
        channel.exit(exitCode ?? 1);
        channel.end();
      });
    });
  });
  carryConnections(client);
});

function carryConnections(client: Connection): void {
  client.on("tcpip", (accept, reject, { destIP, destPort }) => {
    const socket = connect({ host: destIP, port: destPort });
    socket.once("error", () => {
      reject();
    });
    socket.once("connect", () => {
      const channel = accept();
      socket.on("error", () => channel.destroy());
      channel.on("error", () => socket.destroy());
      channel.pipe(socket).pipe(channel);
    });
  });
}

server.listen(Number(port), loopback, () => {
  console.log((server.address() as AddressInfo).port);
});
process.stdin.resume().once("end", () => process.exit());
