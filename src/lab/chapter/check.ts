import { catalogue, foundation } from "../../checks/catalogue.ts";
import { stepOf, type CheckResult, type CheckStatus } from "../../checks/check.ts";
import { judgeLab, stepResults, type StepResult } from "../../checks/judge-lab.ts";
import type { CheckedHost, HostFailure } from "../../checks/observation.ts";
import { observeLab, type LabObservation, type LabToObserve } from "../../checks/observe-lab.ts";
import { stageOfHost } from "../../course/stage.ts";
import { steps } from "../../course/steps.ts";
import { readContainerLog } from "../../engine/container-log.ts";
import { listContainers, type EngineContainer } from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { readQuestions } from "../mail/dns-questions.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { hostNamed, requireOutputs, type LabOutputs } from "../stack/lab-outputs.ts";
import { strangersWay } from "./strangers-way.ts";

/** What is to be checked. */
export interface CheckRequest {
  /** Steps (`6.02`, `foundation`) or single checks (`6.02/mynetworks`); all where there is none. */
  readonly wanted: readonly string[];
  /** One host's lines alone; all unless given. */
  readonly host: string | undefined;
}

/** How a lab stands. */
export interface CheckReport {
  readonly stack: string;
  readonly stage: string;
  /** When it was looked at, RFC 3339. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The worst of all results. */
  readonly status: CheckStatus;
  readonly steps: readonly StepResult[];
  readonly results: readonly CheckResult[];
}

/** Looks at a lab again and again; the first look tries everything, a later one only what may have changed. */
export class LabCheck {
  readonly #context: LabContext;
  readonly #request: CheckRequest;
  readonly #outputs: LabOutputs;
  #previous: LabObservation | undefined;

  private constructor(context: LabContext, request: CheckRequest, outputs: LabOutputs) {
    this.#context = context;
    this.#request = request;
    this.#outputs = outputs;
  }

  /** @throws LabError `LAB_NO_STEP`, `LAB_NOT_UP`, `LAB_NO_HOST` */
  static async open(context: LabContext, request: CheckRequest): Promise<LabCheck> {
    requireKnownSteps(request.wanted);
    return LabCheck.of(context, request, await requireOutputs(context));
  }

  /**
   * For whoever has the lab's outputs at hand.
   *
   * @throws LabError `LAB_NO_HOST`
   */
  static of(context: LabContext, request: CheckRequest, outputs: LabOutputs): LabCheck {
    if (request.host !== undefined) hostNamed(outputs, request.host);
    return new LabCheck(context, request, outputs);
  }

  /** @throws LabError `LAB_STOPPED` where no container of the lab runs. */
  async run(): Promise<CheckReport> {
    const outputs = this.#outputs;
    const startedAt = new Date();
    const containers = await containersOf(this.#context, outputs);
    const lab = {
      hosts: outputs.hosts.map((host): CheckedHost => ({
        ...host,
        mailName: `mail.${host.domain}`,
        stage: stageOfHost({ stage: outputs.stage, stages: outputs.stages ?? {} }, host.name),
      })),
      dns: outputs.dns,
      subnet: outputs.network.subnet,
      addressing: outputs.network.addressing,
      passwords: outputs.passwords,
      sshKey: outputs.sshKey,
    };
    const observed = await observeLab({
      lab,
      signal: this.#context.signal,
      stopped: stoppedHosts(outputs, containers),
      readDnsLog: () => readDnsLog(this.#context, containers),
      readQuestions: () => readQuestions(engineOf(this.#context), containers.get("dns")?.id),
      // This machine's bridges are not those of an engine elsewhere, whatever their addresses.
      strangersWay: (host) =>
        this.#context.reach !== undefined && outputs.network.addressing === "docker"
          ? undefined
          : strangersWay(outputs, host),
      previous: this.#previous,
    });
    this.#previous = observed;
    const createdMs = new Map([...containers].map(([node, container]) => [node, container.createdMs]));
    const results = judgeLab({ lab, observed, createdMs }).filter((result) => this.#isWanted(result));
    const bySteps = stepResults(results);
    return {
      stack: this.#context.stack,
      stage: outputs.stage,
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      status: worstOf(bySteps),
      steps: bySteps,
      results,
    };
  }

  /** The foundation is always looked at: what is above it means nothing without. */
  #isWanted({ host, step, id }: CheckResult): boolean {
    const { wanted, host: wantedHost } = this.#request;
    if (wantedHost !== undefined && host !== wantedHost) return false;
    return wanted.length === 0 || step === foundation || wanted.includes(step) || wanted.includes(id);
  }
}

const order: readonly CheckStatus[] = ["passed", "not-yet", "unknown", "wrong"];

function worstOf(bySteps: readonly StepResult[]): CheckStatus {
  return order.findLast((status) => bySteps.some((step) => step.status === status)) ?? "passed";
}

/**
 * Refuses a word that is no step and no check.
 *
 * @throws LabError `LAB_NO_STEP` naming the steps that there are.
 */
export function requireKnownSteps(wanted: readonly string[]): void {
  const known = new Set([
    foundation,
    ...steps.map(({ id }) => id),
    ...catalogue.flatMap(({ id }) => [id, stepOf(id)]),
  ]);
  const stranger = wanted.find((word) => !known.has(word));
  if (stranger === undefined) return;
  throw new LabError(
    "LAB_NO_STEP",
    { en: `There is no step “${stranger}”.`, ja: `「${stranger}」という手順はありません。` },
    {
      hint: {
        en: `The steps: ${[foundation, ...steps.map(({ id }) => id)].join(" ")}`,
        ja: `手順: ${[foundation, ...steps.map(({ id }) => id)].join(" ")}`,
      },
      exit: exitCode.usage,
    },
  );
}

/** Node name to the lab's container for it. */
type Containers = ReadonlyMap<string, EngineContainer>;

async function containersOf(context: LabContext, outputs: LabOutputs): Promise<Containers> {
  const own = (await listContainers(engineOf(context))).filter(
    ({ labels }) => labels[labelNames.owner] === outputs.owner,
  );
  if (!own.some(({ state }) => state === "running")) {
    const { stack } = context;
    throw new LabError(
      "LAB_STOPPED",
      { en: `The lab ${stack} is stopped.`, ja: `ラボ${stack}は停止しています。` },
      {
        hint: { en: `./lab start --stack ${stack}`, ja: `./lab start --stack ${stack}` },
        exit: exitCode.unreachable,
      },
    );
  }
  return new Map(own.map((container) => [container.labels[labelNames.node] ?? "", container]));
}

function stoppedHosts({ hosts }: LabOutputs, containers: Containers): ReadonlyMap<string, HostFailure> {
  return new Map(
    hosts.flatMap(({ name }) => {
      const state = containers.get(name)?.state ?? "missing";
      if (state === "running") return [];
      const observed = { en: `its container is ${state}`, ja: `コンテナが動いていません（${state}）` };
      return [[name, { cause: "container-stopped", observed }] as const];
    }),
  );
}

/** The DNS server's log, which an engine may keep to itself. */
async function readDnsLog(
  context: LabContext,
  containers: Containers,
): Promise<Awaited<ReturnType<LabToObserve["readDnsLog"]>>> {
  const id = containers.get("dns")?.id;
  if (id === undefined) return undefined;
  try {
    return await readContainerLog(engineOf(context), id);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return undefined;
  }
}
