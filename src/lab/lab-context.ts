import type { BaseImagePart, CommonPart, DockerPart, PulumiPart } from "../../toolchain/ensure-toolchain.ts";
import type { ProgressReporter } from "../../toolchain/progress.ts";
import type { EngineMachine } from "../engine/engine-machine.ts";
import type { HostPorts } from "../model/lab-config.ts";
import type { LabPaths } from "./lab-paths.ts";

/** What every use case works with. */
export interface LabContext {
  /** The stack's name: one lab is one stack. */
  readonly stack: string;
  readonly paths: LabPaths;
  /** The engine and Pulumi. */
  readonly toolchain: CommonPart & DockerPart & PulumiPart;
  /** Where a use case says what it is doing. */
  readonly report: ProgressReporter;
  /** Aborted at Ctrl-C: running work ends in order and says so. */
  readonly signal: AbortSignal;
  /** The same for Pulumi's engine, which a second interrupt would make drop everything: where a terminal has
   * interrupted it already, aborted only when it does not end by that. */
  readonly engineSignal: AbortSignal;
  /** The way to the ports that labs publish on the engine's machine; absent where that is this machine. */
  readonly reach?: EngineReach | undefined;
}

/** The published ports of a lab, as its topology and its outputs have them. */
export interface LabPorts {
  readonly dns: { readonly port: number };
  readonly hosts: readonly { readonly ports: HostPorts }[];
  readonly desk?: { readonly port: number };
}

/** A way to the loopback of another machine, where an engine publishes a lab's ports. */
export interface EngineReach {
  /**
   * Makes a lab's ports lead there from the same ports of this machine's loopback, for as long as this process lives.
   *
   * @throws LabError `LAB_ENGINE_REACH`.
   */
  readonly open: (lab: LabPorts) => Promise<void>;
  /** What is in use on that machine; looked at once. */
  readonly look: () => Promise<EngineMachine>;
}

/** What a use case works with that builds a lab: with the image that the lab's images stand on. */
export interface BuildContext extends LabContext {
  readonly toolchain: CommonPart & DockerPart & PulumiPart & BaseImagePart;
}

const defaultSocket = "unix:///var/run/docker.sock";

/** The engine as the configuration key `engine` has it: its address, empty where it is the machine's own socket. */
export function configuredEngine(context: LabContext): string {
  return engineOf(context) === defaultSocket ? "" : engineOf(context);
}

/** The engine's address, for clients that know no Docker contexts. */
export function engineOf(context: LabContext): string {
  return context.toolchain.engineUrl;
}
