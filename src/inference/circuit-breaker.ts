/**
 * A circuit breaker (M. Nygard, "Release It!", ch. 5): a host that has failed several times in a row is left alone
 * for a while, so that its callers do not spend their deadlines on it; then one call at a time tries it again.
 */
import { Problem } from "../problem.ts";

/** The host has failed so often of late that it is not asked now. */
export class CircuitOpenError extends Problem {
  constructor(retryAfterMs: number) {
    super({
      status: 503,
      code: "circuit-open",
      title: "Model host is left alone",
      detail: "The model host has failed several times in a row and is not asked for a while.",
      hint: "Retry after the stated time.",
      retryAfter: Math.max(1, Math.ceil(retryAfterMs / 1000)),
    });
  }
}

export type CircuitState = "closed" | "open" | "half-open";

export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit; at least 1. */
  readonly failures: number;
  /** Milliseconds that an open circuit lets nothing through. */
  readonly coolDownMs: number;
  /** Milliseconds, never running backwards. @default performance.now */
  readonly clock?: () => number;
}

/**
 * Closed: every call goes through. Open: none does. Half-open, after the cool-down: one call goes through as a probe;
 * its success closes the circuit, its failure opens it for another cool-down.
 *
 * @example
 * const breaker = new CircuitBreaker({ failures: 5, coolDownMs: 2000 });
 * await breaker.run(() => host.infer("unipinrec", tensors, { timeoutMs: 150 }));
 */
export class CircuitBreaker {
  readonly #failures: number;
  readonly #coolDownMs: number;
  readonly #clock: () => number;
  #failed = 0;
  /** When the circuit opened last; absent: it is closed. */
  #openedAt: number | undefined;
  /** When the probe that runs was let through; absent: none runs. */
  #probeSince: number | undefined;
  /** Counts the times that the circuit opened or closed: what calls of an earlier time tell is old news. */
  #period = 0;

  constructor({ failures, coolDownMs, clock = () => performance.now() }: CircuitBreakerOptions) {
    this.#failures = Math.max(1, failures);
    this.#coolDownMs = coolDownMs;
    this.#clock = clock;
  }

  /** "half-open" from the end of the cool-down on, whether or not a probe runs. */
  get state(): CircuitState {
    if (this.#openedAt === undefined) return "closed";
    return this.#clock() - this.#openedAt < this.#coolDownMs ? "open" : "half-open";
  }

  /**
   * Makes the call, if the circuit lets it through, and learns from how it ends.
   * @param call must end by itself, within a deadline of its own: it is not cut off here
   * @param isFailure whether an error speaks against the host; one that does not (a refusal, say) shows that the host
   *   answers, and counts as a success. @default every error does
   * @throws {CircuitOpenError} at once, when the circuit is open or a probe runs already.
   * @throws what `call` throws.
   */
  async run<T>(call: () => Promise<T>, isFailure: (error: unknown) => boolean = () => true): Promise<T> {
    this.#letThrough();
    const period = this.#period;
    try {
      const result = await call();
      this.#succeeded(period);
      return result;
    } catch (error) {
      if (isFailure(error)) this.#hasFailed(period);
      else this.#succeeded(period);
      throw error;
    }
  }

  #letThrough(): void {
    if (this.#openedAt === undefined) return;
    const now = this.#clock();
    const openFor = this.#openedAt + this.#coolDownMs - now;
    if (openFor > 0) throw new CircuitOpenError(openFor);
    // A probe that never ends (a Worker whose visitor hung up is stopped midway) must not keep the circuit open.
    const probeFor = this.#probeSince === undefined ? 0 : this.#probeSince + this.#coolDownMs - now;
    if (probeFor > 0) throw new CircuitOpenError(probeFor);
    this.#probeSince = now;
    this.#period++;
  }

  #succeeded(period: number): void {
    if (period !== this.#period) return;
    this.#failed = 0;
    if (this.#openedAt !== undefined) this.#change(undefined);
  }

  #hasFailed(period: number): void {
    if (period !== this.#period) return;
    this.#failed++;
    if (this.#openedAt !== undefined || this.#failed >= this.#failures) this.#change(this.#clock());
  }

  #change(openedAt: number | undefined): void {
    this.#openedAt = openedAt;
    this.#probeSince = undefined;
    this.#failed = 0;
    this.#period++;
  }
}
