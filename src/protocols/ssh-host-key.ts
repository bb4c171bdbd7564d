import { createHash, timingSafeEqual } from "node:crypto";

/** A server's public key as `ssh-keygen` writes it: `ssh-ed25519 AAAA… comment`. */
export interface SshHostKey {
  /** The key's type, such as `ssh-ed25519`. */
  type: string;
  /** The key in the form it crosses the wire (RFC 4253, 6.6). */
  blob: Buffer;
}

/**
 * Reads an OpenSSH public key line.
 *
 * @throws TypeError naming the rule that the line breaks
 */
export function parseHostKey(line: string): SshHostKey {
  const [type = "", encoded = ""] = line.trim().split(/\s+/);
  const blob = Buffer.from(encoded, "base64");
  if (type === "" || blob.length < 4) {
    throw new TypeError(
      `hostKey: "${line.trim()}" is not an OpenSSH public key line (TYPE BASE64 [COMMENT])`,
    );
  }
  const typeInBlob = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
  if (typeInBlob !== type) {
    throw new TypeError(`hostKey: the line says ${type}, the key in it is "${typeInBlob}"`);
  }
  return { type, blob };
}

/** The fingerprint that `ssh-keygen -l` prints: `SHA256:` and base64 without padding. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** Whether both are the same key. */
export function isSameKey(expected: Buffer, offered: Buffer): boolean {
  return expected.length === offered.length && timingSafeEqual(expected, offered);
}

/** Signature algorithms by which a server may prove its key; the known key's own come first. */
export function hostKeyAlgorithms(type: string): string[] {
  const rsa = ["rsa-sha2-512", "rsa-sha2-256"];
  const own = type === "ssh-rsa" ? rsa : [type];
  const others = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", ...rsa];
  return [...own, ...others.filter((algorithm) => !own.includes(algorithm))];
}
