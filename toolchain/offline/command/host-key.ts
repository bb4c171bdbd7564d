import { createHash } from "node:crypto";
import { PluginError } from "../rpc/plugin-error.ts";

/** A server's public key, as `ssh-keyscan` and `*.pub` files write it. */
export interface HostKey {
  /** `ssh-ed25519` */
  readonly type: string;
  readonly blob: Buffer;
}

/**
 * Reads an OpenSSH public key line; options before it and a comment behind it are passed over.
 * @throws PluginError `PLUGIN_HOST_KEY_UNREADABLE`
 */
export function parseHostKey(line: string): HostKey {
  const words = line.trim().split(/\s+/);
  const index = words.findIndex((type, at) => embeddedType(words[at + 1] ?? "") === type);
  const [type, encoded] = words.slice(index);
  if (index < 0 || type === undefined || encoded === undefined) {
    throw new PluginError(
      "PLUGIN_HOST_KEY_UNREADABLE",
      "connection.hostKey is not an OpenSSH public key line",
      {
        hint: "It looks like: ssh-ed25519 AAAAC3Nza… (ssh-keyscan HOST prints it, after the host's name)",
      },
    );
  }
  return { type, blob: Buffer.from(encoded, "base64") };
}

/** The name of the key's type that the key itself begins with: four bytes of length, then the name (RFC 4253, 6.6). */
function embeddedType(encoded: string): string {
  const blob = Buffer.from(encoded, "base64");
  return blob.length < 4 ? "" : blob.toString("latin1", 4, 4 + blob.readUInt32BE(0));
}

/** The signature algorithms with which a key of this type can be shown; RSA keys have three (RFC 8332). */
export function hostKeyAlgorithms(type: string): string[] {
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [type];
}

/** A key's fingerprint, as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
