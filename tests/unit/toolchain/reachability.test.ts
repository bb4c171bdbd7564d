import { describe, expect, it } from "vitest";

import { dockerHub } from "../../../toolchain/base-image/ensure-base-image.ts";
import { pulumiSite } from "../../../toolchain/pulumi/official-download.ts";
import { probeSite } from "../../../toolchain/reachability.ts";
import { localServer } from "./support/local-server.ts";

const { signal } = new AbortController();
const parts = { cliVersion: "3.270.0", plugins: [] };
const checksums = `${"a".repeat(64)}  pulumi-v3.270.0-linux-x64.tar.gz\n`;

describe("a probe", () => {
  it("finds a site that answers as itself", async () => {
    await using server = await localServer((_request, response) => response.end(checksums));
    expect(await probeSite(pulumiSite(parts, server.url), { deadlineMs: 2000, signal })).toEqual({
      isReachable: true,
      reason: { en: "answers", ja: "応答あり" },
    });
    expect(server.requests).toEqual(["GET /releases/sdk/pulumi-3.270.0-checksums.txt"]);
  });

  it("is not fooled by a block page with status 200", async () => {
    await using server = await localServer((_request, response) =>
      response.end("<html>Blocked by school</html>"),
    );
    expect(await probeSite(pulumiSite(parts, server.url), { deadlineMs: 2000, signal })).toEqual({
      isReachable: false,
      reason: {
        en: "something else answers in its place (status 200)",
        ja: "別のものが応答しています: 状態コード200",
      },
    });
  });

  it("knows Docker Hub by its header, also when it refuses a stranger", async () => {
    await using server = await localServer((_request, response) => {
      response.writeHead(401, { "Docker-Distribution-Api-Version": "registry/2.0" }).end("{}");
    });
    const site = { ...dockerHub, url: `${server.url}/v2/` };
    expect((await probeSite(site, { deadlineMs: 2000, signal })).isReachable).toBe(true);
  });

  it("takes no longer than its deadline, also for a body that never ends", async () => {
    await using server = await localServer((_request, response) => {
      response.write("a");
    });
    const startedAt = performance.now();
    const found = await probeSite(pulumiSite(parts, server.url), { deadlineMs: 200, signal });
    expect(found).toEqual({
      isReachable: false,
      reason: { en: "no answer within 0.2 s", ja: "0.2秒以内に応答がありません" },
    });
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it("names the reason at the bottom of a failed connection", async () => {
    let url: string;
    {
      await using server = await localServer((_request, response) => response.end());
      url = server.url;
    }
    const found = await probeSite(pulumiSite(parts, url), { deadlineMs: 2000, signal });
    expect(found.isReachable).toBe(false);
    expect(found.reason.en).toContain("ECONNREFUSED");
  });

  it("ends at once when the run is interrupted", async () => {
    await using server = await localServer(() => undefined);
    const probing = probeSite(pulumiSite(parts, server.url), {
      deadlineMs: 60_000,
      signal: AbortSignal.abort(new Error("interrupted")),
    });
    await expect(probing).rejects.toThrow("interrupted");
  });
});
