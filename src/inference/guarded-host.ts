/** A model host behind circuit breakers: one for itself, and one for each model that it may lack. */
import { CircuitBreaker, type CircuitState } from "./circuit-breaker.ts";
import type { CallOptions, InferenceClient } from "./client.ts";
import { isHostsFault, isModelsFault, outcomeOf } from "./host-outcome.ts";

/** What a host can be asked. */
export type InferenceHost = Pick<InferenceClient, "infer" | "metadata" | "ready">;

/** Failures in a row after which a host is left alone: one or two may be a deployment or a connection that closed. */
export const HOST_FAILURES = 3;

/** Milliseconds that a host is left alone before it is tried again: a restart takes longer, people wait no longer. */
export const HOST_COOL_DOWN_MS = 5_000;

/** Milliseconds that a host is not asked for a model that it lacks: who deploys to two hosts does so within minutes. */
export const MODEL_COOL_DOWN_MS = 30_000;

/** Milliseconds that a host has to have had before being late speaks against it: it may have had to load the model. */
export const FAIR_TIME_MS = 1_000;

/** Models that a host keeps an account of; a deployment has tens. */
export const MAX_GUARDED_MODELS = 256;

export interface GuardOptions {
  /** @default {@link HOST_COOL_DOWN_MS} */
  readonly hostCoolDownMs?: number;
  /** @default {@link MODEL_COOL_DOWN_MS} */
  readonly modelCoolDownMs?: number;
  /** Milliseconds, never running backwards. @default performance.now */
  readonly clock?: () => number;
}

export class GuardedHost {
  readonly #options: GuardOptions;
  readonly #breaker: CircuitBreaker;
  /** By reference. */
  readonly #models = new Map<string, CircuitBreaker>();

  constructor(
    /** What counters call it. */
    readonly name: string,
    readonly host: InferenceHost,
    options: GuardOptions = {},
  ) {
    this.#options = options;
    this.#breaker = this.#breakerOf(HOST_FAILURES, options.hostCoolDownMs ?? HOST_COOL_DOWN_MS);
  }

  /** Of the host; models may be left alone while it is "closed". */
  get state(): CircuitState {
    return this.#breaker.state;
  }

  /**
   * Asks the host, unless it has failed of late or lacked the model.
   * @param model its reference
   * @throws {CircuitOpenError} when it is not asked.
   * @throws what `ask` throws.
   */
  run<Result>(
    model: string,
    ask: (host: InferenceHost) => Promise<Result>,
    { signal, timeoutMs = FAIR_TIME_MS }: CallOptions = {},
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const call = () =>
        ask(this.host).catch((error) => {
          const isHurried = timeoutMs < FAIR_TIME_MS && outcomeOf(error) === "late";
          if (!signal?.aborted && !isHurried) throw error;
          // A caller who went away, or had hardly any time, says nothing of the host: the breakers never hear of it.
          reject(error);
          return new Promise<never>(() => undefined);
        });
      this.#breakerFor(model)
        .run(() => this.#breaker.run(call, isHostsFault), isModelsFault)
        .then(resolve, reject);
    });
  }

  #breakerFor(model: string): CircuitBreaker {
    const known = this.#models.get(model);
    if (known) return known;
    if (this.#models.size >= MAX_GUARDED_MODELS) this.#models.clear();
    const breaker = this.#breakerOf(1, this.#options.modelCoolDownMs ?? MODEL_COOL_DOWN_MS);
    this.#models.set(model, breaker);
    return breaker;
  }

  #breakerOf(failures: number, coolDownMs: number): CircuitBreaker {
    const { clock } = this.#options;
    return new CircuitBreaker({ failures, coolDownMs, ...(clock && { clock }) });
  }
}
