/** Starts the model host in a real workerd, over models that a test controls. */
import { Miniflare, type Request, Response } from "miniflare";
import { COMPATIBILITY_DATE, MODEL_HOST_FLAGS, workerModules } from "../../bench/workerd/worker-modules.ts";
import { type Fetch, InferenceClient } from "../../src/inference/client.ts";
import type { PlanList } from "../../src/inference/plan-store.ts";
import { compile } from "../../src/runtime/engine/compiler/compile.ts";
import { readPlan } from "../../src/runtime/engine/plan.ts";
import { heapBytesOf } from "../../src/runtime/engine/session.ts";
import { revisionOf, sha256 } from "../../src/runtime/integrity.ts";
import {
  type ImageEmbeddingManifest,
  type ModelFile,
  type ModelManifest,
  pinnedName,
} from "../../src/runtime/manifest.ts";

/** A way in which a model host runs models that have a plan. */
export interface Mode {
  /** The Worker's file beside `functions/model-host/wrangler.toml`. */
  readonly entry: string;
  readonly variables: Readonly<Record<string, string>>;
  /** As the metadata name it. */
  readonly engine: "engine" | "wasm";
  readonly provider: string;
}

export const ON_ENGINE: Mode = { entry: "index.ts", variables: {}, engine: "engine", provider: "relaxed" };
export const ENGINE_ONLY: Mode = { ...ON_ENGINE, entry: "engine-only.ts" };
export const ON_ONNXRUNTIME: Mode = {
  entry: "index.ts",
  variables: { ENGINE: "ort" },
  engine: "wasm",
  provider: "wasm",
};

/** All of them, with what they are called in the names of tests. */
export const MODES: readonly (readonly [name: string, mode: Mode])[] = [
  ["on Corkboard's engine", ON_ENGINE],
  ["without onnxruntime-web", ENGINE_ONLY],
  ["with ENGINE=ort", ON_ONNXRUNTIME],
];

export interface PublishedModel {
  readonly manifest: ImageEmbeddingManifest;
  readonly bytes: Uint8Array;
  readonly plan: Uint8Array;
  readonly planFile: ModelFile;
}

/** An int8 model as `npm run build` publishes it: its file and its plan, with checksums and revision. */
export async function published(
  draft: ImageEmbeddingManifest,
  name: string,
  bytes: Uint8Array,
): Promise<PublishedModel> {
  const files = { int8: await fileOf(`${name}.onnx`, bytes) };
  const manifest = { ...draft, name, files };
  const compiled = compile(bytes);
  if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));
  const { plan } = compiled;
  return {
    manifest: { ...manifest, revision: await revisionOf(manifest) },
    bytes,
    plan,
    planFile: await fileOf(`${name}.plan`, plan),
  };
}

const fileOf = async (path: string, bytes: Uint8Array): Promise<ModelFile> => ({
  path,
  bytes: bytes.byteLength,
  sha256: await sha256(bytes),
});

/** Where the files of a published model stand among the assets. */
export const pathOf = ({ name, revision }: ModelManifest, kind: "onnx" | "plan") =>
  `/models/${name}/${revision}/${name}.${kind}`;

/** What a mode reads of a published model: where it stands, and its bytes. */
export function readIn(mode: Mode, { manifest, bytes, plan }: PublishedModel) {
  return mode.engine === "engine"
    ? { path: pathOf(manifest, "plan"), bytes: plan }
    : { path: pathOf(manifest, "onnx"), bytes };
}

/** Static assets that a test can change, count and hold back. */
export class TestAssets {
  readonly files = new Map<string, string | Uint8Array>();
  /** Paths in the order in which they were read. */
  readonly reads: string[] = [];
  /** Reads of models wait for it. */
  gate: Promise<void> = Promise.resolve();

  constructor(models: readonly PublishedModel[]) {
    this.files.set("/models/registry.json", JSON.stringify(models.map((model) => model.manifest)));
    const plans: PlanList = {};
    for (const { manifest, bytes, plan, planFile } of models) {
      const heapBytes = heapBytesOf(readPlan(plan));
      plans[pinnedName(manifest)] = { file: planFile, heapBytes };
      this.files.set(pathOf(manifest, "onnx"), bytes);
      this.files.set(pathOf(manifest, "plan"), plan);
    }
    this.files.set("/models/plans.json", JSON.stringify(plans));
  }

  async answer(url: string): Promise<Response> {
    const { pathname } = new URL(url);
    this.reads.push(pathname);
    if (/\.(?:onnx|plan)$/.test(pathname)) await this.gate;
    const file = this.files.get(pathname);
    return file === undefined ? new Response("not found", { status: 404 }) : new Response(file);
  }
}

export interface ModelHost {
  readonly assets: TestAssets;
  readonly client: InferenceClient;
  readonly fetch: Fetch;
  /** Sends a request from another Worker, which hangs up after so many milliseconds. */
  hangUpAfter(milliseconds: number, path: string, init: RequestInit): Promise<void>;
  readonly bucket: Awaited<ReturnType<Miniflare["getR2Bucket"]>>;
  stop(): Promise<void>;
}

/** Passes a request on, and gives up on it when it is told to. */
const CALLER = `export default {
  async fetch(request, { HOST }) {
    const signal = AbortSignal.timeout(Number(request.headers.get("hang-up-after")));
    return HOST.fetch(request, { signal }).catch(() => new Response("hung up", { status: 599 }));
  },
};`;

const bundles = new Map<string, ReturnType<typeof workerModules>>();

function bundled(entry: string): ReturnType<typeof workerModules> {
  const known = bundles.get(entry);
  if (known) return known;
  const bundle = workerModules(new URL(`../../functions/model-host/${entry}`, import.meta.url));
  bundles.set(entry, bundle);
  return bundle;
}

/** @param variables of the host's configuration; `MODELS` is `*` unless given. */
export async function startModelHost(
  mode: Mode,
  models: readonly PublishedModel[],
  variables: Record<string, string> = {},
): Promise<ModelHost> {
  const assets = new TestAssets(models);
  const workerd = new Miniflare({
    workers: [
      {
        name: "model-host",
        compatibilityDate: COMPATIBILITY_DATE,
        compatibilityFlags: MODEL_HOST_FLAGS,
        ...(await bundled(mode.entry)),
        bindings: { MODELS: "*", ...mode.variables, ...variables },
        serviceBindings: { ASSETS: (request: Request) => assets.answer(request.url) },
        r2Buckets: ["MODEL_FILES"],
      },
      {
        name: "caller",
        compatibilityDate: COMPATIBILITY_DATE,
        modules: true,
        script: CALLER,
        serviceBindings: { HOST: "model-host" },
      },
    ],
  });
  const base = (await workerd.ready).origin;
  const onWorker: Fetch = (url, init) => fetch(url.replace("http://model-host", base), init);
  return {
    assets,
    fetch: onWorker,
    client: new InferenceClient({ fetch: onWorker }),
    async hangUpAfter(milliseconds, path, { method, body, headers }) {
      const caller = await workerd.getWorker("caller");
      const response = await caller.fetch(`http://model-host${path}`, {
        method: method!,
        body: body as Uint8Array,
        headers: { ...(headers as Record<string, string>), "hang-up-after": String(milliseconds) },
      });
      if (response.status !== 599) throw new Error(`There was an answer in time: ${response.status}.`);
    },
    bucket: await workerd.getR2Bucket("MODEL_FILES"),
    stop: () => workerd.dispose(),
  };
}
