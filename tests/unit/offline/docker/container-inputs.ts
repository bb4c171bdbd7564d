import fc from "fast-check";
import { DockerClients } from "../../../../toolchain/offline/docker/client.ts";
import { ContainerResource } from "../../../../toolchain/offline/docker/container/container-resource.ts";
import type {
  CheckFailure,
  PropertyMap,
  ResourcePlan,
} from "../../../../toolchain/offline/provider/resource.ts";

/** The container resource; nothing here lets it near a Docker. */
export const container = new ContainerResource(new DockerClients());

/** Checks what a program gives, beside the image that every container needs. */
export function checkContainer(
  given: PropertyMap,
  olds?: PropertyMap,
): { inputs: PropertyMap; failures: readonly CheckFailure[] } {
  const news = { image: "base", ...given };
  return container.check({ urn: "", name: "host", news, ...(olds === undefined ? {} : { olds }) });
}

/** Plans the change from what a program gave to what it gives; the state is the one that a preview shows. */
export function planContainer(old: PropertyMap, given: PropertyMap): ResourcePlan {
  const oldInputs = checkContainer({ name: "host", ...old }).inputs;
  const news = checkContainer({ name: "host", ...given }).inputs;
  return container.diff({ id: "x", oldInputs, oldState: stateOf(oldInputs), news });
}

/** A state as a creation leaves it, for inputs without anything that Docker fills in. */
export function stateOf(inputs: PropertyMap): PropertyMap {
  const shown = container.preview({ news: inputs });
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, typeof value === "symbol" ? null : value]),
  );
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/u);
const address = fc.ipV4();
const optional = { requiredKeys: [] as never[] };

/** Inputs of containers, all of them acceptable. */
export const containerInputs: fc.Arbitrary<PropertyMap> = fc.record(
  {
    name: word,
    hostname: word,
    command: fc.array(word, { maxLength: 4 }),
    entrypoints: fc.array(word, { maxLength: 2 }),
    envs: fc.uniqueArray(
      word.map((name) => `${name}=1`),
      { maxLength: 4 },
    ),
    labels: fc.uniqueArray(fc.record({ label: word, value: word }), {
      maxLength: 4,
      selector: (entry) => entry.label,
    }),
    dns: fc.uniqueArray(address, { maxLength: 3 }),
    ports: fc.uniqueArray(
      fc.record({
        internal: fc.integer({ min: 1, max: 65_535 }),
        external: fc.integer({ min: 1, max: 65_535 }),
      }),
      { maxLength: 3, selector: (port) => port.internal },
    ),
    networksAdvanced: fc.uniqueArray(
      fc.record({ name: word, ipv4Address: address, aliases: fc.uniqueArray(word, { maxLength: 2 }) }),
      { maxLength: 2, selector: (network) => network.name },
    ),
    capabilities: fc.record({
      adds: fc.uniqueArray(fc.constantFrom("NET_ADMIN", "SYS_ADMIN", "CAP_MKNOD"), { maxLength: 3 }),
    }),
    tmpfs: fc.dictionary(
      word.map((name) => `/${name}`),
      fc.constantFrom("", "size=1m"),
      { maxKeys: 3 },
    ),
    memory: fc.integer({ min: 6, max: 4096 }),
    init: fc.boolean(),
    mustRun: fc.boolean(),
    restart: fc.constantFrom("no", "always", "unless-stopped"),
    uploads: fc.uniqueArray(fc.record({ file: word.map((name) => `/${name}`), content: fc.string() }), {
      maxLength: 2,
      selector: (upload) => upload.file,
    }),
  },
  optional,
);
