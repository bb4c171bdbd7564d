import type { ServerWritableStream, UntypedServiceImplementation } from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import sdkManifest from "@pulumi/pulumi/package.json" with { type: "json" };
import languageServices from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type {
  GetProgramDependenciesRequest,
  GetRequiredPackagesRequest,
  InstallDependenciesRequest,
  InstallDependenciesResponse,
  ProgramInfo,
  RunRequest,
} from "@pulumi/pulumi/proto/language_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import { describeError } from "../rpc/plugin-error.ts";
import { engineAddress, servePlugin, unary } from "../rpc/serve-plugin.ts";
import { installDependencies, listDependencies } from "./npm.ts";
import { programCommand, type ProgramRun, readRuntimeOptions } from "./program-command.ts";
import { findRequiredPackages } from "./required-packages.ts";
import { ProgramRunner } from "./run-program.ts";

/** Serves the Node.js language host to the engine that started this process, until the engine ends it. */
export async function serveLanguageHost(): Promise<void> {
  const programs = new ProgramRunner();
  await servePlugin({
    definition: languageServices.LanguageRuntimeService,
    implementation: createHandlers(engineAddress(), programs),
    stop: () => {
      programs.kill();
      return Promise.resolve();
    },
  });
}

function createHandlers(engine: string, programs: ProgramRunner): UntypedServiceImplementation {
  return {
    handshake: unary(() => new messages.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(sdkManifest.version)),
    about: unary(() =>
      new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    ),
    getRequiredPackages: unary((request: GetRequiredPackagesRequest) =>
      new messages.GetRequiredPackagesResponse().setPackagesList(
        findRequiredPackages(programFolder(request.getInfo())).map(({ name, version, server }) =>
          new pluginMessages.PackageDependency()
            .setKind("resource")
            .setName(name)
            .setVersion(version)
            .setServer(server),
        ),
      ),
    ),
    getProgramDependencies: unary((request: GetProgramDependenciesRequest) =>
      new messages.GetProgramDependenciesResponse().setDependenciesList(
        listDependencies(programFolder(request.getInfo())).map(({ name, version }) =>
          new messages.DependencyInfo().setName(name).setVersion(version),
        ),
      ),
    ),
    run: unary(async (request: RunRequest, abandoned) => {
      const run = programRun(request, engine);
      const { bail, error } = await programs.run(
        programCommand(run, process.env),
        run.programFolder,
        abandoned,
      );
      return new messages.RunResponse().setBail(bail).setError(error);
    }),
    installDependencies: streamInstallation,
    cancel: unary(() => {
      programs.interrupt();
      return new emptyMessages.Empty();
    }),
  };
}

function programFolder(info: ProgramInfo | undefined): string {
  const folder = info?.getProgramDirectory() ?? "";
  return folder === "" ? process.cwd() : folder;
}

function programRun(request: RunRequest, engine: string): ProgramRun {
  const info = request.getInfo();
  return {
    engine,
    monitor: request.getMonitorAddress(),
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    rootFolder: info?.getRootDirectory() ?? "",
    programFolder: programFolder(info),
    entryPoint: info?.getEntryPoint() ?? "",
    isDryRun: request.getDryrun(),
    parallel: request.getParallel(),
    programArguments: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().getEntryList()),
    configSecretKeys: request.getConfigsecretkeysList(),
    options: readRuntimeOptions(info?.getOptions()?.toJavaScript() ?? {}),
  };
}

function streamInstallation(
  call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
): void {
  const info = call.request.getInfo();
  const folder = info === undefined ? call.request.getDirectory() : programFolder(info);
  installDependencies(folder, (stream, output) => {
    const response = new messages.InstallDependenciesResponse();
    call.write(stream === "stdout" ? response.setStdout(output) : response.setStderr(output));
  }).then(
    () => {
      call.end();
    },
    (error: unknown) => {
      call.destroy(new Error(describeError(error)));
    },
  );
}
