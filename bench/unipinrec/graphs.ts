/** UniPinRec's exported graphs in onnxruntime-node: sessions, and tensors that stay on the GPU between them. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Ort from "onnxruntime-web";
import { halves } from "./half.ts";

const ort = createRequire(import.meta.url)("onnxruntime-node") as typeof Ort;

export type Tensor = Ort.Tensor;
export type Feeds = Record<string, Tensor>;

export interface Sizes {
  readonly layers: number;
  readonly heads: number;
  /** Components of a head. */
  readonly head: number;
  /** Components of item and query vectors. */
  readonly dimensions: number;
  readonly actions: number;
}

export interface Engine {
  readonly provider: "webgpu" | "cpu";
  readonly precision: "fp16" | "fp32";
  /** Options of the provider, such as `{validationMode: "disabled"}`. */
  readonly options: Readonly<Record<string, string | boolean>>;
}

export async function readSizes(folder: string): Promise<Sizes> {
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  const { layers, heads, head_dimensions: head, dimensions, actions } = manifest;
  return { layers, heads, head, dimensions, actions: actions.length };
}

const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  history: ["query", "keys", "values"],
  retrieval: ["query"],
};

/** One graph. What it keeps stays on the GPU: `dispose` those tensors. */
export class Graph {
  private constructor(private readonly session: Ort.InferenceSession) {}

  static async open(folder: string, name: string, engine: Engine, kept: readonly string[] = []) {
    const onGpu = engine.provider === "webgpu";
    const outputs = OUTPUTS[name] ?? ["probabilities"];
    const session = await ort.InferenceSession.create(
      join(folder, `unipinrec.${name}.${engine.precision}.onnx`),
      {
        executionProviders: [onGpu ? { name: "webgpu", ...engine.options } : "cpu"],
        logSeverityLevel: 3,
        ...(onGpu && {
          preferredOutputLocation: Object.fromEntries(
            outputs.map((output) => [output, kept.includes(output) ? "gpu-buffer" : "cpu"]),
          ),
        }),
      } as Ort.InferenceSession.SessionOptions,
    );
    return new Graph(session);
  }

  run(feeds: Feeds): Promise<Feeds> {
    return this.session.run(feeds) as Promise<Feeds>;
  }

  close(): Promise<void> {
    return this.session.release();
  }
}

export function floatTensor(engine: Engine, values: Float32Array | Uint16Array, dims: number[]): Tensor {
  if (engine.precision === "fp32") return new ort.Tensor("float32", values as Float32Array, dims);
  const data = values instanceof Uint16Array ? values : halves(values);
  return new ort.Tensor("float16", data as Uint16Array, dims);
}

export function integerTensor(values: readonly number[], dims: number[]): Tensor {
  return new ort.Tensor("int64", BigInt64Array.from(values, BigInt), dims);
}

/** START's keys and values for a batch, [L, B, H, 1, d]. */
export async function readStart(folder: string, engine: Engine, sizes: Sizes, batch: number): Promise<Feeds> {
  const bytes = await readFile(join(folder, "unipinrec.start.bin"));
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const layer = sizes.heads * sizes.head;
  const repeated = (from: number) => {
    const values = new Float32Array(sizes.layers * batch * layer);
    for (let at = 0; at < sizes.layers * batch; at++) {
      const start = from + Math.floor(at / batch) * layer;
      values.set(all.subarray(start, start + layer), at * layer);
    }
    return floatTensor(engine, values, [sizes.layers, batch, sizes.heads, 1, sizes.head]);
  };
  return { past_keys: repeated(0), past_values: repeated(sizes.layers * layer) };
}
