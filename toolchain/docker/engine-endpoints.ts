import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { z } from "zod";

const defaultSocket = "unix:///var/run/docker.sock";

const configSchema = z.object({ currentContext: z.string().optional() });
const contextSchema = z.object({
  Name: z.string(),
  Endpoints: z.object({ docker: z.object({ Host: z.string() }) }),
});

/** A place where a Docker engine may answer. */
export interface EngineEndpoint {
  /** `unix:///var/run/docker.sock`, `tcp://…`, `ssh://…`; a context's name where it may hold certificates. */
  readonly url: string;
  /** Where it was read: `DOCKER_HOST`, `context desktop-linux`, `default socket`. */
  readonly source: string;
  /** The plain `docker` command goes there too. */
  readonly isClientDefault: boolean;
  /** A person chose it for this shell; nothing else may take its place. */
  readonly isExplicit: boolean;
}

/**
 * Where to look for an engine, best first: what the `docker` command would use (DOCKER_HOST, DOCKER_CONTEXT, the
 * current context, the default socket), then, unless that was chosen for this shell, the other engines of this
 * machine. A remote engine is never picked unasked.
 */
export function engineEndpoints(environment: NodeJS.ProcessEnv): EngineEndpoint[] {
  const folder = environment["DOCKER_CONFIG"] || path.join(environment["HOME"] || os.homedir(), ".docker");
  const host = environment["DOCKER_HOST"];
  if (host) return [{ url: host, source: "DOCKER_HOST", isClientDefault: true, isExplicit: true }];
  const chosen = environment["DOCKER_CONTEXT"];
  const name = chosen || currentContext(folder);
  const current = contextUrl(folder, name);
  const first: EngineEndpoint = {
    url: current ?? defaultSocket,
    source: current === undefined ? "default socket" : `context ${name}`,
    isClientDefault: true,
    isExplicit: Boolean(chosen),
  };
  if (first.isExplicit) return [first];
  const others = [{ url: defaultSocket, source: "default socket" }, ...localContexts(folder)];
  const runtimeFolder = environment["XDG_RUNTIME_DIR"];
  if (runtimeFolder) others.push({ url: `unix://${runtimeFolder}/docker.sock`, source: "rootless socket" });
  const found = [first];
  for (const other of others) {
    if (!found.some(({ url }) => url === other.url)) {
      found.push({ ...other, isClientDefault: false, isExplicit: false });
    }
  }
  return found;
}

function currentContext(folder: string): string {
  const config = configSchema.safeParse(readJson(path.join(folder, "config.json")));
  return (config.success && config.data.currentContext) || "default";
}

function contextUrl(folder: string, name: string): string | undefined {
  if (name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const context = contextSchema.safeParse(readJson(path.join(folder, "contexts", "meta", id, "meta.json")));
  if (!context.success) return undefined;
  const url = context.data.Endpoints.docker.Host;
  // The docker command alone knows a context's certificates.
  return /^(unix|ssh|npipe):/.test(url) ? url : name;
}

/** The engine that somebody named: the only one that will do. */
export function namedEndpoint(engine: string): EngineEndpoint {
  return { url: engine, source: "engine", isClientDefault: false, isExplicit: true };
}

function localContexts(folder: string): { url: string; source: string }[] {
  const meta = path.join(folder, "contexts", "meta");
  return listFolder(meta).flatMap((id) => {
    const context = contextSchema.safeParse(readJson(path.join(meta, id, "meta.json")));
    if (!context.success) return [];
    const url = context.data.Endpoints.docker.Host;
    return url.startsWith("unix://") ? [{ url, source: `context ${context.data.Name}` }] : [];
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
