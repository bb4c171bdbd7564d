import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { generateSshKey } from "../../../support/ssh-server.ts";

/** What the host does with a command; the default prints what it was given. */
export type CommandHandler = (request: {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly channel: ServerChannel;
  readonly drop: () => void;
}) => void;

/** An ssh server in this process: one key pair for login, one as host key. */
export class SshHost implements AsyncDisposable {
  /** How many connections have logged in. */
  logins = 0;
  /** The variables that the server takes. */
  acceptedVariables: readonly string[] = [];
  onCommand: CommandHandler = ({ command, channel }) => {
    channel.write(`ran ${command}\n`);
    channel.exit(0);
    channel.end();
  };
  /** 0 before it has started. */
  port = 0;
  readonly privateKey: string;
  readonly hostKey: string;
  readonly #server: Server;
  readonly #sockets = new Set<Connection>();

  private constructor() {
    const login = generateSshKey();
    const host = generateSshKey();
    this.privateKey = login.privateKey;
    this.hostKey = host.publicKey;
    const allowed = publicBlob(login.publicKey);
    const ssh = new ssh2.Server({ hostKeys: [host.privateKey] }, (connection) => {
      this.#sockets.add(connection);
      connection
        .on("error", () => undefined)
        .on("authentication", (context) => {
          const isKey = context.method === "publickey" && context.key.data.equals(allowed);
          const isPassword = context.method === "password" && context.password === "hush-hush";
          if (context.username === "lab" && (isKey || isPassword)) {
            context.accept();
          } else {
            context.reject(["publickey", "password"]);
          }
        })
        .on("ready", () => {
          this.logins += 1;
        })
        .on("session", (accept) => {
          this.#serveSession(accept(), connection);
        })
        .on("close", () => this.#sockets.delete(connection));
    });
    // By way of a server of our own: as sshd, it must not wait to gather small packets.
    this.#server = createServer({ noDelay: true }, (socket) => {
      ssh.injectSocket(socket);
    });
  }

  /** Starts a host on a free port of the loopback, or on the given one. */
  static async start(port = 0): Promise<SshHost> {
    const host = new SshHost();
    host.#server.listen(port, "127.0.0.1");
    await once(host.#server, "listening");
    host.port = (host.#server.address() as AddressInfo).port;
    return host;
  }

  /** Ends every connection, as a host that is switched off. */
  dropConnections(): void {
    for (const connection of this.#sockets) {
      connection.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serveSession(session: ssh2.Session, connection: Connection): void {
    const environment: Record<string, string> = {};
    session
      .on("env", (accept, reject, { key, val }) => {
        // Replies are asked for by some clients only.
        if (this.acceptedVariables.includes(key)) {
          environment[key] = val;
          (accept as (() => void) | undefined)?.();
        } else {
          (reject as (() => void) | undefined)?.();
        }
      })
      .on("signal", (accept) => {
        (accept as (() => void) | undefined)?.();
      })
      .on("sftp", (accept) => {
        accept();
      })
      .on("exec", (accept, _reject, { command }) => {
        this.onCommand({ command, environment, channel: accept(), drop: () => connection.end() });
      });
  }
}

function publicBlob(line: string): Buffer {
  return Buffer.from(line.split(" ")[1] ?? "", "base64");
}
