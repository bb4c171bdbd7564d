import type { LabConfig } from "../../model/lab-config.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { deskName } from "../../model/topology.ts";
import { hostNamed, noDesk, type ShownOutputs } from "../stack/lab-outputs.ts";

/** What is to be as new. */
export interface ResetOptions {
  /** Names of hosts, `dns` and `desk` among them where they are meant; none for every mail host and the desk. */
  readonly hosts: readonly string[];
  /** The stage that these hosts then stand at; the one that they stand at already where none is given. */
  readonly stage?: string | undefined;
}

/** The nodes that are meant. */
export interface MeantNodes {
  readonly hosts: readonly string[];
  readonly isDnsMeant: boolean;
  readonly isDeskMeant: boolean;
}

/**
 * The nodes that are meant by their names.
 *
 * @throws LabError `LAB_NO_HOST`; `LAB_NO_DESK`; `LAB_USAGE` where a stage is given to the DNS server alone.
 */
export function meantNodes(
  stack: string,
  config: LabConfig,
  { outputs }: { readonly outputs: ShownOutputs },
  { hosts, stage }: ResetOptions,
): MeantNodes {
  const there = config.hosts.map(({ name }) => name);
  const isDnsMeant = hosts.includes(outputs.dns.name);
  // One that the configuration has no more is the next `up`'s to remove.
  const hasDesk = outputs.desk !== undefined && config.desk !== "";
  if (hosts.includes(deskName) && !hasDesk) throw noDesk(stack);
  const isDeskMeant = hasDesk && (hosts.length === 0 || hosts.includes(deskName));
  const named = new Set(hosts.filter((name) => name !== outputs.dns.name && name !== deskName));
  // One that was taken out of the configuration is the next `up`'s to remove, and one that was put in its to make.
  const built = outputs.hosts.filter(({ name }) => there.includes(name));
  for (const name of named) hostNamed({ ...outputs, hosts: built }, name);
  if (hosts.length === 0) return { hosts: built.map(({ name }) => name), isDnsMeant, isDeskMeant };
  if (stage !== undefined && named.size === 0 && !isDeskMeant) throw noStageOfDns();
  return { hosts: [...named], isDnsMeant, isDeskMeant };
}

function noStageOfDns(): LabError {
  return new LabError(
    "LAB_USAGE",
    {
      en: "--stage: the DNS server is the same at every stage of the chapter.",
      ja: "--stage: DNSサーバーはどの段階でも同じです。",
    },
    {
      hint: { en: "./lab reset dns, without --stage", ja: "./lab reset dns（--stageなし）" },
      exit: exitCode.usage,
    },
  );
}
