import { expect } from "vitest";
import type { PropertyMap, Resource, ResourceContext } from "../../toolchain/offline/provider/resource.ts";
import { describeError } from "../../toolchain/offline/rpc/plugin-error.ts";

/** What the engine would give an operation; `lines` gets its status lines. */
export function operationContext(
  name: string,
  options: { readonly signal?: AbortSignal; readonly lines?: string[]; readonly config?: PropertyMap } = {},
): ResourceContext & { readonly urn: string; readonly name: string } {
  return {
    config: options.config ?? {},
    signal: options.signal ?? new AbortController().signal,
    status: (line) => options.lines?.push(line),
    log: () => undefined,
    urn: `urn:pulumi:dev::conf::test::${name}`,
    name,
  };
}

/** Checks what a program gives and creates it, as the engine does. */
export async function create(
  resource: Resource,
  name: string,
  news: PropertyMap,
  options: Parameters<typeof operationContext>[1] = {},
): Promise<{ readonly id: string; readonly state: PropertyMap }> {
  const { inputs, failures } = resource.check({ urn: "", name, news: { name, ...news } });
  expect(failures).toEqual([]);
  return resource.create(inputs, operationContext(name, options));
}

/** What a person reads when an operation fails. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return describeError(error);
  }
  throw new Error("it was not refused");
}
