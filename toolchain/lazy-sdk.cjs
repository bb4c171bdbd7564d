// Loaded before the Pulumi SDK, has it load late what it loads at its start and a lab never uses: TypeScript's
// compiler and npm's dependency tree, with which it would turn functions of a program into code for a cloud, and the
// exporters of traces. They are more than half of its start, in the command and in the program alike. Whoever does
// use one of them gets the real one, at that moment.
"use strict";
const { createRequire } = require("node:module");

/** Modules that are used as a whole. */
const late = ["./typescript-shim.js"];

/** Modules of which the SDK takes functions and classes at its start, and calls them when they are needed. */
const lateFunctions = [
  "./runtime/closure/codePaths.js",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
];

/** Files that stand-ins are found for. */
const deferred = new Set();

/** Puts a module's stand-in where `require` looks first. */
function standIn(file, exportsOf) {
  let real;
  const load = () => {
    if (real === undefined) {
      // What really loads finds only real ones: a class may extend another one's.
      for (const other of deferred) delete require.cache[other];
      deferred.clear();
      real = require(file);
    }
    return real;
  };
  deferred.add(file);
  require.cache[file] = Object.assign(new module.constructor(file), {
    filename: file,
    loaded: true,
    exports: exportsOf(load),
  });
}

/** Loads the module at the first look at one of its members. */
const lazyModule = (load) =>
  new Proxy(
    {},
    {
      get: (_, name) => load()[name],
      has: (_, name) => name in load(),
      ownKeys: () => Reflect.ownKeys(load()),
    },
  );

/** Loads the module at the first call of one of its members. */
const lazyMembers = (load) =>
  new Proxy(
    {},
    {
      get: (_, name) =>
        new Proxy(function () {}, {
          apply: (_function, self, values) => Reflect.apply(load()[name], self, values),
          construct: (_class, values) => new (load()[name])(...values),
        }),
    },
  );

/** The SDK that the running program is going to load. */
function requireOfSdk() {
  try {
    return createRequire(createRequire(process.argv[1]).resolve("@pulumi/pulumi/package.json"));
  } catch {
    // A program without the SDK has nothing to defer.
    return undefined;
  }
}

function deferUnused(requireHere, names, exportsOf) {
  for (const name of names) {
    try {
      standIn(requireHere.resolve(name), exportsOf);
    } catch {
      // Another version of the SDK, without that module.
    }
  }
}

const sdk = requireOfSdk();
if (sdk !== undefined) {
  deferUnused(sdk, late, lazyModule);
  deferUnused(sdk, lateFunctions, lazyMembers);
}
