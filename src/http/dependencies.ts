/** What the API is made of, from outside: bindings in a Worker, fakes at these borders in tests. */
import type { Boards } from "../catalog/boards/boards.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { FetchPictureOptions } from "../media/fetch-picture.ts";
import type { LogBucket } from "../people/event-log.ts";
import type { People } from "../people/people.ts";
import type { ModelManifest } from "../runtime/manifest.ts";
import type { Inference } from "../vision/unified-embedding.ts";
import type { KeyStore } from "./auth/key-store.ts";
import type { RateLimiters } from "./auth/rate-limits.ts";
import type { Bucket } from "./cache/bucket-layer.ts";
import type { EdgeCache } from "./cache/edge-layer.ts";
import type { Metrics } from "./metrics.ts";
import type { Log } from "./middleware/access-log.ts";
import type { Millis } from "./millis.ts";
import type { PictureSource } from "./routes/catalog/read-picture.ts";
import type { ReadModelFile } from "./text-service.ts";

export interface AppDependencies {
  /** Models that the host behind `inference` serves. */
  readonly models: readonly ModelManifest[];
  readonly inference: Inference;
  /** Reads a model's own files, such as a tokenizer. @default none: texts cannot be embedded */
  readonly readModelFile?: ReadModelFile;
  /** Keeps every embedding. @default none: only the edge cache remembers */
  readonly bucket?: Bucket;
  /** The location's cache. @default none */
  readonly edge?: EdgeCache;
  /** Origins whose pages may call the API. @default ["*"] */
  readonly corsOrigins?: readonly string[];
  /** Which addresses pictures may come from. @default any public one */
  readonly addresses?: FetchPictureOptions;
  /** Items and search. @default none: their routes are not there */
  readonly catalog?: CatalogDependencies;
  /** Boards of the catalogue's items. @default none: their routes are not there */
  readonly boards?: Boards;
  /** What people did. @default none: their routes are not there */
  readonly people?: PeopleDependencies;
  /** What people's feeds take beside the catalogue. @default no origin: the edge answers */
  readonly feed?: FeedDependencies;
  /** Who may do what. @default everybody reads, nobody writes */
  readonly access?: AccessOptions;
  /** Counts what this app and whatever is behind `inference` do. @default counters of the app's own */
  readonly metrics?: Metrics;
  /** @default REQUEST_DEADLINE */
  readonly deadline?: Millis;
  /** @default one line of JSON on standard output */
  readonly log?: Log;
}

export interface CatalogDependencies {
  readonly catalog: Catalog;
  /** Where `catalog` keeps its pictures. */
  readonly pictures: PictureSource;
  /** Items that may wait to be embedded before writes are refused. @default MAX_PENDING_ITEMS */
  readonly maxPending?: number;
}

export interface PeopleDependencies {
  readonly people: People;
  /** Bucket of the event logs. */
  readonly logs: LogBucket;
}

export interface FeedDependencies {
  /** Of the origin that runs the whole cascade. @default none */
  readonly origin?: Inference;
  /** Its model, as `name` or `name@revision`: that revision or none. @default ORIGIN_MODEL, in any revision */
  readonly originModel?: string;
  /** Milliseconds for it. @default FEED_ORIGIN_DEADLINE_MS */
  readonly originDeadlineMs?: number;
}

export interface AccessOptions {
  /** API keys. @default none: no key is valid */
  readonly keys?: KeyStore | undefined;
  /** Manages keys, and may do anything else. @default none */
  readonly adminToken?: string | undefined;
  /** Whether reading and searching takes no key. @default true */
  readonly publicRead?: boolean | undefined;
  /**
   * Whether requests from this machine may write without a key. Only for servers that listen on a loopback address.
   * @default false
   */
  readonly localDevelopment?: boolean | undefined;
  /** @default none */
  readonly rateLimits?: RateLimiters | undefined;
}
