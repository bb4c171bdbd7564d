import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { networkTable } from "../../../../toolchain/offline/docker/network/table.ts";
import { remoteImageTable } from "../../../../toolchain/offline/docker/image/table.ts";
import { checkInputs } from "../../../../toolchain/offline/docker/table/check.ts";
import { volumeTable } from "../../../../toolchain/offline/docker/volume/table.ts";
import { UNKNOWN, type PropertyMap } from "../../../../toolchain/offline/provider/resource.ts";
import { checkContainer, containerInputs } from "./container-inputs.ts";

describe("the defaults of a container", () => {
  it("are filled in and listed, as the official plugin does", () => {
    expect(checkContainer({ name: "host1" })).toEqual({
      inputs: {
        __defaults: [
          "containerReadRefreshTimeoutMilliseconds",
          "mustRun",
          "networkMode",
          "removeVolumes",
          "restart",
          "start",
          "waitTimeout",
        ],
        containerReadRefreshTimeoutMilliseconds: 15_000,
        image: "base",
        mustRun: true,
        name: "host1",
        networkMode: "bridge",
        removeVolumes: true,
        restart: "no",
        start: true,
        waitTimeout: 60,
      },
      failures: [],
    });
  });

  it("reach into blocks", () => {
    const { inputs } = checkContainer({
      ports: [{ internal: 25 }],
      healthcheck: { tests: ["CMD", "true"], interval: "1s" },
      uploads: [{ file: "/a", content: "" }],
    });
    expect(inputs["ports"]).toEqual([
      { __defaults: ["ip", "protocol"], internal: 25, ip: "0.0.0.0", protocol: "tcp" },
    ]);
    expect(inputs["healthcheck"]).toEqual({
      __defaults: ["startInterval", "startPeriod", "timeout"],
      tests: ["CMD", "true"],
      interval: "1s",
      startInterval: "0s",
      startPeriod: "0s",
      timeout: "0s",
    });
    expect(inputs["uploads"]).toEqual([{ __defaults: [], file: "/a", content: "" }]);
  });

  it("are the same when they are checked again", () => {
    fc.assert(
      fc.property(containerInputs, (given) => {
        const first = checkContainer({ name: "host", ...given });
        expect(first.failures).toEqual([]);
        const again = checkContainer(first.inputs);
        expect({ ...again.inputs, __defaults: [] }).toEqual({
          ...stripDefaults(first.inputs),
          __defaults: [],
        });
        expect(again.failures).toEqual([]);
      }),
    );
  });
});

/** Given now, a default is no default any more, in blocks too. */
function stripDefaults(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([name, inner]) => [
      name,
      name === "__defaults" ? [] : strip(inner),
    ]);
    return Object.fromEntries(entries) as unknown;
  };
  return strip(inputs) as Record<string, unknown>;
}

describe("a name that the program leaves out", () => {
  it("is drawn from the resource's name", () => {
    const { inputs } = checkContainer({});
    expect(inputs["name"]).toMatch(/^host-[0-9a-f]{7}$/u);
    expect(inputs["__defaults"]).toContain("name");
  });

  it("stays over updates, and is drawn anew for a replacement", () => {
    const first = checkContainer({}).inputs;
    expect(checkContainer({}, first).inputs["name"]).toBe(first["name"]);
    expect(checkContainer({}).inputs["name"]).not.toBe(first["name"]);
  });

  it("is drawn anew after one that the program had chosen", () => {
    const chosen = checkContainer({ name: "mine" }).inputs;
    expect(checkContainer({}, chosen).inputs["name"]).toMatch(/^host-/u);
  });
});

describe("inputs that are refused", () => {
  it.each([
    [{ gpus: "all" }, "gpus", "docker:index/container:Container.gpus is not in the offline plugin"],
    [
      { healthcheck: { test: ["x"] } },
      "healthcheck.test",
      "docker:index/container:Container.healthcheck.test is not in the offline plugin",
    ],
    [{ attach: true }, "attach", "attach = true is not in the offline plugin"],
    [{ memory: "256" }, "memory", "memory must be a number"],
    [{ memory: -1 }, "memory", "memory must not be negative"],
    [
      { ports: [{ internal: 70_000 }] },
      "ports[0].internal",
      "ports[0].internal must be a port from 0 to 65535",
    ],
    [{ ports: [{}] }, "ports[0].internal", "docker:index/container:Container needs ports[0].internal"],
    [{ dns: "192.0.2.1" }, "dns", "dns must be a list of strings"],
    [{ restart: "often" }, "restart", "restart must be one of no, on-failure, always, unless-stopped"],
    [
      { networksAdvanced: [{ name: "lan", ipv4Address: "192.0.2.300" }] },
      "networksAdvanced[0].ipv4Address",
      "networksAdvanced[0].ipv4Address must be an IPv4 address",
    ],
    [
      { uploads: [{ file: "/a", content: "", permissions: "600" }] },
      "uploads[0].permissions",
      "uploads[0].permissions must be four octal digits such as 0644",
    ],
    [
      { uploads: [{ file: "/a", content: "a", source: "/b" }] },
      "uploads[0]",
      "an upload needs one of content, contentBase64 and source",
    ],
    [
      { volumes: [{ volumeName: "v" }] },
      "volumes[0]",
      "a volume needs either containerPath or fromContainer",
    ],
    [
      { healthcheck: { interval: "soon" } },
      "healthcheck.interval",
      "healthcheck.interval must be a time such as 30s, 500ms or 1m30s",
    ],
  ])("name the property: %j", (given, property, reason) => {
    expect(checkContainer(given).failures).toEqual([{ property, reason }]);
  });

  it("name a required input that is missing", () => {
    const { failures } = checkContainer({ image: null });
    expect(failures).toEqual([{ property: "image", reason: "docker:index/container:Container needs image" }]);
  });

  it("are none as long as a value is not known", () => {
    const unknown: PropertyMap = {
      image: UNKNOWN,
      memory: UNKNOWN,
      volumes: [{ volumeName: UNKNOWN, containerPath: "/x" }],
    };
    expect(checkContainer(unknown).failures).toEqual([]);
  });
});

describe("the other resources' inputs", () => {
  it("have the official plugin's defaults", () => {
    const network = checkInputs(networkTable, { name: "lan", news: { name: "lan" } });
    expect(network.inputs).toEqual({ __defaults: ["ipamDriver"], ipamDriver: "default", name: "lan" });
    const volume = checkInputs(volumeTable, { name: "spool", news: { name: "spool" } });
    expect(volume.inputs).toEqual({ __defaults: [], name: "spool" });
    const image = checkInputs(remoteImageTable, { name: "i", news: { name: "i", build: { context: "." } } });
    expect(image.inputs["build"]).toEqual({
      __defaults: ["dockerfile", "remove"],
      context: ".",
      dockerfile: "Dockerfile",
      remove: true,
    });
  });

  it("are refused where only BuildKit's client could serve them", () => {
    const news = { name: "i", build: { context: ".", secrets: [{ id: "s" }] } };
    expect(checkInputs(remoteImageTable, { name: "i", news }).failures).toEqual([
      {
        property: "build.secrets",
        reason: "docker:index/remoteImage:RemoteImage.build.secrets is not in the offline plugin",
      },
    ]);
  });

  it("are refused where a subnet is none", () => {
    const news = { ipamConfigs: [{ subnet: "192.168.1.0", gateway: "gate" }] };
    expect(checkInputs(networkTable, { name: "lan", news }).failures).toEqual([
      { property: "ipamConfigs[0].gateway", reason: "ipamConfigs[0].gateway must be an IP address" },
      {
        property: "ipamConfigs[0].subnet",
        reason: "ipamConfigs[0].subnet must be a subnet such as 192.168.1.0/24",
      },
    ]);
  });
});
