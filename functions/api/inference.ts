/** Which hosts infer for the API: the model host beside it, a GPU origin, or either when the other does not answer. */
import { MAX_FEED_ORIGIN_DEADLINE_MS } from "../../src/feed/limits.ts";
import type { FeedDependencies } from "../../src/http/dependencies.ts";
import type { Metrics } from "../../src/http/metrics.ts";
import { InferenceClient } from "../../src/inference/client.ts";
import { GuardedHost } from "../../src/inference/guarded-host.ts";
import { InferenceRouter } from "../../src/inference/router.ts";

export interface InferenceBindings {
  /** The model host, behind a service binding. Absent: the origin infers alone. */
  readonly MODEL_HOST?: { fetch(url: string, init?: RequestInit): Promise<Response> };
  /** Address of an origin with a GPU (`npm run origin`, or a Triton). Empty: the model host infers alone. */
  readonly ORIGIN_URL?: string;
  /** Secret that the origin shares: requests to it are signed. */
  readonly ORIGIN_SECRET?: string;
  /** The origin's model for feeds, `name@revision` to take no other revision; nothing: `unipinrec` in any. */
  readonly FEED_ORIGIN_MODEL?: string;
  /** Milliseconds that the origin has for a page of a feed; nothing: `FEED_ORIGIN_DEADLINE_MS`. */
  readonly FEED_ORIGIN_DEADLINE?: string;
  /** How the origin names revisions in addresses: `revision`, or `integer` for a Triton. @default "revision" */
  readonly ORIGIN_VERSIONS?: string;
  /** Which host is asked first, `edge` or `origin`. @default "edge" */
  readonly INFERENCE_FIRST?: string;
}

/** Milliseconds for a micro-batch on all hosts together, the load of the model at a cold start included. */
const INFERENCE_TIMEOUT = 20_000;

/** @throws {RangeError} for a setting that is none of the choices, or when no host is configured. */
export function inferenceOf(env: InferenceBindings, metrics?: Metrics): InferenceRouter {
  const first = choice("INFERENCE_FIRST", env.INFERENCE_FIRST, ["edge", "origin"]);
  const edge = edgeHost(env);
  const origin = originHost(env);
  const [preferred, ...others] = (first === "edge" ? [edge, origin] : [origin, edge]).filter(
    (host) => host !== undefined,
  );
  if (!preferred) throw new RangeError("No model host: bind MODEL_HOST, or set ORIGIN_URL.");
  return new InferenceRouter({
    hosts: [preferred, ...others],
    timeoutMs: INFERENCE_TIMEOUT,
    observe: (host, outcome) => metrics?.hostInferences.add({ host, outcome }),
  });
}

/** The origin for people's feeds, where there is one: asked by itself, since the model host cannot answer for it. */
export function feedOriginOf(env: InferenceBindings): FeedDependencies {
  const origin = originClient(env);
  if (!origin) return {};
  const { FEED_ORIGIN_MODEL: originModel } = env;
  const originDeadlineMs = deadlineOf(env.FEED_ORIGIN_DEADLINE);
  return {
    origin,
    ...(originModel && { originModel }),
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

function edgeHost({ MODEL_HOST: binding }: InferenceBindings): GuardedHost | undefined {
  return (
    binding &&
    new GuardedHost("edge", new InferenceClient({ fetch: (url, init) => binding.fetch(url, init) }))
  );
}

function originHost(env: InferenceBindings): GuardedHost | undefined {
  const client = originClient(env);
  return client && new GuardedHost("origin", client);
}

function originClient(env: InferenceBindings): InferenceClient | undefined {
  const { ORIGIN_URL: baseUrl, ORIGIN_SECRET: secret, ORIGIN_VERSIONS } = env;
  const versions = choice("ORIGIN_VERSIONS", ORIGIN_VERSIONS, ["revision", "integer"]);
  if (!baseUrl) return undefined;
  return new InferenceClient({ baseUrl, secret: secret || undefined, versions });
}

/** A setting that has a few values, the first of which is the default. */
function choice<Value extends string>(
  name: string,
  value: string | undefined,
  values: readonly [Value, ...Value[]],
): Value {
  if (!value) return values[0];
  const known = values.find((one) => one === value);
  if (known === undefined)
    throw new RangeError(`${name} is "${value}"; it has to be ${values.join(" or ")}.`);
  return known;
}
