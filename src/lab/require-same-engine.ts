import type { LabConfig } from "../model/lab-config.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import type { LabContext } from "./lab-context.ts";

/**
 * Refuses to touch a lab that was built on another engine: the provider would find nothing there, believe that all
 * is well or gone, and leave the real containers behind.
 *
 * @throws LabError `LAB_OTHER_ENGINE` naming both.
 */
export function requireSameEngine(context: LabContext, config: LabConfig): void {
  const current = context.toolchain.dockerHost ?? "";
  if (config.engine === current) return;
  const named = (engine: string): string => (engine === "" ? "the default engine" : engine);
  const namedJa = (engine: string): string => (engine === "" ? "既定のエンジン" : engine);
  throw new LabError(
    "LAB_OTHER_ENGINE",
    {
      en: `The lab ${context.stack} was built on ${named(config.engine)}; this shell's Docker is ${named(current)}.`,
      ja: `ラボ${context.stack}は${namedJa(config.engine)}で作られましたが、このシェルのDockerは${namedJa(current)}です。`,
    },
    {
      hint:
        config.engine === ""
          ? {
              en: "unset DOCKER_HOST, or choose the Docker context that the lab is on",
              ja: "DOCKER_HOSTを外すか、ラボのあるDockerコンテキストを選んでください",
            }
          : { en: `export DOCKER_HOST=${config.engine}`, ja: `export DOCKER_HOST=${config.engine}` },
      exit: exitCode.usage,
    },
  );
}
