/** Entry point of the offline `command` provider. */
import { useCompileCache } from "../rpc/compile-cache.ts";

useCompileCache();
const [{ serveProvider }, { commandProvider }] = await Promise.all([
  import("../provider/serve.ts"),
  import("./command-provider.ts"),
]);
await serveProvider(commandProvider({ environment: process.env, folder: process.cwd() }));
