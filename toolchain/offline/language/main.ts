/** Entry point of the offline Node.js language host. */
import { useCompileCache } from "../rpc/compile-cache.ts";

useCompileCache();
const { serveLanguageHost } = await import("./serve-language-host.ts");
await serveLanguageHost();
