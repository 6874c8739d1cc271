/** Which host infers for the API: the model host beside it, or a GPU origin. */
import { InferenceClient } from "../../src/inference/client.ts";

export interface InferenceBindings {
  /** The model host, behind a service binding. */
  readonly MODEL_HOST: { fetch(url: string, init?: RequestInit): Promise<Response> };
  /** Address of an origin with a GPU (`npm run origin`), which infers in place of the model host. */
  readonly ORIGIN_URL?: string;
  /** Secret that the origin shares: requests to it are signed. */
  readonly ORIGIN_SECRET?: string;
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
