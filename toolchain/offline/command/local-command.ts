import { statSync } from "node:fs";
import type { Resource } from "../provider/resource.ts";
import { isList } from "../rpc/values.ts";
import { PluginError } from "../rpc/plugin-error.ts";
import { commandInputs, type Shape } from "./command-inputs.ts";
import { commandResource, type CommandRun, readText } from "./command-resource.ts";
import { runProcessGroup } from "./process-group.ts";

const asset: Shape = { is: "refused", because: "it would return files as assets" };

/** Where a command runs that does not say it itself. */
export interface LocalSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
}

/** `command:local:Command`: runs on this machine, in a process group of its own. */
export function localCommand({ environment, folder }: LocalSurroundings): Resource {
  return commandResource({
    type: "command:local:Command",
    shapes: {
      ...commandInputs,
      dir: { is: "text" },
      interpreter: { is: "texts" },
      assetPaths: asset,
      archivePaths: asset,
    },
    required: [],
    secretInputs: [],
    shownInputs: [],
    complete: (inputs) => inputs,
    execute: async (run, context) => {
      const [file = "/bin/sh", ...options] = interpreter(run);
      await runProcessGroup(
        {
          file,
          arguments: [...options, run.command],
          folder: existingFolder(readText(run.inputs["dir"]) ?? folder),
          environment: { ...environment, ...run.environment, ...run.previousOutput },
          input: run.stdin,
        },
        run.output,
        context.signal,
      );
    },
  });
}

function interpreter(run: CommandRun): readonly string[] {
  const given = run.inputs["interpreter"];
  const parts = given !== undefined && isList(given) ? given.filter((part) => typeof part === "string") : [];
  return parts.length > 0 ? parts : ["/bin/sh", "-c"];
}

/** Node reports a missing folder as a missing program; this says what is the matter. */
function existingFolder(folder: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new PluginError("PLUGIN_FOLDER_MISSING", `dir ${folder} is not a folder on this machine`);
  }
  return folder;
}
