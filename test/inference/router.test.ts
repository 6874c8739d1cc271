/** Failing over from one model host to another, both ways, over real HTTP. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InferenceClient } from "../../src/inference/client.ts";
import {
  DeadlineExceededError,
  HostRefusedError,
  HostUnavailableError,
  ModelNotFoundError,
} from "../../src/inference/errors.ts";
import {
  GuardedHost,
  HOST_COOL_DOWN_MS,
  HOST_FAILURES,
  MAX_GUARDED_MODELS,
  MODEL_COOL_DOWN_MS,
} from "../../src/inference/guarded-host.ts";
import { FIRST_HOST_PART, InferenceRouter } from "../../src/inference/router.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { type Behaviour, REVISION, type ScriptedHost, startScripted } from "./scripted-host.ts";

const MODEL = `echo@${REVISION}`;
const x: Tensors = { x: { datatype: "FP32", shape: [2], data: Float32Array.of(1, 2) } };

let edge: ScriptedHost;
let origin: ScriptedHost;
let now: number;
let outcomes: string[];

beforeEach(async () => {
  [edge, origin] = await Promise.all([startScripted(), startScripted()]);
  now = 0;
  outcomes = [];
});
afterEach(() => {
  edge.stop();
  origin.stop();
});

const NAMES = ["edge", "origin"] as const;
type Name = (typeof NAMES)[number];
const hostOf = (name: Name) => (name === "edge" ? edge : origin);

function guarded(name: Name): GuardedHost {
  return new GuardedHost(name, new InferenceClient({ baseUrl: hostOf(name).url }), { clock: () => now });
}

function routerOf(...names: [Name, ...Name[]]): InferenceRouter {
  const [first, ...others] = names;
  return new InferenceRouter({
    hosts: [guarded(first), ...others.map(guarded)],
    observe: (host, outcome) => outcomes.push(`${host} ${outcome}`),
  });
}

describe.each([
  ["edge", "origin"],
  ["origin", "edge"],
] as const)("inference that prefers the %s", (first, second) => {
  it("asks it alone while it answers", async () => {
    expect(await routerOf(first, second).infer(MODEL, x)).toEqual(x);
    expect(outcomes).toEqual([`${first} ok`]);
    expect(hostOf(second).requests).toBe(0);
  });

  it.each<[Behaviour, string]>([
    ["hangs", "late"],
    ["hangs up", "unavailable"],
    ["answers half of it", "unavailable"],
    ["is busy", "unavailable"],
    ["is full", "unavailable"],
    ["is a proxy without its host", "unavailable"],
    ["fails", "failed"],
    ["lets nobody in", "failed"],
    ["lacks the model", "missing"],
    ["has another revision", "mismatched"],
    ["answers nonsense", "nonsense"],
    ["answers without end", "nonsense"],
  ])("is done by the other one when that %s", async (behaviour, outcome) => {
    hostOf(first).behaviour = behaviour;
    const timeoutMs = behaviour === "hangs" ? 6_000 : 30_000;
    expect(await routerOf(first, second).infer(MODEL, x, { timeoutMs })).toEqual(x);
    expect(outcomes).toEqual([`${first} ${outcome}`, `${second} ok`]);
  });

  it("is done by the other one when nothing listens there", async () => {
    hostOf(first).stop();
    expect(await routerOf(first, second).infer(MODEL, x)).toEqual(x);
    expect(outcomes).toEqual([`${first} unavailable`, `${second} ok`]);
  });

  it.each<[Behaviour, number]>([
    ["finds the request wrong", 400],
    ["finds the request too long", 413],
  ])("is not tried elsewhere when that %s", async (behaviour, status) => {
    hostOf(first).behaviour = behaviour;
    const error = await routerOf(first, second)
      .infer(MODEL, x)
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(HostRefusedError);
    expect(error.status).toBe(status);
    expect(outcomes).toEqual([`${first} refused`]);
    expect(hostOf(second).requests).toBe(0);
  });

  it("leaves it alone after failures in a row, tries it again after a while, and comes back to it", async () => {
    const router = routerOf(first, second);
    hostOf(first).behaviour = "fails";
    for (let turn = 0; turn < HOST_FAILURES; turn++) await router.infer(MODEL, x);
    expect(hostOf(first).requests).toBe(HOST_FAILURES);
    outcomes = [];
    await router.infer(MODEL, x);
    expect(outcomes).toEqual([`${first} skipped`, `${second} ok`]);
    now += HOST_COOL_DOWN_MS;
    await router.infer(MODEL, x);
    expect(hostOf(first).requests).toBe(HOST_FAILURES + 1);
    await router.infer(MODEL, x);
    expect(hostOf(first).requests).toBe(HOST_FAILURES + 1);

    hostOf(first).behaviour = "answers";
    now += HOST_COOL_DOWN_MS;
    outcomes = [];
    for (let turn = 0; turn < 3; turn++) await router.infer(MODEL, x);
    expect(outcomes).toEqual(Array(3).fill(`${first} ok`));
  });

  it("tries it with one request at a time", async () => {
    const router = routerOf(first, second);
    hostOf(first).behaviour = "fails";
    for (let turn = 0; turn < HOST_FAILURES; turn++) await router.infer(MODEL, x);
    now += HOST_COOL_DOWN_MS;
    outcomes = [];
    hostOf(first).behaviour = "answers";
    await Promise.all([1, 2, 3].map(() => router.infer(MODEL, x)));
    expect(outcomes.filter((one) => one === `${first} ok`)).toHaveLength(1);
    expect(outcomes.filter((one) => one === `${second} ok`)).toHaveLength(2);
  });

  it("does not ask it for a model that it lacks, but for others", async () => {
    const router = routerOf(first, second);
    hostOf(first).behaviour = "has another revision";
    await router.infer(MODEL, x);
    await router.infer(MODEL, x);
    expect(outcomes).toEqual([`${first} mismatched`, `${second} ok`, `${first} skipped`, `${second} ok`]);
    outcomes = [];
    hostOf(first).behaviour = "answers";
    await router.infer("echo", x);
    now += MODEL_COOL_DOWN_MS;
    await router.infer(MODEL, x);
    expect(outcomes).toEqual([`${first} ok`, `${first} ok`]);
  });

  it("stops with its caller, who is not served elsewhere and says nothing about the host", async () => {
    const router = routerOf(first, second);
    hostOf(first).behaviour = "hangs";
    for (let turn = 0; turn < HOST_FAILURES + 1; turn++) {
      const controller = new AbortController();
      const running = router.infer(MODEL, x, { signal: controller.signal });
      await expect.poll(() => hostOf(first).requests).toBe(turn + 1);
      controller.abort(new RangeError("enough"));
      await expect(running).rejects.toThrow("enough");
    }
    expect(outcomes).toEqual(Array(HOST_FAILURES + 1).fill(`${first} abandoned`));
    expect(hostOf(second).requests).toBe(0);
  });

  it("sends nothing for a caller who has gone before", async () => {
    const signal = AbortSignal.abort(new RangeError("gone"));
    await expect(routerOf(first, second).infer(MODEL, x, { signal })).rejects.toThrow("gone");
    expect(edge.requests + origin.requests).toBe(0);
  });

  it("shares its time: the first gets a part, the last what is left", async () => {
    const timeoutMs = 6_000;
    const router = routerOf(first, second);
    hostOf(first).behaviour = "hangs";
    hostOf(second).behaviour = "hangs";
    await expect(router.infer(MODEL, x, { timeoutMs })).rejects.toThrow(DeadlineExceededError);
    expect(outcomes).toEqual([`${first} late`, `${second} late`]);
    expect(hostOf(first).patience).toBeLessThanOrEqual(timeoutMs * FIRST_HOST_PART);
    expect(hostOf(second).patience).toBeLessThanOrEqual(timeoutMs * (1 - FIRST_HOST_PART) + 1);
    expect(hostOf(second).patience).toBeGreaterThan(0);
  });

  it("does not blame a host for a caller who had hardly any time", async () => {
    const router = routerOf(first, second);
    hostOf(first).behaviour = "hangs";
    for (let turn = 0; turn <= HOST_FAILURES; turn++) await router.infer(MODEL, x, { timeoutMs: 200 });
    expect(outcomes).toEqual(
      Array(HOST_FAILURES + 1)
        .fill([`${first} late`, `${second} ok`])
        .flat(),
    );
  });

  it("gets all of its time while the other one is left alone", async () => {
    const router = routerOf(first, second);
    hostOf(first).behaviour = "lacks the model";
    hostOf(second).behaviour = "fails";
    for (let turn = 0; turn < HOST_FAILURES; turn++) await router.infer(MODEL, x).catch(() => undefined);
    hostOf(first).behaviour = "answers";
    await router.infer("echo", x, { timeoutMs: 5_000 });
    expect(hostOf(first).patience).toBe(5_000);
    now += HOST_COOL_DOWN_MS;
    await router.infer("echo", x, { timeoutMs: 5_000 });
    expect(hostOf(first).patience).toBe(5_000 * FIRST_HOST_PART);
  });

  it("reads metadata, and is ready, when the other one does and is", async () => {
    hostOf(first).behaviour = "fails";
    const router = routerOf(first, second);
    expect((await router.metadata(MODEL)).platform).toBe("script");
    expect(await router.ready()).toBe(true);
    hostOf(second).behaviour = "is full";
    expect(await router.ready()).toBe(false);
    expect(outcomes).toEqual([]);
  });
});

describe("when neither host answers", () => {
  it("says so in the words after which a retry makes sense", async () => {
    edge.behaviour = "is full";
    origin.behaviour = "lacks the model";
    for (const [first, second] of [
      ["edge", "origin"],
      ["origin", "edge"],
    ] as const) {
      await expect(routerOf(first, second).infer(MODEL, x)).rejects.toThrow(HostUnavailableError);
    }
    edge.behaviour = "lacks the model";
    await expect(routerOf("edge", "origin").infer(MODEL, x)).rejects.toThrow(ModelNotFoundError);
  });

  it("asks the preferred one all the same while both are left alone", async () => {
    edge.behaviour = "fails";
    origin.behaviour = "fails";
    const router = routerOf("edge", "origin");
    for (let turn = 0; turn < HOST_FAILURES; turn++) await router.infer(MODEL, x).catch(() => undefined);
    outcomes = [];
    edge.behaviour = "answers";
    expect(await router.infer(MODEL, x)).toEqual(x);
    expect(outcomes).toEqual(["edge skipped", "origin skipped", "edge ok"]);
  });
});

describe("with one host alone", () => {
  it("asks it each time, with all the time there is, whatever it did before", async () => {
    const router = routerOf("edge");
    edge.behaviour = "is full";
    for (let turn = 0; turn < 2 * HOST_FAILURES; turn++) {
      await expect(router.infer(MODEL, x, { timeoutMs: 5_000 })).rejects.toThrow(HostUnavailableError);
    }
    expect(edge.requests).toBe(2 * HOST_FAILURES);
    expect(edge.patience).toBe(5_000);
  });
});

it("keeps no account without end of the models it was asked for", async () => {
  const host = guarded("edge");
  edge.behaviour = "lacks the model";
  const ask = (model: string) => host.run(model, (client) => client.infer(model, x)).catch(() => undefined);
  await ask("model-0");
  await ask("model-0");
  expect(edge.requests).toBe(1);
  for (let model = 1; model <= MAX_GUARDED_MODELS; model++) await ask(`model-${model}`);
  await ask("model-0");
  expect(edge.requests).toBe(1 + MAX_GUARDED_MODELS + 1);
});
