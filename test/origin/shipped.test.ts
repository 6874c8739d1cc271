/** The shipped models over HTTP, on onnxruntime-node in a worker thread. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEmbeddingModel } from "../../src/cli/model-folder.ts";
import { ModelNotFoundError } from "../../src/inference/errors.ts";
import { joinRows, splitRows } from "../../src/inference/rows.ts";
import { pinnedName } from "../../src/runtime/manifest.ts";
import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import type { Session } from "../../src/runtime/session.ts";
import type { Tensor, Tensors } from "../../src/runtime/tensor.ts";
import { startShipped, type TestOrigin } from "./start.ts";

const NAME = "unified-embedding";
const SEEDS = [0, 1, 2, 3, 4, 5];
const { manifest, bytes } = await readEmbeddingModel(NAME, "int8");
const PINNED = pinnedName(manifest);

/** A made-up picture, another for each seed. */
function picture(seed: number): Tensors {
  const shape = [1, ...manifest.input.shape.slice(1)];
  const length = shape.reduce((a, b) => a * b);
  const data = Uint8Array.from({ length }, (_, i) => 127 + 100 * Math.sin(i / (700 - 40 * seed)));
  return { image: { datatype: "UINT8", shape, data } as Tensor };
}

let origin: TestOrigin;
let native: Session;
beforeAll(async () => {
  native = await nativeRuntime({ provider: "cpu", threads: 1 }).load(bytes, { manifest, precision: "int8" });
  origin = await startShipped(`${NAME},pinclip-text`, {
    batchWindowMs: 200,
    maxBatch: 4,
    secret: "s".repeat(24),
  });
});
afterAll(async () => {
  await origin.stop();
  await native.dispose();
});

describe("an origin with the shipped encoder", () => {
  it("is ready once every model has run, and says what runs it", async () => {
    const seen: string[] = [];
    await origin.warmUp((model, session) => seen.push(`${model.manifest.name} on ${session?.provider}`));
    expect(seen).toEqual([`${NAME} on cpu`, "pinclip-text on cpu"]);
    expect(await origin.client.ready()).toBe(true);
    expect((await origin.client.metadata(PINNED)).parameters).toMatchObject({
      engine: "native",
      provider: "cpu",
      precision: "int8",
      revision: manifest.revision,
      max_batch: 4,
    });
  });

  it("answers every output as onnxruntime does in the process itself", async () => {
    const inputs = joinRows([picture(0), picture(1)]);
    expect(await origin.client.infer(PINNED, inputs)).toEqual(await native.run(inputs));
  });

  it("runs concurrent requests together and answers each its own rows", async () => {
    const before = (await origin.client.metadata(NAME)).parameters!;
    const outputs = ["embedding"];
    const answers = await Promise.all(
      SEEDS.map((seed) => origin.client.infer(PINNED, picture(seed), { outputs })),
    );
    const after = (await origin.client.metadata(NAME)).parameters!;
    expect(Number(after.inference_count) - Number(before.inference_count)).toBe(SEEDS.length);
    expect(Number(after.execution_count) - Number(before.execution_count)).toBe(2);
    const together = await native.run(joinRows(SEEDS.slice(0, 4).map(picture)), outputs);
    expect(splitRows(together, [1, 1, 1, 1])).toEqual(answers.slice(0, 4));
  });

  it("does not have other revisions", async () => {
    await expect(origin.client.infer(`${NAME}@000000000000`, picture(0))).rejects.toThrow(ModelNotFoundError);
  });

  it("answers its health while an inference runs", async () => {
    const events: string[] = [];
    const long = origin.client.infer(PINNED, joinRows(Array.from({ length: 24 }, () => picture(0))));
    const ended = long.then(() => events.push("inference"));
    await expect.poll(async () => (await origin.get("/v2/health/live")).status).toBe(200);
    for (let i = 0; i < 10; i++) await origin.get("/v2/health/live").then(() => events.push("live"));
    await ended;
    expect(events.at(-1)).toBe("inference");
  });
});
