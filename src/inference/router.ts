/**
 * Inference on whichever of several hosts answers: the preferred one, or within the same deadline the next.
 *
 * Failing over is safe, as no inference changes anything, and means the same vectors, as references name a revision.
 */
import { Problem } from "../problem.ts";
import type { Tensors } from "../runtime/tensor.ts";
import type { CallOptions, InferOptions } from "./client.ts";
import type { GuardedHost, InferenceHost } from "./guarded-host.ts";
import { type HostOutcome, isWorthAnotherHost, outcomeOf } from "./host-outcome.ts";
import type { ModelMetadata } from "./protocol.ts";

/** Milliseconds for a call that does not say itself: two cold starts, each of which loads the model. */
const DEFAULT_TIMEOUT_MS = 20_000;

/**
 * Part of the time left that a host gets while another could still answer. The one that is asked last has to load the
 * model, perhaps: it needs as much as the first.
 */
export const FIRST_HOST_PART = 0.5;

export interface InferenceRouterOptions {
  /** The preferred one first; one is enough. */
  readonly hosts: readonly [GuardedHost, ...GuardedHost[]];
  /** Milliseconds for a call on all hosts together, when it does not say itself. @default 20000 */
  readonly timeoutMs?: number;
  /** Told how each host that was asked for an inference, or skipped, ended. */
  readonly observe?: (host: string, outcome: HostOutcome) => void;
}

type Ask<Result> = (host: InferenceHost, options: CallOptions) => Promise<Result>;
type Observe = NonNullable<InferenceRouterOptions["observe"]>;

/**
 * @example
 * const router = new InferenceRouter({
 *   hosts: [new GuardedHost("origin", new InferenceClient({ baseUrl })), new GuardedHost("edge", modelHost)],
 * });
 * const { embedding } = await router.infer("unified-embedding@1f3f17fdd7f9", { image });
 */
export class InferenceRouter implements InferenceHost {
  readonly #hosts: InferenceRouterOptions["hosts"];
  readonly #timeoutMs: number;
  readonly #observe: Observe;

  constructor({ hosts, timeoutMs = DEFAULT_TIMEOUT_MS, observe = () => undefined }: InferenceRouterOptions) {
    this.#hosts = hosts;
    this.#timeoutMs = timeoutMs;
    this.#observe = observe;
  }

  /**
   * As `infer` of a client, on the first host that answers. A request that a host finds wrong is sent to no
   * other, nor is one whose caller has gone.
   * @throws what the client throws, when no host has answered: the error after which a retry makes sense, if any.
   */
  infer(model: string, inputs: Tensors, options: InferOptions = {}): Promise<Tensors> {
    const ask: Ask<Tensors> = (host, call) => host.infer(model, inputs, { ...options, ...call });
    return this.#route(model, ask, options, this.#observe);
  }

  /** As `metadata` of a client, of the first host that answers. */
  metadata(model: string, options: CallOptions = {}): Promise<ModelMetadata> {
    return this.#route(
      model,
      (host, call) => host.metadata(model, call),
      options,
      () => undefined,
    );
  }

  /** Whether any host is ready. Never throws. */
  async ready(options: CallOptions = {}): Promise<boolean> {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const answers = this.#hosts.map(({ host }) => host.ready({ ...options, timeoutMs }));
    // Rejects when all have said no.
    return Promise.any(answers.map(async (isReady) => (await isReady) || Promise.reject())).catch(
      () => false,
    );
  }

  async #route<Result>(
    model: string,
    ask: Ask<Result>,
    options: CallOptions,
    observe: Observe,
  ): Promise<Result> {
    const { signal, timeoutMs = this.#timeoutMs } = options;
    const end = performance.now() + timeoutMs;
    const left = () => end - performance.now();
    const failures: unknown[] = [];
    for (const [index, host] of this.#hosts.entries()) {
      signal?.throwIfAborted();
      const time = index === 0 ? timeoutMs : left();
      if (time <= 0) break;
      const others = this.#hosts.slice(index + 1).some(({ state }) => state !== "open");
      const share = { ...options, timeoutMs: Math.ceil(time * (others ? FIRST_HOST_PART : 1)) };
      // A host without another beside it is asked whatever it did of late.
      const guarded = this.#hosts.length > 1;
      const answer = guarded ? host.run(model, (client) => ask(client, share), share) : ask(host.host, share);
      try {
        return await observed(host.name, answer, signal, observe);
      } catch (error) {
        if (signal?.aborted || !isWorthAnotherHost(error)) throw error;
        failures.push(error);
      }
    }
    const real = failures.filter((error) => outcomeOf(error) !== "skipped");
    if (real.length > 0) throw real.find(isWorthRetrying) ?? real.at(-1);
    // All were left alone. Nobody else can answer: the first is asked all the same.
    const [{ name, host }] = this.#hosts;
    return observed(
      name,
      ask(host, { ...options, timeoutMs: Math.max(1, Math.ceil(left())) }),
      signal,
      observe,
    );
  }
}

/** Waits for a host's answer and tells how it ended. */
async function observed<Result>(
  host: string,
  answer: Promise<Result>,
  signal: AbortSignal | undefined,
  observe: Observe,
): Promise<Result> {
  try {
    const result = await answer;
    observe(host, "ok");
    return result;
  } catch (error) {
    const outcome = signal?.aborted ? "abandoned" : outcomeOf(error);
    if (outcome) observe(host, outcome);
    throw error;
  }
}

const isWorthRetrying = (error: unknown): boolean =>
  error instanceof Problem && error.retryAfter !== undefined;
