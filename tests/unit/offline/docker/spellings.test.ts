import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectionOptions, dockerHost } from "../../../../toolchain/offline/docker/client.ts";
import {
  canonicalDuration,
  formatDuration,
  parseDuration,
} from "../../../../toolchain/offline/docker/container/duration.ts";
import { canonicalCapability } from "../../../../toolchain/offline/docker/container/isolation.ts";
import { overlaps } from "../../../../toolchain/offline/docker/network/subnet.ts";
import { orderedEdits } from "../../../../toolchain/offline/docker/table/list-edits.ts";
import { formatPath } from "../../../../toolchain/offline/docker/table/path.ts";
import { settle, settleMap, settleSet } from "../../../../toolchain/offline/docker/table/settle.ts";

describe("a duration", () => {
  it.each([
    ["0s", 0],
    ["250ms", 250_000_000],
    ["1.5s", 1_500_000_000],
    ["1m30s", 90_000_000_000],
    ["1h0m0s", 3_600_000_000_000],
  ])("%s is %i ns, and is written so", (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
    expect(formatDuration(nanoseconds)).toBe(text);
  });

  it("is one whatever its spelling", () => {
    expect(canonicalDuration("90s")).toBe(canonicalDuration("1m30s"));
    expect(canonicalDuration("0")).toBe("0s");
  });

  it("comes back from its text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds * 1_000_000))).toBe(milliseconds * 1_000_000);
      }),
    );
  });
});

describe("what Docker says of an unchanged object", () => {
  it("stays in the program's words", () => {
    expect(settle("", null)).toBe("");
    expect(settle(null, "")).toBe("");
    expect(settleSet(["SYS_ADMIN"], ["CAP_SYS_ADMIN"], canonicalCapability)).toEqual(["SYS_ADMIN"]);
    expect(settleSet(["b", "a"], ["a", "b"])).toEqual(["b", "a"]);
    expect(settleMap({ a: "1" }, { a: "1", "com.docker.added": "2" })).toEqual({ a: "1" });
    expect(settleMap(null, {})).toBeNull();
  });

  it("is told when it means something else", () => {
    expect(settle("a", "b")).toBe("b");
    expect(settleSet(["SYS_ADMIN"], ["CAP_SYS_ADMIN", "CAP_NET_ADMIN"], canonicalCapability)).toEqual([
      "CAP_NET_ADMIN",
      "CAP_SYS_ADMIN",
    ]);
    expect(settleMap({ a: "1" }, { a: "2" })).toEqual({ a: "2" });
  });
});

describe("two subnets", () => {
  it.each([
    ["192.168.1.0/24", "192.168.0.0/16", true],
    ["192.168.1.128/25", "192.168.1.0/24", true],
    ["192.168.1.0/24", "192.168.2.0/24", false],
    ["192.168.1.0/24", "fd00::/64", false],
    ["fd00::/64", "fd00::1:0/112", true],
    ["192.168.1.0/24", "", false],
  ])("%s and %s overlap: %s", (left, right, isSo) => {
    expect(overlaps(left, right)).toBe(isSo);
    expect(overlaps(right, left)).toBe(isSo);
  });
});

describe("a list's edits", () => {
  it("turn the old list into the new one", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (old, next) => {
        const { removed, added } = orderedEdits(old, next);
        const kept = old.filter((_entry, index) => !removed.includes(index));
        expect(kept).toEqual(next.filter((_entry, index) => !added.includes(index)));
      }),
    );
  });
});

describe("a path", () => {
  it("is written as the engine does", () => {
    expect(formatPath(["ports", 0, "external"])).toBe("ports[0].external");
    expect(formatPath(["options", "com.docker.network.bridge.name"])).toBe(
      'options["com.docker.network.bridge.name"]',
    );
  });
});

describe("the Docker host", () => {
  it("is the provider's, else DOCKER_HOST, else the local socket", () => {
    expect(dockerHost({ host: "tcp://lab:1" }, { DOCKER_HOST: "tcp://other:1" })).toBe("tcp://lab:1");
    expect(dockerHost({}, { DOCKER_HOST: "tcp://other:1" })).toBe("tcp://other:1");
    expect(dockerHost({ context: "school" }, { DOCKER_HOST: "tcp://other:1" })).toBe("school");
    expect(dockerHost({}, {})).toBe("unix:///var/run/docker.sock");
  });

  it("is a socket or an address", () => {
    expect(connectionOptions("unix:///tmp/d.sock")).toEqual({ socketPath: "/tmp/d.sock" });
    expect(connectionOptions("tcp://192.0.2.1")).toEqual({ protocol: "http", host: "192.0.2.1", port: 2375 });
  });

  it("is reached by a command's streams where ssh or certificates are needed", () => {
    for (const host of ["ssh://lab@192.0.2.1", "tcp://192.0.2.1:2376", "school"]) {
      expect(connectionOptions(host)).toMatchObject({
        protocol: "http",
        agent: expect.anything() as unknown,
      });
    }
  });

  it.each(["ftp://lab@192.0.2.1", "ssh://", "no sense"])("is refused by name: %s", (host) => {
    expect(() => connectionOptions(host)).toThrow(`the Docker host ${host} is not in the offline plugin`);
  });
});
