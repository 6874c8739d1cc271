/** What an origin runs before it is asked anything. */
import { afterEach, expect, it } from "vitest";
import { readModel } from "../../src/cli/model-folder.ts";
import { warmBatches } from "../../src/inference/proof.ts";
import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import { type HeldOrigin, startHeld, startShipped, type TestOrigin } from "./start.ts";

let origin: TestOrigin | undefined;
afterEach(() => origin?.stop());

async function warmed(options: Parameters<typeof startHeld>[0]): Promise<number[]> {
  const held: HeldOrigin = await startHeld(options);
  origin = held;
  await held.warmUp(() => undefined);
  return held.held.rows();
}

it("runs one row of each model, unless it is told to run batches", async () => {
  expect(await warmed({ maxBatch: 8 })).toEqual([1]);
});

it("runs powers of two up to the largest batch, and the largest, each once in every lane", async () => {
  expect(await warmed({ maxBatch: 12, warmBatches: true })).toEqual([1, 2, 4, 8, 12]);
  await origin?.stop();
  expect(await warmed({ maxBatch: 2, lanes: 2, warmBatches: true })).toEqual([1, 2, 2]);
  await origin?.stop();
  expect(await warmed({ maxBatch: 1, warmBatches: true })).toEqual([1]);
});

it("warms the shipped models on the CPU, those with free lengths too, and answers as before", async () => {
  origin = await startShipped("pinclip-text,pinclip-fusion", { maxBatch: 4, warmBatches: true });
  const ready: string[] = [];
  await origin.warmUp(({ manifest }) => ready.push(manifest.name));
  expect(ready).toEqual(["pinclip-text", "pinclip-fusion"]);
  // Warming is no inference of anybody's.
  expect((await origin.client.metadata("pinclip-text")).parameters).toMatchObject({ inference_count: 0 });
});

it("says that it is not ready when a batch fails", async () => {
  const { manifest, bytes } = await readModel("pinclip-fusion", "fp32");
  const session = await nativeRuntime({ provider: "cpu" }).load(bytes, { manifest, precision: "fp32" });
  const failing = {
    ...session,
    inputs: session.inputs,
    outputs: session.outputs,
    run: async (...[inputs, outputs]: Parameters<typeof session.run>) => {
      if (inputs.image!.shape[0]! > 2) throw new Error("out of memory");
      return session.run(inputs, outputs);
    },
  };
  const model = { manifest, precision: "fp32" as const, file: manifest.files.fp32! };
  await warmBatches(model, failing, { most: 2, lanes: 1 });
  await expect(warmBatches(model, failing, { most: 4, lanes: 1 })).rejects.toThrow("out of memory");
  await session.dispose();
});
