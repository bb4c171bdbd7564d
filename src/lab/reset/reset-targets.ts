import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import { deskName } from "../../model/topology.ts";
import { resourceName } from "../stack/run-engine.ts";

/** A resource as a stack's state has it, as far as its place in the lab goes. */
export interface KnownResource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What a reset has the engine do; everything else of the stack is left as it is. */
export interface ResetTargets {
  /** Resources that are replaced whatever the program says of them, and what follows from them. */
  readonly replace: readonly string[];
  /** All that may be made, changed or removed. */
  readonly target: readonly string[];
}

/** What the program will have of the nodes once they are new. */
export interface RenewedNodes {
  /** Host to the steps that are applied to it, by their ids. */
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  readonly isDnsRenewed: boolean;
  readonly isDeskRenewed: boolean;
  /** Names of the images that the program has then, of all nodes. */
  readonly imagesInUse: readonly string[];
  /** Names of those of them that the engine has lost. */
  readonly imagesLost: readonly string[];
}

/** The resources of a stack that was exported. */
export function resourcesOf(exported: Deployment): readonly KnownResource[] {
  const { resources = [] } = exported.deployment as { resources?: readonly KnownResource[] };
  return resources;
}

const labType = "mail-lab:index:MailLab";
const hostType = "mail-lab:index:MailHost";
const dnsType = "mail-lab:index:DnsServer";
const deskType = "mail-lab:index:StudentDesk";
const chapterType = "mail-lab:index:HostChapter";
const containerType = "docker:index/container:Container";
const localCommandType = "command:local:Command";
const remoteCommandType = "command:remote:Command";
const imageTypes: ReadonlySet<string> = new Set(["mail-lab:index:LabImage", "mail-lab:index:SavedImage"]);

/**
 * Works out what a reset replaces and touches. Each resource is named in full: the engine takes patterns too, and
 * `host1-*` would be the host `host1-b` as well.
 *
 * @param state - the stack's resources, which may lack parts: an update may have been interrupted.
 */
export function resetTargets(state: readonly KnownResource[], renewed: RenewedNodes): ResetTargets {
  const lab = state.find(({ type }) => type === labType);
  if (lab === undefined) throw new Error("a state with outputs has no lab");
  const known = new Set(state.map(({ urn }) => urn));
  const childrenOf = (urn: string): readonly string[] =>
    state.filter(({ parent }) => parent === urn).map((resource) => resource.urn);
  const replace: string[] = [];
  const target: string[] = [];

  const renewNode = (type: string, name: string): void => {
    const node = childUrn(lab.urn, type, name);
    const container = childUrn(node, containerType, name);
    target.push(node, container);
    // One that an interrupted reset has removed is made, not replaced.
    if (known.has(container)) replace.push(container);
  };
  for (const [host, stepIds] of Object.entries(renewed.hosts)) {
    renewNode(hostType, host);
    const chapter = childUrn(lab.urn, chapterType, `${host}-chapter`);
    target.push(
      chapter,
      ...childrenOf(chapter),
      childUrn(chapter, localCommandType, `${host}-stage`),
      ...stepIds.map((id) => childUrn(chapter, remoteCommandType, `${host}-${id}`)),
    );
  }
  if (renewed.isDnsRenewed) renewNode(dnsType, "dns");
  if (renewed.isDeskRenewed) renewNode(deskType, deskName);

  const images = state.filter(({ type, parent }) => imageTypes.has(type) && parent === lab.urn);
  for (const { urn } of images) {
    const name = resourceName(urn);
    if (renewed.imagesLost.includes(name)) replace.push(...childrenOf(urn));
    else if (renewed.imagesInUse.includes(name)) continue;
    target.push(urn, ...childrenOf(urn));
  }
  const have = new Set(images.map(({ urn }) => resourceName(urn)));
  for (const name of renewed.imagesInUse.filter((one) => !have.has(one))) {
    const image = childUrn(lab.urn, "mail-lab:index:LabImage", name);
    target.push(image, childUrn(image, localCommandType, name));
  }
  return { replace, target: [...new Set(target)] };
}

/** The URN of a component's child: the types of all above it come before its own. */
function childUrn(parent: string, type: string, name: string): string {
  const parts = parent.split("::");
  const [stack = "", project = "", types = ""] = parts;
  return [stack, project, `${types}$${type}`, name].join("::");
}
