/** Stand-ins for what lies behind the API's borders: bucket, edge cache, model host. */
import { createApp } from "../../src/http/app.ts";
import type { Bucket } from "../../src/http/cache/bucket-layer.ts";
import type { EdgeCache } from "../../src/http/cache/edge-layer.ts";
import type { AppDependencies } from "../../src/http/dependencies.ts";
import type { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import type { Inference } from "../../src/vision/unified-embedding.ts";

/** A model of 16 dimensions on 8×8 pixels, with a Matryoshka prefix. */
export const TINY: ImageEmbeddingManifest = {
  name: "unified-embedding",
  revision: "0123456789ab",
  task: "image-embedding",
  description: "Averages of pixels.",
  license: "Apache-2.0",
  source: "drawn for tests",
  input: { name: "image", datatype: "UINT8", shape: [-1, 8, 8, 3] },
  preprocess: { width: 8, height: 8, fit: "stretch", background: [255, 255, 255], layout: "NHWC" },
  output: {
    name: "embedding",
    datatype: "FP32",
    shape: [-1, 16],
    dimensions: 16,
    prefixes: [8],
    normalized: false,
  },
  files: { int8: { path: "tiny.onnx", bytes: 1, sha256: "0".repeat(64) } },
  metrics: {},
};

export const PINNED = `${TINY.name}@${TINY.revision}`;

/** A model host that counts. It answers sums of pixels, so that pictures differ. */
export class CountingInference implements Inference {
  calls = 0;
  rows = 0;
  /** Runs before every answer: wait or throw here. */
  before: () => Promise<void> = async () => {};

  infer: Inference["infer"] = async (_model, inputs) => {
    this.calls += 1;
    await this.before();
    const { shape, data } = inputs.image!;
    const rows = shape[0]!;
    this.rows += rows;
    const pixels = data.length / rows;
    const out = new Float32Array(rows * 16);
    for (let at = 0; at < data.length; at++) {
      const row = Math.floor(at / pixels);
      const component = (at % pixels) % 16;
      out[row * 16 + component]! += (Number(data[at]) - 128) / 128;
    }
    return { embedding: { datatype: "FP32", shape: [rows, 16], data: out } };
  };
}

export class MemoryBucket implements Bucket {
  readonly objects = new Map<string, Uint8Array<ArrayBuffer>>();

  async get(key: string) {
    const bytes = this.objects.get(key);
    return bytes ? { arrayBuffer: async () => bytes.slice().buffer } : null;
  }

  async put(key: string, value: Uint8Array<ArrayBuffer>) {
    this.objects.set(key, value.slice());
  }
}

export class MemoryEdge implements EdgeCache {
  readonly responses = new Map<string, Response>();

  async match(url: string) {
    return this.responses.get(url)?.clone();
  }

  async put(url: string, response: Response) {
    this.responses.set(url, response);
  }
}

/** An app on fakes, and the fakes. */
export function testApp(overrides: Partial<AppDependencies> = {}) {
  const inference = new CountingInference();
  const bucket = new MemoryBucket();
  const edge = new MemoryEdge();
  const logs: Record<string, unknown>[] = [];
  const log = (record: Readonly<Record<string, unknown>>) => logs.push(record);
  const app = createApp({ models: [TINY], inference, bucket, edge, log, ...overrides });
  const postJson = (body: unknown, headers: Record<string, string> = {}) =>
    app.request("/v1/embeddings", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  return { app, inference, bucket, edge, logs, postJson };
}
