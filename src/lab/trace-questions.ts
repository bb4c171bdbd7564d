import { readContainerFile } from "../engine/container-file.ts";
import { listContainers } from "../engine/lab-objects.ts";
import { parseDnsQuestions, type DnsQuestion } from "../model/dns-questions.ts";
import { labelNames } from "../model/labels.ts";
import { LabError } from "../model/lab-error.ts";
import { engineOf, type LabContext } from "./lab-context.ts";
import type { LabOutputs } from "./lab-outputs.ts";

/** Where the DNS server keeps the questions, the older ones behind `.0`: named.conf.logging of its image. */
const questionsPath = "/var/cache/bind/questions.log";

/**
 * What the lab's DNS server was asked.
 *
 * @returns `undefined` where nobody can say: the server keeps no such log, or the engine doesn't give it.
 */
export async function readQuestions(
  context: LabContext,
  { owner }: LabOutputs,
): Promise<readonly DnsQuestion[] | undefined> {
  const engine = engineOf(context);
  try {
    const id = (await listContainers(engine)).find(
      ({ labels }) => labels[labelNames.owner] === owner && labels[labelNames.node] === "dns",
    )?.id;
    if (id === undefined) return undefined;
    const newest = await readContainerFile(engine, id, questionsPath);
    const older = await readContainerFile(engine, id, `${questionsPath}.0`).catch(nothingIfRefused);
    const log = [older, newest].map((part) => part?.toString("utf8") ?? "").join("\n");
    return parseDnsQuestions(log);
  } catch (error) {
    nothingIfRefused(error);
    return undefined;
  }
}

/** No file yet, or no engine to be asked, is no reason to tell nothing. */
function nothingIfRefused(error: unknown): undefined {
  if (error instanceof LabError) return undefined;
  throw error;
}
