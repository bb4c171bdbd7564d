import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { networkTable } from "../../../../toolchain/offline/docker/network/table.ts";
import { checkInputs } from "../../../../toolchain/offline/docker/table/check.ts";
import { planChanges } from "../../../../toolchain/offline/docker/table/diff.ts";
import { previewCreation } from "../../../../toolchain/offline/docker/table/state.ts";
import {
  UNKNOWN,
  type PropertyMap,
  type ResourcePlan,
} from "../../../../toolchain/offline/provider/resource.ts";
import { checkContainer, container, containerInputs, planContainer, stateOf } from "./container-inputs.ts";

describe("the plan for a container", () => {
  it("is nothing for the same inputs", () => {
    fc.assert(
      fc.property(containerInputs, (given) => {
        expect(planContainer(given, given)).toEqual({
          detailed: {},
          replaces: [],
          deleteBeforeReplace: false,
        });
      }),
    );
  });

  it("replaces exactly where a detailed change does", () => {
    fc.assert(
      fc.property(containerInputs, containerInputs, (old, next) => {
        const { detailed, replaces } = planContainer(old, next);
        const replacing = Object.entries(detailed).filter(([, kind]) => kind.endsWith("-replace"));
        expect(new Set(replaces)).toEqual(new Set(replacing.map(([path]) => path.split(/[.[]/u)[0])));
      }),
    );
  });

  it.each<[PropertyMap, PropertyMap, ResourcePlan["detailed"]]>([
    // What is given last in a set is no change; nor is another spelling.
    [{ dns: ["192.0.2.1", "192.0.2.2"] }, { dns: ["192.0.2.2", "192.0.2.1"] }, {}],
    [{ capabilities: { adds: ["SYS_ADMIN"] } }, { capabilities: { adds: ["CAP_SYS_ADMIN"] } }, {}],
    [{ healthcheck: { interval: "90s" } }, { healthcheck: { interval: "1m30s" } }, {}],
    [
      {
        ports: [
          { internal: 25, external: 1 },
          { internal: 80, external: 2 },
        ],
      },
      {
        ports: [
          { internal: 80, external: 2 },
          { internal: 25, external: 1 },
        ],
      },
      {},
    ],
    // Docker fills these in, or takes the empty for the missing.
    [{ hostname: "a" }, {}, {}],
    [{ envs: ["A=1"] }, {}, {}],
    [{ user: "lab" }, { user: "" }, {}],
    [{ pidMode: "" }, {}, {}],
    // A set's new member is named by its place in the inputs, its old one by its place in the state.
    [
      { envs: ["A=1", "B=1"] },
      { envs: ["B=1", "A=2"] },
      { "envs[0]": "delete-replace", "envs[1]": "add-replace" },
    ],
    [{ envs: ["A=1"] }, { envs: [] }, { envs: "delete-replace" }],
    // A list's edit is the smallest one.
    [{ command: ["a", "b", "c"] }, { command: ["b", "c"] }, { "command[0]": "delete-replace" }],
    [{ command: ["a", "b"] }, { command: ["a", "x", "b"] }, { "command[1]": "add-replace" }],
    // A block with fields left out can't be told from another, so the whole set changes.
    [
      { networksAdvanced: [{ name: "lan" }] },
      { networksAdvanced: [{ name: "lan", aliases: ["mail"] }] },
      { networksAdvanced: "update-replace" },
    ],
    [
      { labels: [{ label: "a", value: "1" }] },
      { labels: [{ label: "a", value: "2" }] },
      { "labels[0].value": "update-replace" },
    ],
    [{}, { privileged: true }, { privileged: "add-replace" }],
    [{ memory: 64 }, { memory: 96 }, { memory: "update" }],
    [{ memory: 64 }, {}, { memory: "delete" }],
    [{ sysctls: { "a.b": "1" } }, { sysctls: { "a.b": "2" } }, { 'sysctls["a.b"]': "update-replace" }],
    [{}, { image: UNKNOWN }, { image: "update-replace" }],
    [
      { volumes: [{ volumeName: "v", containerPath: "/v" }] },
      { volumes: [{ volumeName: UNKNOWN, containerPath: "/v" }] },
      { volumes: "update-replace" },
    ],
  ])("from %j to %j", (old, next, detailed) => {
    expect(planContainer(old, next).detailed).toEqual(detailed);
  });

  it("deletes the old container first", () => {
    expect(planContainer({}, { hostname: "b", image: "other" }).deleteBeforeReplace).toBe(true);
    expect(planContainer({ memory: 64 }, { memory: 96 }).deleteBeforeReplace).toBe(false);
  });

  it("keeps what did not change in the preview of an update", () => {
    const { inputs } = checkContainer({ name: "host", ports: [{ internal: 25 }], memory: 64 });
    const ports = [{ internal: 25, external: 32_768, ip: "0.0.0.0", protocol: "tcp" }];
    const oldState = { ...stateOf(inputs), ports, hostname: "0a1b2c3d4e5f" };
    const shown = container.preview({ news: { ...inputs, memory: 96 }, oldInputs: inputs, oldState });
    expect(shown).toEqual({ ...oldState, memory: 96 });
  });

  it("knows later what Docker decides", () => {
    const shown = container.preview({ news: checkContainer({ ports: [{ internal: 25 }] }).inputs });
    expect(shown).toMatchObject({ hostname: UNKNOWN, networkDatas: UNKNOWN, memory: null, devices: [] });
    expect(shown["ports"]).toEqual([{ internal: 25, external: UNKNOWN, ip: "0.0.0.0", protocol: "tcp" }]);
  });
});

describe("the plan for a network", () => {
  const plan = (old: object, next: object) => {
    const check = (news: object) => checkInputs(networkTable, { name: "lan", news: { ...news } }).inputs;
    return planChanges(networkTable, {
      oldState: previewCreation(networkTable, check(old)),
      news: check(next),
    });
  };

  it("deletes first where the program chose the name, for two can't have it", () => {
    expect(plan({ name: "lan" }, { name: "lan", ipv6: true }).deleteBeforeReplace).toBe(true);
    expect(plan({}, { ipv6: true })).toMatchObject({
      replaces: ["name", "ipv6"],
      deleteBeforeReplace: false,
    });
  });
});
