import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, realpath } from "node:fs/promises";
import { promisify } from "node:util";
import Docker from "dockerode";
import { pack } from "tar-stream";

const run = promisify(execFile);
/** What the tests' containers run; taken from this machine, with the libraries that it needs. */
const programs = ["/bin/sh", "/bin/sleep", "/bin/true", "/bin/false", "/bin/cat"];

/** Makes an image of a few programs of this machine, so that the tests need no registry. */
export async function importTinyImage(docker: Docker, repo: string, tag: string): Promise<string> {
  const libraries = await Promise.all(programs.map(librariesOf));
  const archive = pack();
  for (const name of new Set([...programs, ...libraries.flat()])) {
    archive.entry({ name: name.slice(1), mode: 0o755 }, await readFile(await realpath(name)));
  }
  for (const name of ["tmp", "run", "srv", "etc"]) archive.entry({ name, type: "directory", mode: 0o755 });
  archive.finalize();
  const response = await docker.importImage(archive as unknown as NodeJS.ReadableStream, { repo, tag });
  response.resume();
  await once(response, "end");
  return `${repo}:${tag}`;
}

async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await run("ldd", [program]);
  return [...stdout.matchAll(/(\/\S+) \(0x/gu)].map(([, path]) => path ?? "");
}
