/** Entry point of the offline `docker` provider. */
import { useCompileCache } from "../rpc/compile-cache.ts";

useCompileCache();
const [{ serveProvider }, { dockerResources }, { default: manifest }] = await Promise.all([
  import("../provider/serve.ts"),
  import("./docker-resources.ts"),
  import("@pulumi/docker/package.json", { with: { type: "json" } }),
]);
await serveProvider({
  name: "docker",
  version: manifest.pulumi.version,
  resources: dockerResources(),
  configKeys: ["host", "context"],
});
