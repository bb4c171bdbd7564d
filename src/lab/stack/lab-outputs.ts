import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import type { Addressing, HostPorts, Start } from "../../model/lab-config.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { deskName, type DeskPlan } from "../../model/topology.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { listNamesakes } from "../lifecycle/namesakes.ts";
import { labStateOf, type LabState } from "./lab-state.ts";
import { exportState } from "./pulumi-stack.ts";

/** A mail host as the stack's outputs have it. */
export interface LabHost {
  readonly name: string;
  readonly hostname: string;
  readonly domain: string;
  readonly address: string;
  readonly users: readonly string[];
  readonly ports: HostPorts;
  readonly hostKey: string;
}

/** A lab that was built: the outputs of its stack. */
export interface LabOutputs {
  readonly hosts: readonly LabHost[];
  readonly dns: { readonly name: string; readonly address: string; readonly port: number };
  /** Absent where the lab has no desk. */
  readonly desk?: DeskPlan;
  /** What opens the desk; absent where the lab has none. */
  readonly deskPassword?: string;
  readonly stage: string;
  /** The stage that each host stands at; absent where the lab is older than that. */
  readonly stages?: Readonly<Record<string, string>>;
  /** What the hosts' containers were created as. */
  readonly start?: Start;
  /** The same of single hosts that were created otherwise. */
  readonly starts?: Readonly<Record<string, Start>>;
  readonly network: {
    readonly addressing: Addressing;
    readonly subnet: string;
    /** Where ssh is published besides the loopback; empty for nowhere, absent where the lab is older than that. */
    readonly listen?: string;
  };
  /** The machine's addresses that the lab's guard knows; absent where the lab is older than that. */
  readonly machine?: readonly string[];
  readonly owner: string;
  /** Account name to password. */
  readonly passwords: Readonly<Record<string, string>>;
  /** The private key that opens ssh on every host. */
  readonly sshKey: string;
}

/** What of a lab's outputs is no secret. */
export type ShownOutputs = Omit<LabOutputs, "passwords" | "deskPassword" | "sshKey">;

/**
 * The outputs of the context's lab.
 *
 * @throws LabError `LAB_NOT_UP` where it is not built.
 */
export async function requireOutputs(context: LabContext): Promise<LabOutputs> {
  return (await requireBuilt(context)).outputs;
}

/** A state with outputs: that of a lab that was whole once. */
export type BuiltState = LabState & { readonly outputs: LabOutputs };

/**
 * The state of the context's lab.
 *
 * @throws LabError `LAB_NOT_UP` where it is not built.
 */
export async function requireBuilt(context: LabContext): Promise<BuiltState> {
  return await builtStateOf(context, await exportState(context));
}

/**
 * The same out of an export that was made already.
 *
 * @throws LabError `LAB_NOT_UP` where it is not built.
 */
export async function builtStateOf(
  context: LabContext,
  exported: Deployment | undefined,
): Promise<BuiltState> {
  const state = exported && labStateOf(exported);
  if (state?.outputs !== undefined) {
    await context.reach?.open(state.outputs);
    return { ...state, outputs: state.outputs };
  }
  throw new LabError(
    "LAB_NOT_UP",
    { en: `The lab ${context.stack} is not up.`, ja: `ラボ${context.stack}は立ち上がっていません。` },
    {
      // Whoever sees such a lab run on this engine must not take it for this one.
      details: await listNamesakes(engineOf(context), context.stack, state?.owner),
      hint: { en: `./lab up --stack ${context.stack}`, ja: `./lab up --stack ${context.stack}` },
      exit: exitCode.unreachable,
    },
  );
}

/** What `status` shows only when asked; empty where the lab is not up. */
export async function readSecrets(
  context: LabContext,
): Promise<Partial<Pick<LabOutputs, "passwords" | "deskPassword" | "sshKey">>> {
  const exported = await exportState(context);
  const outputs = exported && labStateOf(exported).outputs;
  if (outputs === undefined) return {};
  const { passwords, deskPassword, sshKey } = outputs;
  return { passwords, ...(deskPassword !== undefined && { deskPassword }), sshKey };
}

/**
 * The host of that name.
 *
 * @throws LabError `LAB_NO_HOST` naming the hosts that there are.
 */
export function hostNamed(outputs: Pick<LabOutputs, "hosts">, name: string): LabHost {
  const host = outputs.hosts.find((candidate) => candidate.name === name);
  if (host !== undefined) return host;
  if (name === deskName) throw noMailHost(outputs);
  const names = outputs.hosts.map((candidate) => candidate.name).join(", ");
  throw new LabError(
    "LAB_NO_HOST",
    {
      en: `There is no host “${name}”; the lab has ${names}.`,
      ja: `ホスト「${name}」はありません。あるのは${names}です。`,
    },
    {
      hint: { en: "./lab status lists the hosts", ja: "./lab status でホストの一覧が見られます" },
      exit: exitCode.usage,
    },
  );
}

/** The desk is a node of the lab that nobody logs in to, and where nothing of the chapter is applied. */
function noMailHost({ hosts }: Pick<LabOutputs, "hosts">): LabError {
  const names = hosts.map(({ name }) => name).join(", ");
  return new LabError(
    "LAB_NO_HOST",
    {
      en: `“${deskName}” is the desk with Thunderbird and no mail host; this is for ${names}.`,
      ja: `「${deskName}」はThunderbirdのあるデスクで、メールホストではありません。指定できるのは${names}です。`,
    },
    {
      hint: { en: "./lab desk says how to get to it", ja: "デスクの開き方は ./lab desk" },
      exit: exitCode.usage,
    },
  );
}

/** The lab has no desk, and how it gets one. */
export function noDesk(stack: string): LabError {
  return new LabError(
    "LAB_NO_DESK",
    { en: `The lab ${stack} has no desk.`, ja: `ラボ${stack}にデスクはありません。` },
    {
      hint: {
        en: `./lab up --desk --stack ${stack} adds one; the hosts stay as they are`,
        ja: `./lab up --desk --stack ${stack} で追加できます（ホストはそのままです）`,
      },
      exit: exitCode.usage,
    },
  );
}
