import type { PropertyMap } from "../provider/resource.ts";
import { isRecord } from "../rpc/values.ts";
import type { Shape } from "./command-inputs.ts";

/** How to reach a host: a remote command's `connection`. */
export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  /** In PEM or OpenSSH form. */
  readonly privateKey: string | undefined;
  readonly privateKeyPassword: string | undefined;
  readonly agentSocketPath: string | undefined;
  /** An OpenSSH public key line; without it any host is believed. */
  readonly hostKey: string | undefined;
  /** How many failed attempts are borne; -1 is no limit. */
  readonly dialErrorLimit: number;
  /** How long one attempt may take; 0 is no limit. */
  readonly perDialTimeoutSeconds: number;
}

/** The official plugin's defaults. */
const defaults = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 } as const;

/** What a `connection` may hold. */
export const connectionShape: Shape = {
  is: "record",
  required: ["host"],
  fields: {
    host: { is: "text" },
    port: { is: "number" },
    user: { is: "text" },
    password: { is: "text" },
    privateKey: { is: "text" },
    privateKeyPassword: { is: "text" },
    agentSocketPath: { is: "text" },
    hostKey: { is: "text" },
    dialErrorLimit: { is: "number" },
    perDialTimeout: { is: "number" },
    proxy: { is: "refused", because: "it connects to the host itself" },
  },
};

/**
 * What the official plugin marks secret in every program: the connection, and inside it the parts to log in with. It
 * takes a state without one of these marks for changed.
 */
export const secretConnectionParts = [
  "connection",
  "connection.password",
  "connection.privateKey",
  "connection.privateKeyPassword",
];

/** Puts the defaults into a connection; one that isn't known yet stays as it is. */
export function completeConnection(inputs: PropertyMap): PropertyMap {
  const connection = inputs["connection"];
  return connection !== undefined && isRecord(connection)
    ? { ...inputs, connection: { ...defaults, ...connection } }
    : inputs;
}

/** Reads a checked and completed connection. */
export function readTarget(inputs: PropertyMap): SshTarget {
  const given = inputs["connection"];
  const connection: PropertyMap = given !== undefined && isRecord(given) ? given : {};
  const text = (name: string): string | undefined => {
    const value = connection[name];
    return typeof value === "string" ? value : undefined;
  };
  const number = (name: "port" | "dialErrorLimit" | "perDialTimeout"): number => {
    const value = connection[name];
    return typeof value === "number" ? value : defaults[name];
  };
  return {
    host: text("host") ?? "",
    port: number("port"),
    user: text("user") ?? defaults.user,
    password: text("password"),
    privateKey: text("privateKey"),
    privateKeyPassword: text("privateKeyPassword"),
    agentSocketPath: text("agentSocketPath") ?? process.env["SSH_AUTH_SOCK"],
    hostKey: text("hostKey"),
    dialErrorLimit: number("dialErrorLimit"),
    perDialTimeoutSeconds: number("perDialTimeout"),
  };
}
