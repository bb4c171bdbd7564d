import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { execa } from "execa";
import type { EngineOfItsOwn } from "./engine-of-its-own.ts";

/** An engine that takes certificates, as a Docker context knows it. */
export interface EngineByTls extends AsyncDisposable {
  /** The context that has the right certificates, and one that has another authority's. */
  readonly contexts: { readonly right: string; readonly wrong: string };
  /** What a command needs to find the contexts. */
  readonly env: Readonly<Record<string, string>>;
}

const days = ["-days", "2"];

/** Puts TLS before an engine, with an authority and two certificates made for the test. */
export async function startEngineByTls(engine: EngineOfItsOwn): Promise<EngineByTls> {
  const folder = await mkdtemp(join(tmpdir(), "mail-lab-tls-"));
  const file = (name: string): string => join(folder, name);
  const openssl = (...words: readonly string[]) => execa("openssl", words, { cwd: folder });
  for (const authority of ["ca", "other-ca"]) {
    const key = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      `${authority}-key.pem`,
    ];
    await openssl("req", "-x509", ...key, "-out", `${authority}.pem`, "-subj", `/CN=${authority}`, ...days);
  }
  for (const [name, extension] of [
    ["server", "subjectAltName=IP:127.0.0.1"],
    ["client", "extendedKeyUsage=clientAuth"],
  ] as const) {
    const key = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      `${name}-key.pem`,
    ];
    await openssl(
      "req",
      "-x509",
      ...key,
      "-out",
      `${name}.pem`,
      "-subj",
      `/CN=${name}`,
      "-addext",
      extension,
      ...days,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca-key.pem",
      "-addext",
      "basicConstraints=critical,CA:FALSE",
    );
  }
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "server.pem", "server-key.pem"].map((name) => readFile(file(name))),
  );
  if (ca === undefined || cert === undefined || key === undefined) throw new Error("no certificates");
  const server = createServer({ ca, cert, key, requestCert: true }, (secure) => {
    const plain = connect(engine.host.replace("unix://", ""));
    secure.pipe(plain).pipe(secure);
    secure.on("error", () => plain.destroy());
    plain.on("error", () => secure.destroy());
  });
  server.on("tlsClientError", () => undefined); // a client with a wrong certificate is part of the tests
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { DOCKER_CONFIG: file("config") };
  for (const [name, authority] of [
    ["right", "ca"],
    ["wrong", "other-ca"],
  ] as const) {
    const own = `cert=${file("client.pem")},key=${file("client-key.pem")}`;
    const endpoint = `host=${host},ca=${file(`${authority}.pem`)},${own}`;
    await execa("docker", ["context", "create", name, "--docker", endpoint], { env });
  }
  return {
    contexts: { right: "right", wrong: "wrong" },
    env,
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
