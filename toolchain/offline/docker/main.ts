/** Entry point of the offline `docker` provider. */
import { useCompileCache } from "../rpc/compile-cache.ts";

useCompileCache();
const [{ serveProvider }, { dockerProvider }] = await Promise.all([
  import("../provider/serve.ts"),
  import("./docker-provider.ts"),
]);
await serveProvider(dockerProvider(process.env));
