/** The API function: its bindings, wired to the app. */
import registry from "../../dist/models/registry.json";
import { createApp } from "../../src/http/app.ts";
import type { Bucket } from "../../src/http/cache/bucket-layer.ts";
import type { EdgeCache } from "../../src/http/cache/edge-layer.ts";
import { InferenceClient } from "../../src/inference/client.ts";
import { resolveOverHttps } from "../../src/media/dns-over-https.ts";
import { ModelManifest } from "../../src/runtime/manifest.ts";

/** Bindings and variables of `wrangler.toml`. */
export interface Bindings {
  /** The model host, behind a service binding. */
  readonly MODEL_HOST: { fetch(url: string, init?: RequestInit): Promise<Response> };
  /** Bucket of all embeddings; without it only the edge cache remembers. */
  readonly EMBEDDINGS?: Bucket;
  /** Origins whose pages may call the API, separated by commas; `*` or nothing: all. */
  readonly CORS_ORIGINS?: string;
  /**
   * Hosts that pictures may be fetched from, separated by commas; nothing: any whose name resolves to public
   * addresses only.
   */
  readonly PICTURE_HOSTS?: string;
}

type App = ReturnType<typeof createApp>;
type ExecutionContext = Parameters<App["fetch"]>[2];

/** One app an isolate: its gates, flights and counters are shared by all requests. */
let app: App | undefined;

function appFor(env: Bindings): App {
  const hosts = list(env.PICTURE_HOSTS);
  app ??= createApp({
    models: ModelManifest.array().parse(registry),
    inference: new InferenceClient({
      fetch: (url, init) => env.MODEL_HOST.fetch(url, init),
      timeoutMs: INFERENCE_TIMEOUT,
    }),
    edge: (caches as unknown as { default: EdgeCache }).default,
    ...(env.EMBEDDINGS && { bucket: env.EMBEDDINGS }),
    ...(env.CORS_ORIGINS && { corsOrigins: list(env.CORS_ORIGINS) }),
    addresses: hosts.length > 0 ? { allowHosts: hosts } : { resolve: resolveOverHttps() },
  });
  return app;
}

/** Milliseconds for a micro-batch, the load of the model at a cold start included. */
const INFERENCE_TIMEOUT = 20_000;

function list(text: string | undefined): string[] {
  return (text ?? "").split(",").flatMap((item) => item.trim() || []);
}

export default {
  fetch: (request: Request, env: Bindings, context: ExecutionContext): Response | Promise<Response> =>
    appFor(env).fetch(request, env, context),
};
