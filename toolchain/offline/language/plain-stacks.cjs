// Preloaded before the SDK's runner where Node.js itself runs the program's TypeScript. The SDK's compiler is not
// needed then (../../lazy-sdk.cjs), and Node strips the types and keeps every line where it is, so that a stack needs
// no source map. The runner would load source-map-support all the same, and with it each of the many stacks that the
// SDK looks at (one a resource) costs milliseconds.
"use strict";
const { createRequire } = require("node:module");
require("../../lazy-sdk.cjs");

const runner = process.argv[1];
if (runner !== undefined) {
  try {
    const register = createRequire(runner).resolve("source-map-support/register");
    require.cache[register] = Object.assign(new module.constructor(register), {
      filename: register,
      loaded: true,
    });
  } catch {
    // Another SDK, without that package: nothing to leave out.
  }
}
