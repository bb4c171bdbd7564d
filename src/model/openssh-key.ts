import { createPrivateKey, createPublicKey } from "node:crypto";

/** An Ed25519 key pair in the formats that OpenSSH and its clients read. */
export interface SshKeyPair {
  /** `-----BEGIN OPENSSH PRIVATE KEY-----`, no passphrase. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA… comment`, one line without a line end. */
  readonly publicKey: string;
}

const algorithm = "ssh-ed25519";
/** DER head of a PKCS #8 Ed25519 private key; the 32-byte seed follows (RFC 8410, section 7). */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");
/** Bytes of the DER head of an Ed25519 SubjectPublicKeyInfo; the 32-byte key follows. */
const spkiHeadBytes = 12;
const cipherBlockBytes = 8;
const pemLineLength = 70;

/** A string as RFC 4251, section 5, has it: length, then bytes. */
function sshString(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/**
 * The Ed25519 key pair that a 32-byte seed determines, in OpenSSH's formats (PROTOCOL.key of OpenSSH).
 *
 * @param seed - 32 secret bytes; the same seed gives the same key.
 */
export function sshKeyPairFromSeed(seed: Buffer, comment: string): SshKeyPair {
  const privateKey = createPrivateKey({
    key: Buffer.concat([pkcs8Head, seed]),
    format: "der",
    type: "pkcs8",
  });
  const publicBytes = createPublicKey(privateKey)
    .export({ format: "der", type: "spki" })
    .subarray(spkiHeadBytes);
  const publicBlob = Buffer.concat([sshString(algorithm), sshString(publicBytes)]);
  // The check number stands twice so that a reader can tell a wrong passphrase; without one any number serves.
  const check = Buffer.alloc(8);
  const secretPart = Buffer.concat([
    check,
    sshString(algorithm),
    sshString(publicBytes),
    sshString(Buffer.concat([seed, publicBytes])),
    sshString(comment),
  ]);
  const paddingBytes = (cipherBlockBytes - (secretPart.length % cipherBlockBytes)) % cipherBlockBytes;
  const padding = Buffer.from(Array.from({ length: paddingBytes }, (_, index) => index + 1));
  const keyCount = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    sshString("none"),
    sshString("none"),
    sshString(""),
    keyCount,
    sshString(publicBlob),
    sshString(Buffer.concat([secretPart, padding])),
  ]);
  const lines = blob.toString("base64").match(new RegExp(`.{1,${pemLineLength}}`, "g")) ?? [];
  return {
    privateKey: [
      "-----BEGIN OPENSSH PRIVATE KEY-----",
      ...lines,
      "-----END OPENSSH PRIVATE KEY-----",
      "",
    ].join("\n"),
    publicKey: `${algorithm} ${publicBlob.toString("base64")} ${comment}`,
  };
}
