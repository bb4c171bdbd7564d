import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import type {
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  ConfigureResponse,
  CreateRequest,
  CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ReadRequest,
  ReadResponse,
  UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { PluginError } from "../rpc/plugin-error.ts";
import { SecretMask } from "../rpc/secret-mask.ts";
import { markPaths, markSecrets } from "../rpc/secrets.ts";
import { unary } from "../rpc/serve-plugin.ts";
import { fromWire, holdsSecret, readStruct, toWire, type WireMap, writeStruct } from "../rpc/values.ts";
import { checkResponse, configDiffResponse, diffResponse } from "./answers.ts";
import type { Operations } from "./operations.ts";
import { checkProviderConfig } from "./provider-config.ts";
import type { PropertyMap, Resource, ResourceContext } from "./resource.ts";
import type { ProviderDefinition } from "./serve.ts";

/** The calls of the engine's ResourceProvider service, answered by the resources of `definition`. */
export function createHandlers(
  definition: ProviderDefinition,
  operations: Operations,
): UntypedServiceImplementation {
  const provider = new Provider(definition, operations);
  return {
    handshake: unary(() => new messages.ProviderHandshakeResponse().setAcceptSecrets(true)),
    getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(definition.version)),
    checkConfig: unary((request: CheckRequest) => provider.checkConfig(request)),
    diffConfig: unary((request: DiffRequest) => configDiffResponse(request)),
    configure: unary((request: ConfigureRequest) => provider.configure(request)),
    check: unary((request: CheckRequest) => provider.check(request)),
    diff: unary((request: DiffRequest) => provider.diff(request)),
    create: unary((request: CreateRequest) => provider.create(request)),
    read: unary((request: ReadRequest) => provider.read(request)),
    update: unary((request: UpdateRequest) => provider.update(request)),
    delete: unary((request: DeleteRequest) => provider.delete(request)),
    cancel: unary(() => {
      operations.cancel();
      return new emptyMessages.Empty();
    }),
    attach: unary((request: pluginMessages.PluginAttach) => {
      operations.attach(request.getAddress());
      return new emptyMessages.Empty();
    }),
    ...provider.refusals(),
  };
}

class Provider {
  readonly #definition: ProviderDefinition;
  readonly #resources: ReadonlyMap<string, Resource>;
  readonly #operations: Operations;
  #config: PropertyMap = {};

  constructor(definition: ProviderDefinition, operations: Operations) {
    this.#definition = definition;
    this.#resources = new Map(definition.resources.map((resource) => [resource.type, resource]));
    this.#operations = operations;
  }

  checkConfig(request: CheckRequest): CheckResponse {
    const news = readStruct(request.getNews());
    const { name, configKeys } = this.#definition;
    return checkResponse(news, checkProviderConfig(name, configKeys, news));
  }

  configure(request: ConfigureRequest): ConfigureResponse {
    this.#config = fromWire(readStruct(request.getArgs()));
    return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  check(request: CheckRequest): CheckResponse {
    const resource = this.#resource(request.getUrn());
    const news = readStruct(request.getNews());
    const { inputs, failures } = resource.check({
      urn: request.getUrn(),
      name: resourceName(request.getUrn()),
      news: fromWire(news),
      ...(request.hasOlds() ? { olds: fromWire(readStruct(request.getOlds())) } : {}),
    });
    return checkResponse(inputsMap(resource, inputs, news), failures);
  }

  diff(request: DiffRequest): DiffResponse {
    return diffResponse(
      this.#resource(request.getUrn()).diff({
        id: request.getId(),
        oldInputs: fromWire(readStruct(request.getOldInputs())),
        oldState: fromWire(readStruct(request.getOlds())),
        news: fromWire(readStruct(request.getNews())),
      }),
    );
  }

  async create(request: CreateRequest): Promise<CreateResponse> {
    const urn = request.getUrn();
    const resource = this.#resource(urn);
    const news = readStruct(request.getProperties());
    const inputs = fromWire(news);
    const response = new messages.CreateResponse();
    if (request.getPreview()) {
      return response.setProperties(stateStruct(resource, resource.preview({ news: inputs }), news));
    }
    const created = await this.#run(request, [news], (context) =>
      resource.create(inputs, { ...context, urn, name: resourceName(urn) }),
    );
    return response.setId(created.id).setProperties(stateStruct(resource, created.state, news));
  }

  async read(request: ReadRequest): Promise<ReadResponse> {
    const resource = this.#resource(request.getUrn());
    const oldState = readStruct(request.getProperties());
    const oldInputs = readStruct(request.getInputs());
    const found = await this.#run(request, [oldState, oldInputs], (context) =>
      resource.read({ id: request.getId(), state: fromWire(oldState), inputs: fromWire(oldInputs) }, context),
    );
    const response = new messages.ReadResponse();
    // No id says that the thing is gone.
    return found === undefined
      ? response
      : response
          .setId(found.id)
          .setProperties(stateStruct(resource, found.state, oldInputs, oldState))
          .setInputs(writeStruct(inputsMap(resource, found.inputs, oldInputs)));
  }

  async update(request: UpdateRequest): Promise<UpdateResponse> {
    const resource = this.#resource(request.getUrn());
    const news = readStruct(request.getNews());
    const oldState = readStruct(request.getOlds());
    const change = {
      news: fromWire(news),
      oldInputs: fromWire(readStruct(request.getOldInputs())),
      oldState: fromWire(oldState),
    };
    const state = request.getPreview()
      ? resource.preview(change)
      : await this.#run(request, [news, oldState], (context) =>
          resource.update({ id: request.getId(), ...change }, context),
        );
    return new messages.UpdateResponse().setProperties(stateStruct(resource, state, news));
  }

  async delete(request: DeleteRequest): Promise<emptyMessages.Empty> {
    const resource = this.#resource(request.getUrn());
    const oldState = readStruct(request.getProperties());
    const oldInputs = readStruct(request.getOldInputs());
    const removal = { id: request.getId(), state: fromWire(oldState), inputs: fromWire(oldInputs) };
    await this.#run(request, [oldState, oldInputs], (context) => resource.delete(removal, context));
    return new emptyMessages.Empty();
  }

  /** What the protocol has and a stand-in has not: refused with the name of what was asked for. */
  refusals(): UntypedServiceImplementation {
    const refuse = (what: string): never => {
      throw notHere(what, this.#definition.name);
    };
    return {
      invoke: unary((request: { getTok(): string }) => refuse(request.getTok())),
      call: unary((request: { getTok(): string }) => refuse(request.getTok())),
      construct: unary((request: { getType(): string }) => refuse(request.getType())),
      parameterize: unary(() => refuse("a parameterized package")),
      getSchema: unary(() => refuse("the package's schema")),
    };
  }

  #resource(urn: string): Resource {
    const type = resourceType(urn);
    const resource = this.#resources.get(type);
    if (resource === undefined) {
      throw notHere(type, this.#definition.name);
    }
    return resource;
  }

  #run<T>(
    request: { getUrn(): string; getTimeout(): number },
    sources: readonly WireMap[],
    operation: (context: ResourceContext) => Promise<T>,
  ): Promise<T> {
    const urn = request.getUrn();
    const mask = new SecretMask(sources, this.#resource(urn).shownInputs);
    return this.#operations.run({ urn, timeoutSeconds: request.getTimeout(), mask }, this.#config, operation);
  }
}

function notHere(what: string, provider: string): PluginError {
  return new PluginError("PLUGIN_NOT_IMPLEMENTED", `${what} is not in the offline plugin`, {
    hint: `The official ${provider} plugin has it: install that one (pulumi plugin install resource ${provider}), or do without.`,
  });
}

/** Inputs as they go to the engine: secret where the source is, and where the resource's always are. */
function inputsMap(resource: Resource, inputs: PropertyMap, source: WireMap): WireMap {
  return markPaths(markSecrets(toWire(inputs), source), resource.secretInputs ?? []);
}

/** The state as it goes to the engine: secret as its inputs, where the old state is, and where an output carries a secret input. */
function stateStruct(resource: Resource, state: PropertyMap, inputs: WireMap, oldState?: WireMap) {
  const carriers = Object.entries(resource.secretOutputs ?? {})
    .filter(([, names]) => names.some((name) => holdsSecret(inputs[name] ?? null)))
    .map(([output]) => output);
  const marked = markPaths(inputsMap(resource, state, inputs), carriers);
  return writeStruct(oldState === undefined ? marked : markSecrets(marked, oldState));
}

/** `docker:index/network:Network` of `urn:pulumi:dev::lab::parent$docker:index/network:Network::lan`. */
function resourceType(urn: string): string {
  const qualified = urn.split("::")[2] ?? "";
  return qualified.slice(qualified.lastIndexOf("$") + 1);
}

/** `lan` of `urn:pulumi:dev::lab::docker:index/network:Network::lan`; a name may hold `::` itself. */
function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
