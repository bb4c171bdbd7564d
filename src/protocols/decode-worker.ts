import { parentPort, workerData } from "node:worker_threads";
import type { DecodingTask } from "./decode-apart.ts";
import { decodeHead, decodeMail } from "./decode-mail.ts";

const task = workerData as DecodingTask;
if (task.kind === "mail") {
  parentPort?.postMessage(await decodeMail(task.source));
} else {
  const heads = [];
  for (const source of task.sources) heads.push(await decodeHead(source).catch(() => undefined));
  parentPort?.postMessage(heads);
}
