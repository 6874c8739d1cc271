/** A whole origin: models from a folder, engines in threads, and an HTTP server in front of them. */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { CascadeState } from "../../src/feed/cascade-messages.ts";
import { CascadeServer, type CascadeServerOptions } from "../../src/feed/cascade-server.ts";
import { isLoopbackAddress } from "../../src/http/auth/loopback.ts";
import type { HostedModel, ModelStore } from "../../src/inference/model-store.ts";
import { NonceMemory } from "../../src/inference/nonce-memory.ts";
import { MAX_BODY_BYTES } from "../../src/inference/protocol.ts";
import { InferenceServer } from "../../src/inference/server.ts";
import { MIN_SECRET_LENGTH, NONCE_PERIOD_MS, SignatureCheck } from "../../src/inference/signature.ts";
import type { Session } from "../../src/runtime/session.ts";
import type { ThreadRuntime } from "../../src/runtime/threads/thread-runtime.ts";
import { originApp } from "./app.ts";
import { BodyBudget } from "./body-budget.ts";
import { CascadeMetrics } from "./cascade-metrics.ts";
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  MAX_BATCH,
  MAX_BUFFERED_BYTES,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  MAX_WAITING,
  REQUEST_TIMEOUT_MS,
  STALL_TIMEOUT_MS,
  STOP_PATIENCE_MS,
} from "./limits.ts";
import { OriginMetrics } from "./metrics.ts";

/** How often Node looks for connections whose time is over, as a part of that time. */
const LOOKS_PER_TIMEOUT = 10;

export interface OriginOptions {
  readonly store: ModelStore;
  readonly runtime: ThreadRuntime;
  /** Retrieval and ranking of feeds. @default none */
  readonly cascade?: CascadeSetup | undefined;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Shared with whoever asks, {@link MIN_SECRET_LENGTH} characters or more. Without it only loopback is listened on. */
  readonly secret?: string | undefined;
  /** The secret before that, which is good as well: set while those who ask change theirs. */
  readonly previousSecret?: string | undefined;
  /** Bearer token for `/metrics`. Without it they are for this machine only. */
  readonly metricsToken?: string | undefined;
  /** Batches of each model that run at once: as many as the runtime has threads. @default 1 */
  readonly lanes?: number | undefined;
  /** Milliseconds that an inference waits for others to run with. @default 0 */
  readonly batchWindowMs?: number | undefined;
  /** @default {@link MAX_BATCH} */
  readonly maxBatch?: number | undefined;
  /** Whether {@link Origin.warmUp} runs every size of batch. @default false */
  readonly warmBatches?: boolean | undefined;
  /** @default {@link MAX_WAITING} */
  readonly maxWaiting?: number | undefined;
  /** Memory of the process above which the model used longest ago is dropped. @default no limit */
  readonly memoryBudgetBytes?: number | undefined;
  /** @default {@link MAX_BODY_BYTES} */
  readonly maxBodyBytes?: number | undefined;
  /** @default {@link MAX_BUFFERED_BYTES} */
  readonly maxBufferedBytes?: number | undefined;
  /** @default {@link MAX_CONNECTIONS} */
  readonly maxConnections?: number | undefined;
  /** @default {@link HEADERS_TIMEOUT_MS} */
  readonly headersTimeoutMs?: number | undefined;
  /** @default {@link REQUEST_TIMEOUT_MS} */
  readonly requestTimeoutMs?: number | undefined;
  /** @default {@link STALL_TIMEOUT_MS} */
  readonly stallTimeoutMs?: number | undefined;
  /** @default {@link STOP_PATIENCE_MS} */
  readonly stopPatienceMs?: number | undefined;
}

/** A cascade, without what the origin itself says about its requests. */
export type CascadeSetup = Omit<CascadeServerOptions, "maxWaiting" | "maxBodyBytes" | "onAnswer">;

export interface Origin {
  /** Where it listens, such as `http://127.0.0.1:8001`. */
  readonly url: string;
  /** Loads and proves all models; `onReady` hears of each. @throws {HostUnavailableError} */
  warmUp(onReady: (model: HostedModel, session: Session | undefined) => void): Promise<void>;
  /** Loads the cascade's model and begins to pull the items; nothing without one. @throws {ModelLoadError} */
  startCascade(): Promise<CascadeState | undefined>;
  /** Stops when the requests in work are answered. */
  stop(): Promise<void>;
}

/**
 * Listens at once; models are loaded by {@link Origin.warmUp}, or when they are first asked for.
 * @throws {RangeError} for a secret that is too short, or an address that others reach without one.
 */
export async function startOrigin(options: OriginOptions): Promise<Origin> {
  assertGuarded(options);
  const maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
  const maxBatch = options.maxBatch ?? MAX_BATCH;
  const bodies = new BodyBudget(options.maxBufferedBytes ?? MAX_BUFFERED_BYTES);
  const { cascade, metrics: cascadeMetrics } = cascadeOf(options, maxBodyBytes);
  const waiting = () => inference.waiting + (cascade?.waiting ?? 0);
  const metrics = new OriginMetrics({ waiting, bodyBytes: () => bodies.taken }, cascadeMetrics);
  const inference: InferenceServer = new InferenceServer({
    name: "corkboard-origin",
    store: options.store,
    runtime: options.runtime,
    memoryBudgetBytes: options.memoryBudgetBytes ?? Number.POSITIVE_INFINITY,
    maxWaiting: options.maxWaiting ?? MAX_WAITING,
    maxBodyBytes,
    batchWindowMs: options.batchWindowMs,
    maxBatch,
    rowsAtOnce: maxBatch,
    warmBatches: options.warmBatches,
    lanesPerModel: options.lanes ?? 1,
    observer: metrics,
  });
  const { metricsToken } = options;
  const secrets = secretsOf(options);
  const signatures =
    secrets.length > 0 ? new SignatureCheck(secrets, new NonceMemory(NONCE_PERIOD_MS)) : undefined;
  const app = originApp({ inference, cascade, metrics, bodies, maxBodyBytes, signatures, metricsToken });
  const server = httpServer(options);
  server.on("request", getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  const close = closing(server, options.stopPatienceMs ?? STOP_PATIENCE_MS);
  server.listen(options.port, options.host);
  await once(server, "listening");
  return {
    url: urlOf(server),
    warmUp: (onReady) => inference.warmUp(onReady),
    startCascade: async () => cascade?.start(),
    async stop() {
      await close();
      await cascade?.close();
      await options.runtime.close();
    },
  };
}

function cascadeOf(
  { cascade: setup, maxWaiting }: OriginOptions,
  maxBodyBytes: number,
): { readonly cascade?: CascadeServer; readonly metrics?: CascadeMetrics } {
  if (!setup) return {};
  const metrics: CascadeMetrics = new CascadeMetrics(() => cascade.state);
  const cascade = new CascadeServer({
    ...setup,
    maxWaiting,
    maxBodyBytes,
    onAnswer: (answer) => metrics.answer(answer),
  });
  return { cascade, metrics };
}

function assertGuarded({ host, secret, previousSecret }: OriginOptions): void {
  if (secret === undefined) {
    if (previousSecret !== undefined) {
      throw new RangeError("ORIGIN_SECRET_PREVIOUS goes with ORIGIN_SECRET, which is not set.");
    }
    if (isLoopbackAddress(host)) return;
    throw new RangeError(`Others reach ${host}: set ORIGIN_SECRET, or listen on 127.0.0.1.`);
  }
  assertLong("ORIGIN_SECRET", secret);
  if (previousSecret !== undefined) assertLong("ORIGIN_SECRET_PREVIOUS", previousSecret);
}

function assertLong(name: string, secret: string): void {
  if (secret.length >= MIN_SECRET_LENGTH) return;
  throw new RangeError(`${name} has ${secret.length} characters; it needs ${MIN_SECRET_LENGTH} or more.`);
}

/** The secrets that are good, the one that stays first. */
function secretsOf({ secret, previousSecret }: OriginOptions): string[] {
  return [secret, previousSecret].filter((one) => one !== undefined);
}

function httpServer(options: OriginOptions): Server {
  const headersTimeout = options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS;
  const requestTimeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const server = createServer({
    headersTimeout,
    requestTimeout,
    connectionsCheckingInterval: Math.min(headersTimeout, requestTimeout) / LOOKS_PER_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  server.setTimeout(options.stallTimeoutMs ?? STALL_TIMEOUT_MS);
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  return server;
}

function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** How to close a server: once all requests in work are answered, with every connection that is left. */
function closing(server: Server, patienceMs: number): () => Promise<void> {
  const inWork = new Set<ServerResponse>();
  let isClosing = false;
  // Connections on which nothing was ever asked do not count as idle to Node.
  const closeWhenDone = () => {
    if (isClosing && inWork.size === 0) server.closeAllConnections();
  };
  server.on("request", (_, response) => {
    inWork.add(response);
    response.once("close", () => {
      inWork.delete(response);
      closeWhenDone();
    });
  });
  return async () => {
    isClosing = true;
    const end = once(server, "close");
    server.close();
    closeWhenDone();
    const patience = setTimeout(() => server.closeAllConnections(), patienceMs);
    await end;
    clearTimeout(patience);
  };
}
