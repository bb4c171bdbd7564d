import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { configuredEngine, type BuildContext } from "./lab-context.ts";
import { chooseAddressing, choosePorts, engineValues } from "./machine-values.ts";
import { readLabConfig, readOwnValues, setOwnValues } from "./stack-config.ts";

/**
 * Writes into the stack's configuration what this machine decides: the engine, the base image, how systemd gets
 * its cgroups, who holds the addresses, and the ports. What the user set stays. Called for a lab of which nothing
 * is built yet; from then on the values stand until `down`.
 */
export async function settleMachineValues(context: BuildContext): Promise<void> {
  const chosenBefore = await readChosenKeys(context);
  const userValues = Object.fromEntries(
    Object.entries(await readOwnValues(context.paths)).filter(([key]) => !chosenBefore.has(key)),
  );
  const config = await readLabConfig(context.paths);
  const { toolchain } = context;
  const addressing = await chooseAddressing(context, config);
  const chosen: Record<string, unknown> = {
    ...engineValues(context),
    baseImage: toolchain.baseImage,
    engine: configuredEngine(context),
    addressing: addressing.addressing,
    carrierSubnet: addressing.carrierSubnet,
    publish: await choosePorts(config),
  };
  const values = Object.fromEntries(Object.entries(chosen).filter(([key]) => !(key in userValues)));
  await setOwnValues(context.paths, values);
  await writeChosenKeys(context, Object.keys(values));
  if ("addressing" in values && addressing.holder !== undefined) {
    context.report.say({
      en: `${config.subnet} is held by ${addressing.holder}: this lab's containers hold the addresses themselves (carrier network ${addressing.carrierSubnet}).`,
      ja: `${config.subnet}は使用中です（${addressing.holder}）。このラボではコンテナ自身がアドレスを持ちます（土台のネットワーク ${addressing.carrierSubnet}）。`,
    });
  }
}

/** Beside the stack's configuration: which of its keys the machine chose, so that a rebuilt lab may choose anew. */
function chosenKeysFile(context: BuildContext): string {
  return context.paths.stackConfig.replace(/\.yaml$/, ".chosen.json");
}

async function readChosenKeys(context: BuildContext): Promise<ReadonlySet<string>> {
  const file = chosenKeysFile(context);
  if (!existsSync(file)) return new Set();
  return new Set(JSON.parse(await readFile(file, "utf8")) as string[]);
}

async function writeChosenKeys(context: BuildContext, keys: readonly string[]): Promise<void> {
  const file = chosenKeysFile(context);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(keys));
}
