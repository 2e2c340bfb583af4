import { createProcessLog } from "@darkroom/monitor";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCircuitBreaker } from "./circuit-breaker.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

const REST_MS = 1000;

function setup() {
  const circuit = createCircuitBreaker({
    restMs: REST_MS,
    onRest: () => undefined,
    log: createProcessLog({ app: "worker", level: "silent", instance: "test" }),
  });
  return {
    circuit,
    /** For how long it rests from now on, in milliseconds, counted in steps of a second. */
    rests: () => {
      for (let ms = 0; ; ms += REST_MS) {
        if (!circuit.isResting()) return ms;
        vi.advanceTimersByTime(REST_MS);
      }
    },
  };
}

test("the third job in a row that comes back makes a backend rest; one that ran in between begins the count anew", () => {
  const { circuit, rests } = setup();
  circuit.failed();
  circuit.failed();
  expect(rests()).toBe(0);
  circuit.worked();
  circuit.failed();
  circuit.failed();
  expect(rests()).toBe(0);
  circuit.failed();
  expect(rests()).toBe(REST_MS);
});

test("a backend that goes on doing no good rests longer each time, for minutes at most, and briefly once it has worked", () => {
  const { circuit, rests } = setup();
  const restNow = () => {
    circuit.rest();
    return rests();
  };
  const seconds = Array.from({ length: 11 }, () => restNow() / 1000);
  expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  circuit.worked();
  expect(restNow()).toBe(REST_MS);
});

test("several prompts that find out the same at once make a backend rest once", () => {
  const { circuit, rests } = setup();
  circuit.rest();
  circuit.rest();
  expect(rests()).toBe(REST_MS);
});
