/** Bounded concurrency: a gate lets a number of entrants in, keeps a few waiting, and refuses the rest. */
import { Problem } from "../problem.ts";
import { type Millis, timeout } from "./millis.ts";

export interface GateOptions {
  /** What passes the gate, for the error message: "pictures". */
  readonly what: string;
  /** Total weight inside at the same time. */
  readonly capacity: number;
  /** Entrants that wait; one more is refused at once. */
  readonly waiting: number;
  /** How long an entrant waits before it is refused. */
  readonly patience: Millis;
  /**
   * How long an entrant may stay. A request whose client hangs up can vanish without a last word; what it held
   * is given away after this time.
   */
  readonly lease: Millis;
}

/** More work is waiting than an isolate takes on. */
export class OverloadedError extends Problem {
  constructor(what: string) {
    super({
      status: 503,
      code: "overloaded",
      title: "Too much at once",
      detail: `Too many ${what} are being processed here.`,
      hint: "Retry after the stated time, with fewer requests in parallel.",
      retryAfter: 1,
    });
  }
}

interface Lease {
  readonly weight: number;
  readonly until: number;
}

interface Waiter {
  readonly weight: number;
  readonly admit: (lease: Lease) => void;
}

/**
 * @example
 * ```ts
 * const gate = new Gate({ what: "pictures", capacity: 1, waiting: 64, patience: 10_000, lease: 35_000 });
 * const leave = await gate.enter();
 * try { decode() } finally { leave() }
 * ```
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #inside = new Set<Lease>();
  readonly #queue = new Set<Waiter>();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Entrants inside and waiting. */
  get load(): { inside: number; waiting: number } {
    return { inside: this.#inside.size, waiting: this.#queue.size };
  }

  /**
   * Waits for room and answers a function that leaves again (idempotent). First come, first served.
   * @throws {OverloadedError} when too many wait, or it took too long.
   */
  async enter(weight = 1): Promise<() => void> {
    const lease = await this.#admission(Math.min(weight, this.#options.capacity));
    return () => {
      if (this.#inside.delete(lease)) this.#admitWaiting();
    };
  }

  async #admission(weight: number): Promise<Lease> {
    this.#admitWaiting();
    if (this.#queue.size === 0 && this.#fits(weight)) return this.#admit(weight);
    const { what, waiting, patience } = this.#options;
    if (this.#queue.size >= waiting) throw new OverloadedError(what);
    let waiter: Waiter | undefined;
    const admitted = new Promise<Lease>((resolve) => {
      waiter = { weight, admit: resolve };
      this.#queue.add(waiter);
    });
    const { passed, clear } = timeout(patience);
    const lease = await Promise.race([admitted, passed]);
    clear();
    if (lease) return lease;
    if (waiter) this.#queue.delete(waiter);
    this.#admitWaiting();
    throw new OverloadedError(what);
  }

  #admitWaiting(): void {
    const now = Date.now();
    for (const lease of this.#inside) if (lease.until <= now) this.#inside.delete(lease);
    for (const waiter of this.#queue) {
      if (!this.#fits(waiter.weight)) return;
      this.#queue.delete(waiter);
      waiter.admit(this.#admit(waiter.weight));
    }
  }

  #fits(weight: number): boolean {
    let total = weight;
    for (const lease of this.#inside) total += lease.weight;
    return total <= this.#options.capacity;
  }

  #admit(weight: number): Lease {
    const lease = { weight, until: Date.now() + this.#options.lease };
    this.#inside.add(lease);
    return lease;
  }
}
