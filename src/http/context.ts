/** What every route can rely on: the service's parts, and the request's own. */
import type { Context } from "hono";
import type { LayerName } from "./cache/embedding-layer.ts";
import type { StageClock } from "./stage-clock.ts";

/** Where an embedding was found; `miss`: a model computed it. */
export type CacheOutcome = LayerName | "miss";

/** The request's own variables, set by the middleware. */
export interface Variables {
  requestId: string;
  /** Aborts when the request's time is over. */
  signal: AbortSignal;
  clock: StageClock;
  /** Facts for the access log. Never picture contents, never URLs of pictures. */
  facts: LogFacts;
}

export interface LogFacts {
  /** Who asked: the id of a key, `admin`, `local` or `anonymous`. */
  caller?: string;
  model?: string;
  pictures?: number;
  cache?: Partial<Record<CacheOutcome, number>>;
  error?: { code: string; detail: string; cause?: string };
}

export type AppEnv = { Variables: Variables };

export type AppContext = Context<AppEnv>;

/** What work on pictures needs to know of the request that it is done for. */
export interface WorkScope {
  /** Origin of the request's URL: copies in the Cache API belong to it. None: the work is not a request's. */
  readonly origin: string | undefined;
  readonly signal: AbortSignal;
  readonly clock: StageClock;
  /** Finishes work after the answer, or after the client has hung up. */
  readonly background: (work: Promise<unknown>) => void;
}

export function workScope(c: AppContext): WorkScope {
  return {
    origin: new URL(c.req.url).origin,
    signal: c.var.signal,
    clock: c.var.clock,
    background: (work) => keepAlive(c, work),
  };
}

/** In a Worker, keeps the request's context alive until `work` has ended; elsewhere nothing has to. */
function keepAlive(c: AppContext, work: Promise<unknown>): void {
  const quiet = work.catch(() => undefined);
  try {
    c.executionCtx.waitUntil(quiet);
  } catch {
    // Hono throws when there is no execution context, as in Node.
  }
}
