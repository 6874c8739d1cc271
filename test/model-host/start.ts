/** Starts the model host in a real workerd, over models that a test controls. */
import { Miniflare, type Request, Response } from "miniflare";
import { COMPATIBILITY_DATE, workerModules } from "../../bench/workerd/worker-modules.ts";
import { type Fetch, InferenceClient } from "../../src/inference/client.ts";
import { revisionOf, sha256 } from "../../src/runtime/integrity.ts";
import type { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";

export interface PublishedModel {
  readonly manifest: ImageEmbeddingManifest;
  readonly bytes: Uint8Array;
}

/** A model as `npm run build` publishes it: one file, with its checksum and revision. */
export async function published(
  draft: ImageEmbeddingManifest,
  name: string,
  bytes: Uint8Array,
): Promise<PublishedModel> {
  const file = { path: `${name}.onnx`, bytes: bytes.byteLength, sha256: await sha256(bytes) };
  const manifest = { ...draft, name, files: { fp32: file } };
  return { manifest: { ...manifest, revision: await revisionOf(manifest) }, bytes };
}

/** Where a published model's file stands among the assets. */
export const pathOf = ({ name, revision }: ImageEmbeddingManifest) =>
  `/models/${name}/${revision}/${name}.onnx`;

/** Static assets that a test can change, count and hold back. */
export class TestAssets {
  readonly files = new Map<string, string | Uint8Array>();
  /** Paths in the order in which they were read. */
  readonly reads: string[] = [];
  /** Reads of models wait for it. */
  gate: Promise<void> = Promise.resolve();

  constructor(models: readonly PublishedModel[]) {
    this.files.set("/models/registry.json", JSON.stringify(models.map((model) => model.manifest)));
    for (const { manifest, bytes } of models) this.files.set(pathOf(manifest), bytes);
  }

  async answer(url: string): Promise<Response> {
    const { pathname } = new URL(url);
    this.reads.push(pathname);
    if (pathname.endsWith(".onnx")) await this.gate;
    const file = this.files.get(pathname);
    return file === undefined ? new Response("not found", { status: 404 }) : new Response(file);
  }
}

export interface ModelHost {
  readonly assets: TestAssets;
  readonly client: InferenceClient;
  readonly fetch: Fetch;
  readonly bucket: Awaited<ReturnType<Miniflare["getR2Bucket"]>>;
  stop(): Promise<void>;
}

let modules: ReturnType<typeof workerModules> | undefined;

/** @param variables `MODELS` (default `*`), `PRECISION`, `MEMORY_BUDGET_MB`. */
export async function startModelHost(
  models: readonly PublishedModel[],
  variables: Record<string, string> = {},
): Promise<ModelHost> {
  modules ??= workerModules(new URL("../../functions/model-host/index.ts", import.meta.url));
  const assets = new TestAssets(models);
  const workerd = new Miniflare({
    compatibilityDate: COMPATIBILITY_DATE,
    ...(await modules),
    bindings: { MODELS: "*", ...variables },
    serviceBindings: { ASSETS: (request: Request) => assets.answer(request.url) },
    r2Buckets: ["MODEL_FILES"],
  });
  const base = (await workerd.ready).origin;
  const onWorker: Fetch = (url, init) => fetch(url.replace("http://model-host", base), init);
  return {
    assets,
    fetch: onWorker,
    client: new InferenceClient({ fetch: onWorker }),
    bucket: await workerd.getR2Bucket("MODEL_FILES"),
    stop: () => workerd.dispose(),
  };
}
