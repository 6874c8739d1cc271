/** The API function: its bindings, wired to the app. */
import registry from "../../dist/models/registry.json";
import type { QueueMessage } from "../../src/catalog/embedding-worker.ts";
import { countActions } from "../../src/catalog/starters.ts";
import { actionCountsOf } from "../../src/feed/popularity.ts";
import { createApp } from "../../src/http/app.ts";
import { boundKeyStore, type KeyRingNamespace } from "../../src/http/auth/key-ring.ts";
import type { RateLimiter } from "../../src/http/auth/rate-limits.ts";
import type { Bucket } from "../../src/http/cache/bucket-layer.ts";
import type { EdgeCache } from "../../src/http/cache/edge-layer.ts";
import type { AccessOptions, AppDependencies } from "../../src/http/dependencies.ts";
import { Metrics } from "../../src/http/metrics.ts";
import { type Parts, partsOf } from "../../src/http/parts.ts";
import { resolveOverHttps } from "../../src/media/dns-over-https.ts";
import type { LoggedEvent } from "../../src/people/event.ts";
import { logEvents } from "../../src/people/event-log.ts";
import { ModelManifest } from "../../src/runtime/manifest.ts";
import { type BoardBindings, boardsOf } from "./boards.ts";
import { type CatalogBindings, catalogOf, consumeMessages } from "./catalog.ts";
import { feedOriginOf, type InferenceBindings, inferenceOf } from "./inference.ts";
import { type PeopleBindings, peopleOf } from "./people.ts";

export { BoardShard } from "../../src/catalog/boards/board-shard.ts";
export { CatalogShard } from "../../src/catalog/shard/catalog-shard.ts";
export { KeyRing } from "../../src/http/auth/key-ring.ts";
export { Person } from "../../src/people/person.ts";

/** Bindings and variables of `wrangler.toml`. */
export interface Bindings extends CatalogBindings, BoardBindings, InferenceBindings, PeopleBindings {
  /** Static files of the site, models among them. */
  readonly ASSETS?: { fetch(url: string): Promise<Response> };
  /** Bucket of all embeddings; without it only the edge cache remembers. */
  readonly EMBEDDINGS?: Bucket;
  /** Durable Object of the class `KeyRing`. */
  readonly KEYS?: KeyRingNamespace;
  /** How often a key, and an address without one, may ask. */
  readonly KEY_RATE?: RateLimiter;
  readonly ADDRESS_RATE?: RateLimiter;
  /** Origins whose pages may call the API, separated by commas; `*` or nothing: all. */
  readonly CORS_ORIGINS?: string;
  /**
   * Hosts that pictures may be fetched from, separated by commas; nothing: any whose name resolves to public
   * addresses only.
   */
  readonly PICTURE_HOSTS?: string;
  /** `false`: reading and searching take a key too. */
  readonly PUBLIC_READ?: string;
  /** Secret that manages keys. */
  readonly ADMIN_TOKEN?: string;
  /** `true`: requests from this machine write without a key. Set by servers that listen on loopback only. */
  readonly LOCAL_DEVELOPMENT?: string;
}

type App = ReturnType<typeof createApp>;
type ExecutionContext = Parameters<App["fetch"]>[2];

interface Isolate {
  readonly app: App;
  readonly dependencies: AppDependencies;
  readonly parts: Parts;
}

/** One app an isolate: its gates, flights and counters are shared by all requests and queue messages. */
let isolate: Isolate | undefined;

function isolateFor(env: Bindings): Isolate {
  if (isolate) return isolate;
  const dependencies = dependenciesOf(env);
  const parts = partsOf(dependencies);
  isolate = { app: createApp(dependencies, parts), dependencies, parts };
  return isolate;
}

function dependenciesOf(env: Bindings): AppDependencies {
  const models = ModelManifest.array().parse(registry);
  const hosts = list(env.PICTURE_HOSTS);
  const catalog = catalogOf(env, models);
  const boards = boardsOf(env);
  const people = peopleOf(env);
  const metrics = new Metrics();
  return {
    models,
    inference: inferenceOf(env, metrics),
    metrics,
    readModelFile: (path) => readAsset(env, `models/${path}`),
    edge: (caches as unknown as { default: EdgeCache }).default,
    ...(env.EMBEDDINGS && { bucket: env.EMBEDDINGS }),
    ...(env.CORS_ORIGINS && { corsOrigins: list(env.CORS_ORIGINS) }),
    addresses: hosts.length > 0 ? { allowHosts: hosts } : { resolve: resolveOverHttps() },
    ...(catalog && { catalog }),
    ...(boards && { boards }),
    ...(people && { people, feed: feedOriginOf(env) }),
    access: accessOptionsOf(env),
  };
}

/** @throws when there is no such asset */
async function readAsset(env: Bindings, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await env.ASSETS?.fetch(`https://assets.invalid/${path}`);
  if (!response?.ok) throw new Error(`asset ${path}: ${response?.status ?? "no binding"}`);
  return new Uint8Array(await response.arrayBuffer());
}

function accessOptionsOf(env: Bindings): AccessOptions {
  return {
    keys: env.KEYS && boundKeyStore(env.KEYS),
    adminToken: env.ADMIN_TOKEN,
    publicRead: env.PUBLIC_READ !== "false",
    localDevelopment: env.LOCAL_DEVELOPMENT === "true",
    rateLimits: { key: env.KEY_RATE, address: env.ADDRESS_RATE },
  };
}

/** The queue of people whose events wait for the log, as `wrangler.toml` names it. All others are for embedding. */
const EVENT_QUEUE = "corkboard-events";

interface MessageBatch {
  readonly queue: string;
  readonly messages: readonly QueueMessage[];
}

function list(text: string | undefined): string[] {
  return (text ?? "").split(",").flatMap((item) => item.trim() || []);
}

export default {
  fetch: (request: Request, env: Bindings, context: ExecutionContext): Response | Promise<Response> =>
    isolateFor(env).app.fetch(request, env, context),

  async queue({ queue, messages }: MessageBatch, env: Bindings): Promise<void> {
    const { dependencies, parts } = isolateFor(env);
    if (queue === EVENT_QUEUE) {
      const { people, catalog } = dependencies;
      const count = async (events: readonly LoggedEvent[]) => {
        if (catalog) await countActions(catalog.catalog.shards, actionCountsOf(events));
      };
      if (people) await logEvents(people.people, people.logs, messages, undefined, count);
      return;
    }
    if (dependencies.catalog) await consumeMessages(messages, dependencies.catalog, parts, dependencies);
  },
};
