import { describe, expect, it } from "vitest";
import { catalogue } from "../../../src/checks/catalogue.ts";
import { stepOf } from "../../../src/checks/check.ts";
import { steps } from "../../../src/course/steps.ts";
import { judged, ownFailures, resultOf, withMainCf } from "./healthy-lab.ts";

describe("the catalogue of checks", () => {
  it("has at least one check for every step of the chapter, in its order, and the foundation first", () => {
    const order = [...new Set(catalogue.map(({ id }) => stepOf(id)))];
    expect(order).toEqual(["foundation", ...steps.map(({ id }) => id)]);
  });

  it("names each check once, and needs only checks that there are", () => {
    const ids = catalogue.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const named = catalogue.flatMap(({ needs = [], after = [] }) => [
      ...needs.map((need) => need.replace("@others", "")),
      ...after,
    ]);
    expect(named.filter((id) => !ids.includes(id as never))).toEqual([]);
  });

  it("has a title in both languages for each check", () => {
    expect(catalogue.filter(({ title }) => title.ja === title.en || title.ja === "")).toEqual([]);
  });
});

describe("a finished lab in which nothing is wrong", () => {
  it("passes every check on every host with no note", () => {
    const results = [...judged().values()];
    expect(results).toHaveLength(2 * catalogue.length);
    expect(results.filter(({ status, note }) => status !== "passed" || note !== undefined)).toEqual([]);
  });
});

describe("a host that can't be looked at", () => {
  const observed = { en: "no answer", ja: "応答なし" };
  const change = { host1: { failure: { cause: "host-unreachable", observed } as const, probes: {} } };

  it("fails one check for that reason, and all others of it are unknown", () => {
    const ofHost1 = [...judged(change).values()].filter(({ host }) => host === "host1");
    expect(ofHost1.filter(({ status }) => status === "wrong").map(({ id }) => id)).toEqual([
      "foundation/login",
    ]);
    const rest = ofHost1.filter(({ id }) => id !== "foundation/login" && id !== "foundation/zone");
    expect(new Set(rest.map(({ status, blockedBy }) => `${status} ${blockedBy ?? ""}`))).toEqual(
      new Set(["unknown host1 foundation/login"]),
    );
  });

  it("leaves the other host's own checks as they are", () => {
    expect(ownFailures(change)).toEqual(["host1 foundation/login host-unreachable"]);
    expect(judged(change).get("host2 6.02/myhostname")?.status).toBe("passed");
  });
});

describe("a failure that is another one's consequence", () => {
  const stopped = {
    host2: {
      seen: ({ services, listeners }) => ({
        services: {
          ...services,
          postfix: { ...services.postfix, activeState: "inactive", startedMs: undefined },
        },
        listeners: listeners.filter(({ port }) => port !== 25),
      }),
    },
    host1: {
      probes: {
        crossing: {
          to: "user2@example2.test",
          receivingHost: "host2",
          messageId: "<m@check.mail-lab.invalid>",
          queueIds: [{ host: "host1", queueId: "ABCDEF" }],
          outcome: "mail-deferred",
          words: "Connection refused",
        },
      },
    },
  } as const satisfies Parameters<typeof judged>[0];

  it("is unknown and names the check that is the reason, on another host too", () => {
    expect(judged(stopped).get("host1 6.07/delivery")).toMatchObject({
      status: "unknown",
      cause: "blocked",
      blockedBy: "host2 6.04/running",
    });
    expect(ownFailures(stopped)).toEqual(["host2 6.04/running service-stopped"]);
  });

  it("is judged for its own sake where what it needs passes", () => {
    const { host1 } = stopped;
    expect(ownFailures({ host1 })).toEqual(["host1 6.07/delivery mail-deferred"]);
    expect(resultOf("6.07/delivery", { host1 }).observed?.en).toBe(
      "put off: Connection refused (host1 ABCDEF)",
    );
  });
});

describe("a service that its package starts", () => {
  it("does not pass before the steps that configure it have begun", () => {
    const asInstalled = withMainCf({
      myhostname: "host1example1test",
      mydomain: undefined,
      inet_interfaces: "all",
      mydestination: "$myhostname, example1.test, host1example1test, localhost",
      mynetworks: "127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128",
      smtpd_sasl_auth_enable: undefined,
      smtpd_sasl_type: undefined,
      smtpd_sasl_path: undefined,
      smtpd_recipient_restrictions: undefined,
    });
    const results = judged(asInstalled);
    const statusOf = (id: string) => results.get(`host1 ${id}`)?.status;
    for (const id of ["myhostname", "mydomain", "inet_interfaces", "mydestination", "mynetworks"]) {
      expect(statusOf(`6.02/${id}`), id).toBe("not-yet");
    }
    expect(statusOf("6.04/running")).toBe("not-yet");
    expect(statusOf("6.04/enabled")).toBe("not-yet");
    expect(statusOf("6.01/packages")).toBe("passed");
  });
});
