import { stepsOfStage } from "../../course/stage.ts";
import { administrator } from "../../model/lab-secrets.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { planTopology, type MailHostPlan, type Topology } from "../../model/topology.ts";
import { hostsMeant } from "../chapter/chapter-step.ts";
import { onHost } from "../access/connect.ts";
import type { LabContext } from "../lab-context.ts";
import { hostNamed, requireOutputs, type LabOutputs } from "../stack/lab-outputs.ts";
import { readLabConfig } from "../stack/stack-config.ts";
import { compareStates, type Difference } from "./compare-states.ts";
import { hostScript } from "./host-script.ts";
import { parseHostState, parsePristineState, type PristineState } from "./host-state.ts";
import { lookedAt, referenceState } from "./reference-state.ts";

/** What is to be compared. */
export interface DiffRequest {
  /** The step, or any stage, whose state is the reference; each host's own stage unless given. */
  readonly step: string | undefined;
  /** One host alone; all of them unless given. */
  readonly host: string | undefined;
}

/** How one host differs from its reference. */
export interface HostDiff {
  readonly host: string;
  /** The stage that it was compared with. */
  readonly stage: string;
  readonly differences: readonly Difference[];
  /** Why it could not be looked at. */
  readonly error?: LabError;
}

const lookDeadlineMs = 20_000;

/**
 * What differs on each host from the state in which the chapter's steps leave it. A host that can't be looked at says
 * why, and the others are compared all the same.
 *
 * @throws LabError `LAB_NOT_UP`, `LAB_STAGE`, `LAB_NO_HOST`
 */
export async function diffLab(context: LabContext, request: DiffRequest): Promise<readonly HostDiff[]> {
  const topology = planTopology(await readLabConfig(context.paths));
  const names = hostsMeant(topology, request.host);
  if (request.step !== undefined) stepsOfStage(request.step);
  const outputs = await requireOutputs(context);
  return await Promise.all(
    topology.hosts
      .filter(({ name }) => names.includes(name))
      .map((plan) => diffHost(context, outputs, topology, plan, request)),
  );
}

async function diffHost(
  context: LabContext,
  outputs: LabOutputs,
  topology: Topology,
  plan: MailHostPlan,
  { step }: DiffRequest,
): Promise<HostDiff> {
  const stage = step ?? outputs.stages?.[plan.name] ?? outputs.stage;
  try {
    const output = await look(context, outputs, topology, plan);
    const pristine = parsePristineState(output);
    if (pristine === undefined) throw noRecord(plan.name);
    return {
      host: plan.name,
      stage,
      differences: compare(output, pristine, stage, { host: plan, topology }),
    };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof LabError)) throw error;
    return { host: plan.name, stage, differences: [], error };
  }
}

function compare(
  output: string,
  pristine: PristineState,
  stage: string,
  where: { readonly host: MailHostPlan; readonly topology: Topology },
): readonly Difference[] {
  return compareStates(
    parseHostState(output),
    referenceState(stepsOfStage(stage), where, pristine),
    pristine,
  );
}

async function look(
  context: LabContext,
  outputs: LabOutputs,
  topology: Topology,
  plan: MailHostPlan,
): Promise<string> {
  const login = { user: administrator, signal: context.signal };
  return await onHost(outputs, hostNamed(outputs, plan.name), login, async (connection) => {
    const { stdout } = await connection.run(hostScript(lookedAt({ host: plan, topology })), {
      stdin: `${outputs.passwords[administrator] ?? ""}\n`,
      deadlineMs: lookDeadlineMs,
      signal: context.signal,
    });
    return stdout;
  });
}

function noRecord(host: string): LabError {
  return new LabError(
    "LAB_DIFF_NO_RECORD",
    {
      en: `${host} has no record of the packages' own configuration: it was built from an older image, or /usr/share/mail-lab was changed.`,
      ja: `${host}に、パッケージ既定の設定の記録がありません。古いイメージから作られたか、/usr/share/mail-labが変更されています。`,
    },
    {
      hint: {
        en: "./lab up --replace builds the host anew from today's image; its accounts and mail are lost",
        ja: "./lab up --replace で今のイメージから作り直せます（アカウントとメールは失われます）",
      },
      exit: exitCode.failed,
    },
  );
}
