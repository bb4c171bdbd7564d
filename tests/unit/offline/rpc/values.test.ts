import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../toolchain/offline/provider/resource.ts";
import {
  fromWire,
  holdsSecret,
  readStruct,
  secret,
  secretContent,
  toWire,
  type WireMap,
  type WireValue,
  writeStruct,
} from "../../../../toolchain/offline/rpc/values.ts";

const mark = "4dabf18193072939515e22adb298388d";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const wireMaps: fc.Arbitrary<WireMap> = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== "__proto__"),
  fc.letrec<{ value: WireValue }>((tie) => ({
    value: fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.string(),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("value"), { maxKeys: 3 }),
    ),
  })).value,
);

describe("wire values", () => {
  it("survive the way into a message and back", () => {
    fc.assert(
      fc.property(wireMaps, (properties) => {
        expect(readStruct(writeStruct(properties))).toEqual(properties);
      }),
    );
  });

  it("reach a resource as they are when nothing is marked", () => {
    fc.assert(
      fc.property(wireMaps, (properties) => {
        expect(toWire(fromWire(properties))).toEqual(properties);
      }),
    );
  });

  it("lose their secret marks at every depth", () => {
    const properties = { a: secret({ b: [secret("x"), 1] }), c: [{ d: secret(null) }] };
    expect(fromWire(properties)).toEqual({ a: { b: ["x", 1] }, c: [{ d: null }] });
  });

  it("show an unknown as UNKNOWN, of whatever type the engine expects it, also inside a secret", () => {
    const unknownNumber = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
    expect(fromWire({ a: unknownText, b: [unknownNumber], c: secret(unknownText) })).toEqual({
      a: UNKNOWN,
      b: [UNKNOWN],
      c: UNKNOWN,
    });
    expect(toWire({ a: UNKNOWN, b: { c: [UNKNOWN] } })).toEqual({ a: unknownText, b: { c: [unknownText] } });
  });

  it("leave out a property that is undefined", () => {
    const state = { a: 1, b: undefined } as never;
    expect(toWire(state)).toEqual({ a: 1 });
  });

  it.each([
    ["c44067f5952c0a294b673a41bacd8c17", "an asset"],
    ["0def7320c3a5731c473e5ecbe6d01bc7", "an archive"],
    ["5cf8f73096256a8f31e491e813e4eb8e", "a resource reference"],
    ["whatever comes next", "a value of a kind unknown here"],
  ])("refuse the kind %s, naming the property", (kind, name) => {
    expect(() => fromWire({ triggers: [{ inner: { [mark]: kind, text: "x" } }] })).toThrow(
      `triggers[0].inner is ${name}, which is not in the offline plugin`,
    );
  });
});

describe("secret", () => {
  it("marks once only", () => {
    expect(secret(secret("x"))).toEqual(secret("x"));
    expect(secretContent(secret("x"))).toBe("x");
    expect(secretContent("x")).toBeUndefined();
  });

  it("is found at any depth", () => {
    expect(holdsSecret({ a: [{ b: secret(1) }] })).toBe(true);
    expect(holdsSecret({ a: [{ b: 1 }] })).toBe(false);
  });
});
