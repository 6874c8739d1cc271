import { afterEach, describe, expect, it } from "vitest";
import { encodeInferRequest } from "../../src/inference/encode.ts";
import { embed, parametersOf, picture, shipped, startShipped } from "./shipped.ts";
import type { ModelHost } from "./start.ts";

const SEEDS = [0, 1, 2, 3];

let host: ModelHost;
afterEach(() => host.stop());

describe("the model host with batches", () => {
  it.each(["", "ort"])(
    "runs concurrent inferences at once and answers each as alone (ENGINE=%j)",
    async (engine) => {
      host = await startShipped({ ENGINE: engine, BATCH_WINDOW_MS: "500", MAX_BATCH: "4" });
      const alone: Float32Array[] = [];
      for (const seed of SEEDS) alone.push(await embed(host, picture(seed)));
      expect(await parametersOf(host)).toMatchObject({
        batch_window_ms: 500,
        max_batch: 4,
        inference_count: 4,
        execution_count: 4,
      });
      expect(await Promise.all(SEEDS.map((seed) => embed(host, picture(seed))))).toEqual(alone);
      const { execution_count } = await parametersOf(host);
      expect(execution_count).toBeLessThan(8);
    },
  );

  it("answers the others when the caller whose inference waits for company hangs up", async () => {
    host = await startShipped({ BATCH_WINDOW_MS: "1000", MAX_BATCH: "4" });
    const expected = await embed(host);
    const { body, headers } = encodeInferRequest({ inputs: { [shipped.input.name]: picture(1) } });
    const path = `/v2/models/${shipped.name}/infer`;
    const gone = host.hangUpAfter(300, path, { method: "POST", body, headers });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await Promise.all([embed(host), embed(host)])).toEqual([expected, expected]);
    await gone;
    expect(await embed(host)).toEqual(expected);
  });

  it("does not run an inference whose caller has hung up", async () => {
    host = await startShipped({ BATCH_WINDOW_MS: "1000", MAX_BATCH: "2" });
    await embed(host);
    const { body, headers } = encodeInferRequest({ inputs: { [shipped.input.name]: picture(1) } });
    const path = `/v2/models/${shipped.name}/infer`;
    await host.hangUpAfter(200, path, { method: "POST", body, headers });
    await embed(host);
    expect(await parametersOf(host)).toMatchObject({ inference_count: 2 });
  });

  it("does not start with a configuration out of range", async () => {
    host = await startShipped({ BATCH_WINDOW_MS: "1001" });
    const response = await host.fetch("http://model-host/v2/health/live", {});
    expect(response.status).toBe(500);
  });
});
