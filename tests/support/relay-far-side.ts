// Runs in another network than its parent, tests/support/network-relay.ts, which passes connections on to it: each
// comes with the host and port that it is for.
import { connect, type Socket } from "node:net";
import type { RelayTarget } from "./network-relay.ts";

process.on("message", ({ port, host }: RelayTarget, near: Socket | undefined) => {
  // One that was closed before it came over.
  if (near === undefined) return;
  const far = connect(port, host);
  // Whatever ends on one side ends on the other.
  near.on("error", () => far.destroy());
  far.on("error", () => near.resetAndDestroy());
  near.pipe(far).pipe(near);
});
process.on("disconnect", () => {
  process.exit();
});
