import { readContainerFile } from "../../engine/container-file.ts";
import { parseDnsQuestions, type DnsQuestion } from "../../model/dns-questions.ts";
import { LabError } from "../../model/lab-error.ts";

/** Where the DNS server keeps the questions, the older ones behind `.0`: named.conf.logging of its image. */
const questionsPath = "/var/cache/bind/questions.log";

/**
 * What the lab's DNS server was asked, oldest first.
 *
 * @param id - of its container, where there is one.
 * @returns `undefined` where nobody can say.
 */
export async function readQuestions(
  engine: string,
  id: string | undefined,
): Promise<readonly DnsQuestion[] | undefined> {
  if (id === undefined) return undefined;
  try {
    const newest = await readLog(engine, id, questionsPath);
    const older = await readLog(engine, id, `${questionsPath}.0`);
    return parseDnsQuestions(`${older}\n${newest}`);
  } catch (error) {
    if (error instanceof LabError) return undefined;
    throw error;
  }
}

/** The file's text; empty where there is none, since nothing has been asked yet. */
async function readLog(engine: string, id: string, path: string): Promise<string> {
  try {
    return (await readContainerFile(engine, id, path))?.toString("utf8") ?? "";
  } catch (error) {
    if (error instanceof LabError && error.code === "LAB_ENGINE_REFUSED") return "";
    throw error;
  }
}
