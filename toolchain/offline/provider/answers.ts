import type { CheckResponse, DiffRequest, DiffResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { readStruct, type WireMap, writeStruct } from "../rpc/values.ts";
import { changedConfigKeys } from "./provider-config.ts";
import type { CheckFailure, DiffKind, ResourcePlan } from "./resource.ts";

const { Kind } = messages.PropertyDiff;
const { DiffChanges } = messages.DiffResponse;

const kinds: Readonly<Record<DiffKind, (typeof Kind)[keyof typeof Kind]>> = {
  add: Kind.ADD,
  delete: Kind.DELETE,
  update: Kind.UPDATE,
  "add-replace": Kind.ADD_REPLACE,
  "delete-replace": Kind.DELETE_REPLACE,
  "update-replace": Kind.UPDATE_REPLACE,
};

/** Checked inputs, and what can't be accepted of them. */
export function checkResponse(inputs: WireMap, failures: readonly CheckFailure[]): CheckResponse {
  const response = new messages.CheckResponse().setInputs(writeStruct(inputs));
  return response.setFailuresList(
    failures.map(({ property, reason }) =>
      new messages.CheckFailure().setProperty(property).setReason(reason),
    ),
  );
}

/** A resource's plan, with the kind of change of each property. */
export function diffResponse(plan: ResourcePlan): DiffResponse {
  const response = new messages.DiffResponse()
    .setHasdetaileddiff(true)
    .setDeletebeforereplace(plan.deleteBeforeReplace)
    .setReplacesList([...plan.replaces]);
  const changes = Object.entries(plan.detailed);
  for (const [path, kind] of changes) {
    // The paths name inputs: the engine shows old and new values from there.
    response
      .getDetaileddiffMap()
      .set(path, new messages.PropertyDiff().setKind(kinds[kind]).setInputdiff(true));
  }
  return response
    .setDiffsList([...new Set(changes.map(([path]) => topLevelName(path)))])
    .setChanges(changes.length === 0 ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME);
}

/** A changed provider option never replaces anything: the resources themselves are where they were. */
export function configDiffResponse(request: DiffRequest): DiffResponse {
  const changed = changedConfigKeys(readStruct(request.getOlds()), readStruct(request.getNews()));
  return new messages.DiffResponse()
    .setDiffsList(changed)
    .setChanges(changed.length === 0 ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME);
}

/** `ports` of `ports[0].external`. */
function topLevelName(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}
