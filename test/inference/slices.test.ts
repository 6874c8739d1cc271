import { expect, it } from "vitest";
import { runInSlices } from "../../src/inference/slices.ts";
import { InvalidTensorError } from "../../src/runtime/errors.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import { arithmetic, reshape } from "../runtime/fixtures/index.ts";

const rows = (count: number): Tensors => {
  const data = Float32Array.from({ length: count * 3 }, (_, index) => index);
  const tensor = { datatype: "FP32" as const, shape: [count, 3], data };
  return { a: tensor, b: tensor };
};

it.each([1, 2, 3, 5, 7])("answers five rows, %i at once, as it answers them together", async (atOnce) => {
  const session = await wasmRuntime().load(arithmetic.bytes, arithmetic.options);
  expect(await runInSlices(session, rows(5), undefined, atOnce)).toEqual(await session.run(rows(5)));
});

it("refuses inputs before it runs the first slice", async () => {
  const session = await wasmRuntime().load(arithmetic.bytes, arithmetic.options);
  const { a } = rows(5);
  await expect(runInSlices(session, { a: a! }, undefined, 2)).rejects.toThrow(InvalidTensorError);
  await expect(runInSlices(session, { ...rows(5), b: rows(4).b! }, undefined, 2)).rejects.toThrow();
});

it("runs a model without a batch at once", async () => {
  const session = await wasmRuntime().load(reshape.bytes, reshape.options);
  const shape = { datatype: "INT64" as const, shape: [2], data: BigInt64Array.of(3n, 2n) };
  const { reshaped } = await runInSlices(session, { shape }, undefined, 1);
  expect(reshaped?.shape).toEqual([3, 2]);
});
