/** The API's ways to its hosts, as its settings say. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type InferenceBindings, inferenceOf } from "../../functions/api/inference.ts";
import { Metrics } from "../../src/http/metrics.ts";
import { REVISION, type ScriptedHost, startScripted } from "../inference/scripted-host.ts";
import { startHeld, type TestOrigin, x, y } from "./start.ts";

const ORIGIN_SECRET = "correct horse battery staple";

let modelHost: ScriptedHost;
let origin: TestOrigin | undefined;
let metrics: Metrics;

beforeEach(async () => {
  modelHost = await startScripted();
  metrics = new Metrics();
});
afterEach(async () => {
  modelHost.stop();
  await origin?.stop();
  origin = undefined;
});

/** A service binding answers whatever name it is asked by. */
const binding = () => ({
  fetch: (url: string, init?: RequestInit) => fetch(url.replace("http://model-host", modelHost.url), init),
});

const counted = () =>
  [...metrics.text().matchAll(/corkboard_host_inferences_total\{(.*)\} (\d+)/g)].map(([, labels, count]) => [
    labels,
    Number(count),
  ]);

describe("the API's inferences", () => {
  it("are the model host's where no origin is configured", async () => {
    const settings: Partial<InferenceBindings>[] = [{}, { ORIGIN_URL: "", INFERENCE_FIRST: "origin" }];
    for (const env of settings) {
      const inference = inferenceOf({ MODEL_HOST: binding(), ...env }, metrics);
      expect(await inference.infer(`echo@${REVISION}`, x(3))).toEqual(x(3));
    }
    expect(counted()).toEqual([['host="edge",outcome="ok"', 2]]);
  });

  it("are the origin's, signed, where there is no model host", async () => {
    origin = await startHeld({ secret: ORIGIN_SECRET });
    const inference = inferenceOf({ ORIGIN_URL: origin.url, ORIGIN_SECRET }, metrics);
    expect(y(await inference.infer("held@000000000000", x(3)))).toEqual([6]);
    expect(counted()).toEqual([['host="origin",outcome="ok"', 1]]);
  });

  it("go to the model host first, or to the origin, as INFERENCE_FIRST says, and to the other then", async () => {
    origin = await startHeld({ secret: ORIGIN_SECRET });
    const env = { MODEL_HOST: binding(), ORIGIN_URL: origin.url, ORIGIN_SECRET };
    const edgeFirst = inferenceOf(env, metrics);
    expect(await edgeFirst.infer(`echo@${REVISION}`, x(3))).toEqual(x(3));
    modelHost.behaviour = "is full";
    expect(y(await edgeFirst.infer("held@000000000000", x(3)))).toEqual([6]);
    const originFirst = inferenceOf({ ...env, INFERENCE_FIRST: "origin" }, metrics);
    expect(y(await originFirst.infer("held@000000000000", x(3)))).toEqual([6]);
    modelHost.behaviour = "answers";
    expect(await originFirst.infer(`echo@${REVISION}`, x(3))).toEqual(x(3));
    expect(counted()).toEqual([
      ['host="edge",outcome="ok"', 2],
      ['host="edge",outcome="unavailable"', 1],
      ['host="origin",outcome="ok"', 2],
      ['host="origin",outcome="missing"', 1],
    ]);
  });

  it("are the model host's when the origin has another secret", async () => {
    origin = await startHeld({ secret: ORIGIN_SECRET });
    const env = { MODEL_HOST: binding(), ORIGIN_URL: origin.url, INFERENCE_FIRST: "origin" };
    const inference = inferenceOf({ ...env, ORIGIN_SECRET: "another horse battery staple" }, metrics);
    expect(await inference.infer(`echo@${REVISION}`, x(3))).toEqual(x(3));
    expect(counted()).toEqual([
      ['host="origin",outcome="failed"', 1],
      ['host="edge",outcome="ok"', 1],
    ]);
  });

  it.each<[InferenceBindings, RegExp]>([
    [{ INFERENCE_FIRST: "orgin", ORIGIN_URL: "http://origin" }, /INFERENCE_FIRST is "orgin".*edge or origin/],
    [{ ORIGIN_VERSIONS: "decimal", ORIGIN_URL: "http://origin" }, /ORIGIN_VERSIONS.*revision or integer/],
    [{}, /MODEL_HOST/],
  ])("are nobody's with settings such as %o", (env, message) => {
    expect(() => inferenceOf(env)).toThrow(message);
  });
});
