import { beforeEach, describe, expect, it } from "vitest";
import { CircuitBreaker, CircuitOpenError } from "../../src/inference/circuit-breaker.ts";

const COOL_DOWN_MS = 1000;

let now = 0;
let breaker: CircuitBreaker;

beforeEach(() => {
  now = 0;
  breaker = new CircuitBreaker({ failures: 3, coolDownMs: COOL_DOWN_MS, clock: () => now });
});

class Broken extends Error {}
class Refused extends Error {}

const isFailure = (error: unknown) => error instanceof Broken;
const succeed = () => breaker.run(async () => "answer", isFailure);
const fail = () => expect(breaker.run(() => Promise.reject(new Broken()), isFailure)).rejects.toThrow(Broken);
const refuse = () =>
  expect(breaker.run(() => Promise.reject(new Refused()), isFailure)).rejects.toThrow(Refused);

/** A call that ends when it is told to. */
function call() {
  let end = { resolve: (_: string) => {}, reject: (_: Error) => {} };
  const promise = new Promise<string>((resolve, reject) => {
    end = { resolve, reject };
  });
  return { run: () => breaker.run(() => promise, isFailure), ...end };
}

async function open() {
  for (let failure = 0; failure < 3; failure++) await fail();
  expect(breaker.state).toBe("open");
}

describe("the circuit breaker", () => {
  it("opens after so many failures in a row, and then makes no call", async () => {
    await fail();
    await fail();
    expect(breaker.state).toBe("closed");
    await fail();
    expect(breaker.state).toBe("open");
    let calls = 0;
    const refused = breaker.run(async () => calls++);
    await expect(refused).rejects.toThrow(CircuitOpenError);
    await expect(refused).rejects.toMatchObject({ status: 503, code: "circuit-open", retryAfter: 1 });
    expect(calls).toBe(0);
  });

  it("does not open when successes come between", async () => {
    for (let turn = 0; turn < 5; turn++) {
      await fail();
      await fail();
      expect(await succeed()).toBe("answer");
    }
    expect(breaker.state).toBe("closed");
  });

  it("counts an error that does not speak against the host as an answer", async () => {
    await fail();
    await fail();
    await refuse();
    await fail();
    expect(breaker.state).toBe("closed");
  });

  it("takes every error for a failure, when nothing else is said", async () => {
    for (let failure = 0; failure < 3; failure++) {
      await expect(breaker.run(() => Promise.reject(new Refused()))).rejects.toThrow(Refused);
    }
    expect(breaker.state).toBe("open");
  });

  it("takes a call that throws at once for a failure", async () => {
    for (let failure = 0; failure < 3; failure++) {
      const throwing = breaker.run(() => {
        throw new Broken();
      });
      await expect(throwing).rejects.toThrow(Broken);
    }
    expect(breaker.state).toBe("open");
  });

  it("closes when the probe after the cool-down succeeds", async () => {
    await open();
    now = COOL_DOWN_MS - 1;
    await expect(succeed()).rejects.toThrow(CircuitOpenError);
    now = COOL_DOWN_MS;
    expect(breaker.state).toBe("half-open");
    expect(await succeed()).toBe("answer");
    expect(breaker.state).toBe("closed");
    await fail();
    await fail();
    expect(breaker.state).toBe("closed");
  });

  it("closes when the probe is refused: the host answers", async () => {
    await open();
    now = COOL_DOWN_MS;
    await refuse();
    expect(breaker.state).toBe("closed");
  });

  it("opens for another cool-down when the probe fails", async () => {
    await open();
    now = COOL_DOWN_MS;
    await fail();
    expect(breaker.state).toBe("open");
    now = 2 * COOL_DOWN_MS - 1;
    expect(breaker.state).toBe("open");
    now = 2 * COOL_DOWN_MS;
    expect(breaker.state).toBe("half-open");
  });

  it("lets one probe through at a time", async () => {
    await open();
    now = COOL_DOWN_MS;
    const probe = call();
    const probing = probe.run();
    for (let other = 0; other < 3; other++) await expect(succeed()).rejects.toThrow(CircuitOpenError);
    probe.resolve("back");
    expect(await probing).toBe("back");
    expect(await Promise.all([succeed(), succeed()])).toEqual(["answer", "answer"]);
  });

  it("sends another probe when the first has not ended within a cool-down", async () => {
    await open();
    now = COOL_DOWN_MS;
    const lost = call();
    const losing = lost.run();
    now = 2 * COOL_DOWN_MS;
    expect(await succeed()).toBe("answer");
    lost.reject(new Broken());
    await expect(losing).rejects.toThrow(Broken);
    expect(breaker.state).toBe("closed");
  });

  it("does not listen to calls that began before it opened", async () => {
    const early = [call(), call()];
    const calls = early.map(({ run }) => run());
    await open();
    early[0]!.resolve("late");
    expect(await calls[0]).toBe("late");
    expect(breaker.state).toBe("open");
    now = COOL_DOWN_MS;
    const probe = call();
    const probing = probe.run();
    early[1]!.reject(new Broken());
    await expect(calls[1]).rejects.toThrow(Broken);
    probe.resolve("back");
    await probing;
    expect(breaker.state).toBe("closed");
  });
});
