import { askEngine } from "./docker-engine.ts";

/** A line that a container's process wrote, and when. */
export interface ContainerLogLine {
  readonly atMs: number;
  readonly text: string;
}

/** As many lines as are looked at: those of weeks. */
const mostLines = 20_000;
/** Docker's frame (attach API): one byte for the stream, three empty, four for the length. */
const frameHeaderBytes = 8;

/** What a container's process has written, oldest first. */
export async function readContainerLog(host: string, id: string): Promise<readonly ContainerLogLine[]> {
  const output = await askEngine(host, (docker) =>
    docker.getContainer(id).logs({ stdout: true, stderr: true, timestamps: true, tail: mostLines }),
  );
  return unframed(output)
    .split("\n")
    .flatMap((line) => {
      const space = line.indexOf(" ");
      const atMs = Date.parse(line.slice(0, space));
      return Number.isNaN(atMs) ? [] : [{ atMs, text: line.slice(space + 1) }];
    });
}

/** Takes the frames off the output of a process without a terminal. */
function unframed(output: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + frameHeaderBytes <= output.length;) {
    const length = output.readUInt32BE(at + 4);
    parts.push(output.subarray(at + frameHeaderBytes, at + frameHeaderBytes + length));
    at += frameHeaderBytes + length;
  }
  return Buffer.concat(parts).toString("utf8");
}
