/** The service under load and under fire, where the HTTP tests cannot steer it. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { EmbeddingCache } from "../../src/http/cache/embedding-cache.ts";
import type { WorkScope } from "../../src/http/context.ts";
import { EmbeddingService } from "../../src/http/embedding-service.ts";
import { Gate, type GateOptions, OverloadedError } from "../../src/http/gate.ts";
import { Metrics } from "../../src/http/metrics.ts";
import type { PictureInput } from "../../src/http/picture-input.ts";
import { PicturePipeline } from "../../src/http/picture-pipeline.ts";
import { SingleFlight } from "../../src/http/single-flight.ts";
import { StageClock } from "../../src/http/stage-clock.ts";
import type { Embedding } from "../../src/vision/unified-embedding.ts";
import { CountingInference, TINY } from "./fakes.ts";
import { dataUrl, drawJpeg } from "./pictures.ts";

const input = (seed: number): PictureInput => ({ kind: "data-url", url: dataUrl(drawJpeg(seed, 40, 40)) });

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const scope = (signal = new AbortController().signal): WorkScope => ({
  origin: "https://cork.example",
  signal,
  clock: new StageClock(),
  background: () => undefined,
});

function fixture({ patience = 1_000, ...gateOptions }: Partial<GateOptions> = {}) {
  const decodes = new Gate({
    ...{ what: "pictures", capacity: 1, waiting: 2, patience, lease: 60_000 },
    ...gateOptions,
  });
  const fetches = new Gate({ what: "addresses", capacity: 1, waiting: 1, patience, lease: 60_000 });
  const flights = new SingleFlight<Embedding>({ capacity: 100, patience });
  const inference = new CountingInference();
  const service = new EmbeddingService({
    inference,
    metrics: new Metrics(),
    pipeline: new PicturePipeline({ decodes, fetches, flights, addresses: {} }),
    cacheFor: () => new EmbeddingCache([], () => undefined),
  });
  const embed = (seeds: number[], one = scope()) => service.embed(seeds.map(input), TINY, one);
  return { decodes, flights, inference, embed };
}

describe("the decoder's queue", () => {
  it("refuses what does not fit, leaves nothing behind, and works again", async () => {
    const { decodes, flights, inference, embed } = fixture();
    const leave = await decodes.enter();
    const waiting = [embed([1]), embed([2])];
    await expect.poll(() => decodes.load.waiting).toBe(2);
    await expect(embed([3])).rejects.toBeInstanceOf(OverloadedError);
    expect(flights.size).toBe(2);
    leave();
    await Promise.all(waiting);
    await expect(embed([3])).resolves.toHaveLength(1);
    expect(flights.size).toBe(0);
    expect(decodes.load).toEqual({ inside: 0, waiting: 0 });
    expect(inference.rows).toBe(3);
  });

  it("fails a whole batch with the overload, not with a list of bad pictures", async () => {
    const { decodes, flights, inference, embed } = fixture();
    await decodes.enter();
    await expect(embed([1, 2, 3, 4])).rejects.toBeInstanceOf(OverloadedError);
    expect(flights.size).toBe(0);
    expect(inference.calls).toBe(0);
  });
});

describe("a request that vanishes", () => {
  it("does not take along those who wait for its picture", async () => {
    const { flights, inference, embed } = fixture({ patience: 50 });
    const key = `embeddings/${TINY.name}@${TINY.revision}/${sha256(drawJpeg(1, 40, 40))}`;
    // Somebody began and will never end.
    expect(flights.join(key).own).toBe(true);
    await expect(embed([1])).resolves.toHaveLength(1);
    expect(inference.rows).toBe(1);
  });
});

describe("a request whose time is over", () => {
  it("stops before the next batch and gives up its flights", async () => {
    const { flights, inference, embed } = fixture({ waiting: 100 });
    const controller = new AbortController();
    inference.before = async () => controller.abort(new Error("late"));
    await expect(embed([1, 2, 3, 4, 5, 6], scope(controller.signal))).rejects.toThrow("late");
    expect(inference.calls).toBe(1);
    expect(flights.size).toBe(0);
  });
});
