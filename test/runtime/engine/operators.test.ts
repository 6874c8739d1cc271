/** Single operators from ONNX to the engine, against onnxruntime: within one step of the output's scale. */
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { compile } from "../../../src/runtime/engine/compiler/compile.ts";
import { engineRuntime } from "../../../src/runtime/engine/engine-runtime.ts";
import { readPlan } from "../../../src/runtime/engine/plan.ts";
import { fixtureManifest } from "../fixtures/index.ts";
import { type Network, networks } from "./networks.ts";
import { writeOnnx } from "./onnx-writer.ts";
import { Random } from "./random.ts";

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const CASES_EACH = 12;

async function expectAgreement(network: Network, random: Random): Promise<void> {
  const onnx = writeOnnx(network.model);
  const compiled = compile(onnx);
  if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));
  const { name, shape } = network.model.input;
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Uint8Array.from({ length }, () => random.int(0, network.largestByte));
  const native = await ort.InferenceSession.create(onnx, {
    graphOptimizationLevel: "disabled",
    logSeverityLevel: 3,
  });
  const wanted = await native.run({ [name]: new ort.Tensor("uint8", data, shape) });
  await native.release();
  const [output] = readPlan(compiled.plan).header.outputs;
  const manifest = fixtureManifest("test", { input: { name, datatype: "UINT8", shape }, output: output! });
  const session = await engineRuntime().load(compiled.plan, { manifest, precision: "int8" });
  const actual = await session.run({ [name]: { datatype: "UINT8", shape, data } });
  for (const output of network.model.outputs) {
    const [ours, theirs] = [actual[output]!, wanted[output]!];
    expect(ours.shape).toEqual([...theirs.dims]);
    const [a, b] = [ours.data as Float32Array, theirs.data as Float32Array];
    let largest = 0;
    for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
    expect(largest / network.step, `steps between engine and onnxruntime`).toBeLessThanOrEqual(1.001);
  }
}

describe("operators agree with onnxruntime", () => {
  for (const [name, make] of Object.entries(networks)) {
    it(`${name} (seed ${SEED})`, async () => {
      for (let seed = SEED; seed < SEED + CASES_EACH; seed++) {
        const random = new Random(seed);
        try {
          await expectAgreement(make(random), random);
        } catch (error) {
          throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, {
            cause: error,
          });
        }
      }
    });
  }
});
