/** Entry point of the offline `command` provider. */
import { useCompileCache } from "../rpc/compile-cache.ts";

useCompileCache();
const [{ serveProvider }, { localCommand }, { remoteCommand }, { SshPool }, { default: manifest }] =
  await Promise.all([
    import("../provider/serve.ts"),
    import("./local-command.ts"),
    import("./remote-command.ts"),
    import("./ssh-pool.ts"),
    import("@pulumi/command/package.json", { with: { type: "json" } }),
  ]);
const pool = new SshPool();
await serveProvider({
  name: "command",
  version: manifest.pulumi.version,
  resources: [localCommand(), remoteCommand(pool)],
  configKeys: [],
  dispose: () => {
    pool.close();
  },
});
