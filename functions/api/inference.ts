/** Which host infers for the API: the model host beside it, or a GPU origin. */
import { MAX_FEED_ORIGIN_DEADLINE_MS } from "../../src/feed/limits.ts";
import type { FeedDependencies } from "../../src/http/dependencies.ts";
import { InferenceClient } from "../../src/inference/client.ts";

export interface InferenceBindings {
  /** The model host, behind a service binding. */
  readonly MODEL_HOST: { fetch(url: string, init?: RequestInit): Promise<Response> };
  /** Address of an origin with a GPU (`npm run origin`), which infers in place of the model host. */
  readonly ORIGIN_URL?: string;
  /** Secret that the origin shares: requests to it are signed. */
  readonly ORIGIN_SECRET?: string;
  /** Milliseconds that the origin has for a page of a feed; nothing: `FEED_ORIGIN_DEADLINE_MS`. */
  readonly FEED_ORIGIN_DEADLINE?: string;
}

/** Milliseconds for a micro-batch, the load of the model at a cold start included. */
const INFERENCE_TIMEOUT = 20_000;

export function inferenceOf(env: InferenceBindings): InferenceClient {
  const { ORIGIN_URL: baseUrl, ORIGIN_SECRET: secret } = env;
  if (baseUrl)
    return new InferenceClient({ baseUrl, secret: secret || undefined, timeoutMs: INFERENCE_TIMEOUT });
  return new InferenceClient({
    fetch: (url, init) => env.MODEL_HOST.fetch(url, init),
    timeoutMs: INFERENCE_TIMEOUT,
  });
}

/** The origin for people's feeds, where there is one. */
export function feedOriginOf(env: InferenceBindings): FeedDependencies {
  const { ORIGIN_URL: baseUrl, ORIGIN_SECRET: secret } = env;
  if (!baseUrl) return {};
  const originDeadlineMs = deadlineOf(env.FEED_ORIGIN_DEADLINE);
  return {
    origin: new InferenceClient({ baseUrl, secret: secret || undefined }),
    ...(originDeadlineMs !== undefined && { originDeadlineMs }),
  };
}

function deadlineOf(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const millis = Number(text);
  if (millis >= 1 && millis <= MAX_FEED_ORIGIN_DEADLINE_MS) return millis;
  console.warn(`FEED_ORIGIN_DEADLINE is ignored: ${text} is not within 1 and ${MAX_FEED_ORIGIN_DEADLINE_MS}`);
  return undefined;
}
