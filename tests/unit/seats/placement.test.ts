import { describe, expect, it } from "vitest";
import { placeSeats, seatsThatFit, type EngineRoom } from "../../../src/seats/placement.ts";

const gibibyte = 1024 ** 3;
const room = (engine: string, gibibytes: number, cpus: number, labs = 0): EngineRoom => ({
  engine,
  memoryBytes: gibibytes * gibibyte,
  cpus,
  labs,
});
const seats = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `s${index}`);
const counts = (places: ReadonlyMap<string, string>): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(places.values(), (engine) => engine)].map(([engine, of]) => [engine, of.length]),
  );

describe("the places of seats", () => {
  it("are shared out by what each engine has room for", () => {
    expect(counts(placeSeats(seats(12), [room("small", 8, 1), room("large", 16, 2)]))).toEqual({
      small: 4,
      large: 8,
    });
  });

  it("are bounded by memory where there is little of it, and by cores where there is much", () => {
    expect(seatsThatFit(room("laptop", 2, 8))).toBe(10);
    expect(seatsThatFit(room("server", 64, 4))).toBe(40);
    expect(seatsThatFit(room("tiny", 0.5, 1))).toBe(1);
  });

  it("count the labs that are there already", () => {
    expect(counts(placeSeats(seats(4), [room("busy", 8, 1, 8), room("idle", 8, 1)]))).toEqual({ idle: 4 });
  });

  it("go beyond what fits evenly, rather than leave a seat out", () => {
    expect(counts(placeSeats(seats(30), [room("a", 8, 1), room("b", 8, 1)]))).toEqual({ a: 15, b: 15 });
  });

  it("are the same for the same seats and engines, and none without an engine", () => {
    const engines = [room("a", 8, 2), room("b", 8, 2)];
    expect(placeSeats(seats(5), engines)).toEqual(placeSeats(seats(5), engines));
    expect(placeSeats(seats(5), []).size).toBe(0);
  });
});
