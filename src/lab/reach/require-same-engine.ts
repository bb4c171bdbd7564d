import { isElsewhere } from "../../../toolchain/docker/engine-route.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { configuredEngine, type LabContext } from "../lab-context.ts";

/**
 * Refuses to touch a lab that was built on another engine: the provider would find nothing there, believe that all
 * is well or gone, and leave the real containers behind.
 *
 * @param builtOn - the configuration's `engine`.
 * @throws LabError `LAB_OTHER_ENGINE` naming both.
 */
export function requireSameEngine(context: LabContext, builtOn: string): void {
  const current = configuredEngine(context);
  if (builtOn === current) return;
  const named = (engine: string): string => (engine === "" ? "the default engine" : engine);
  const namedJa = (engine: string): string => (engine === "" ? "既定のエンジン" : engine);
  throw new LabError(
    "LAB_OTHER_ENGINE",
    {
      en: `engine: the lab ${context.stack} is on ${named(builtOn)}; this shell's Docker is ${named(current)}.`,
      ja: `engine: ラボ${context.stack}のエンジンは${namedJa(builtOn)}ですが、このシェルのDockerは${namedJa(current)}です。`,
    },
    {
      hint:
        builtOn === ""
          ? {
              en: "unset DOCKER_HOST, or choose the Docker context that the lab is on",
              ja: "DOCKER_HOSTを外すか、ラボのあるDockerコンテキストを選んでください",
            }
          : { en: useEngine(builtOn), ja: useEngine(builtOn) },
      exit: exitCode.usage,
    },
  );
}

/** An engine elsewhere is gone to by itself where the shell names none; one of this machine has to be named. */
function useEngine(engine: string): string {
  if (isElsewhere(engine)) return "unset DOCKER_HOST DOCKER_CONTEXT";
  return `export DOCKER_HOST=${engine}`;
}
