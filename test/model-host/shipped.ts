/** The shipped encoder as `npm run build` publishes it: its int8 file, and the plan for the engine. */
import { readFile } from "node:fs/promises";
import { compile } from "../../src/runtime/engine/compiler/compile.ts";
import { readPlan } from "../../src/runtime/engine/plan.ts";
import { heapBytesOf } from "../../src/runtime/engine/session.ts";
import { sha256 } from "../../src/runtime/integrity.ts";
import { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";
import { type ModelHost, startModelHost } from "./start.ts";

const FOLDER = new URL("../../models/unified-embedding/", import.meta.url);

export const shipped = ImageEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", FOLDER), "utf8")),
);
const onnx = new Uint8Array(await readFile(new URL(shipped.files.int8!.path, FOLDER)));
const compiled = compile(onnx);
if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));
const { plan } = compiled;

/** Bytes of linear memory that one session of the plan has. */
export const PLAN_HEAP_BYTES = heapBytesOf(readPlan(plan));

/** The host over the model's int8 file and its plan, under each of `names`. */
export async function startShipped(
  variables: Record<string, string>,
  names: readonly string[] = [shipped.name],
): Promise<ModelHost> {
  const host = await startModelHost([], { PRECISION: "int8", ...variables });
  const file = { path: "model.plan", bytes: plan.length, sha256: await sha256(plan) };
  const { revision } = shipped;
  const models = names.map((name) => ({ ...shipped, name }));
  const plans = Object.fromEntries(
    names.map((name) => [name, { revision, file, heapBytes: PLAN_HEAP_BYTES }]),
  );
  host.assets.files.set("/models/registry.json", JSON.stringify(models));
  host.assets.files.set("/models/plans.json", JSON.stringify(plans));
  for (const name of names) {
    host.assets.files.set(`/models/${name}/${revision}/${file.path}`, plan);
    host.assets.files.set(`/models/${name}/${revision}/${shipped.files.int8!.path}`, onnx);
  }
  return host;
}

/** A made-up picture, another for each seed. */
export function picture(seed = 0): Tensor {
  const shape = [1, ...shipped.input.shape.slice(1)];
  const length = shape.reduce((a, b) => a * b);
  const data = Uint8Array.from({ length }, (_, i) => 127 + 100 * Math.sin(i / (700 - 40 * seed)));
  return { datatype: "UINT8", shape, data };
}

export async function embed(host: ModelHost, image = picture(), name = shipped.name): Promise<Float32Array> {
  const outputs = await host.client.infer(name, { [shipped.input.name]: image });
  return outputs[shipped.output.name]!.data as Float32Array;
}

export async function parametersOf(host: ModelHost, name = shipped.name): Promise<Record<string, unknown>> {
  return (await host.client.metadata(name)).parameters ?? {};
}
