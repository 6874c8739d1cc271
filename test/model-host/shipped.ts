/** The shipped encoder in the model host, as `npm run build` publishes it. */
import { readFile } from "node:fs/promises";
import { readPlan } from "../../src/runtime/engine/plan.ts";
import { heapBytesOf } from "../../src/runtime/engine/session.ts";
import { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";
import { type ModelHost, ON_ENGINE, published, startModelHost } from "./start.ts";

const FOLDER = new URL("../../models/unified-embedding/", import.meta.url);

export const shipped = ImageEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", FOLDER), "utf8")),
);
const onnx = new Uint8Array(await readFile(new URL(shipped.files.int8!.path, FOLDER)));

/** Bytes of linear memory that one session of its plan has. */
export const PLAN_HEAP_BYTES = heapBytesOf(readPlan((await published(shipped, shipped.name, onnx)).plan));

/** The host with the encoder under each of `names`; on the engine, unless `ENGINE` is `ort`. */
export async function startShipped(
  variables: Record<string, string>,
  names: readonly string[] = [shipped.name],
): Promise<ModelHost> {
  const models = await Promise.all(names.map((name) => published(shipped, name, onnx)));
  return startModelHost(ON_ENGINE, models, variables);
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
