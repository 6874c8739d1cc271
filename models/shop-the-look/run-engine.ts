/**
 * Runs pictures through a detector on the engine, for the evaluation in Python.
 *
 *     npx tsx models/shop-the-look/run-engine.ts model.onnx pixels.bin outputs.bin
 *
 * `pixels.bin`: the input tensors one behind the other, uint8. `outputs.bin`: for each picture all outputs in the order
 * of the model, float32.
 */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { compile } from "../../src/runtime/engine/compiler/compile.ts";
import { engineRuntime } from "../../src/runtime/engine/engine-runtime.ts";
import type { ObjectDetectionManifest } from "../../src/runtime/manifest.ts";

const [modelPath, pixelsPath, outputsPath] = process.argv.slice(2);
if (!modelPath || !pixelsPath || !outputsPath) {
  throw new Error("needs a model, a file of pixels and a file for the outputs");
}
const compiled = compile(new Uint8Array(readFileSync(modelPath)));
if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported, null, 1));
const manifest = JSON.parse(
  readFileSync(new URL("manifest.json", import.meta.url), "utf8"),
) as ObjectDetectionManifest;
const session = await engineRuntime().load(compiled.plan, { manifest, precision: "int8" });
const [input] = session.inputs;
const shape = [1, ...input!.shape.slice(1)];
const size = shape.reduce((product, length) => product * length, 1);
const pixels = readFileSync(pixelsPath);
const file = openSync(outputsPath, "w");
for (let from = 0; from + size <= pixels.length; from += size) {
  const data = new Uint8Array(pixels.subarray(from, from + size));
  const outputs = await session.run({ [input!.name]: { datatype: "UINT8", shape, data } });
  for (const { name } of session.outputs) {
    const { data: floats } = outputs[name]!;
    writeSync(file, new Uint8Array((floats as Float32Array).buffer));
  }
}
closeSync(file);
