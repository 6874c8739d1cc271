/** Single flight: who asks for what somebody else is computing waits for that answer. */
import { type Millis, timeout } from "./millis.ts";

export interface SingleFlightOptions {
  /** Flights kept at the same time; beyond, everybody computes alone. */
  readonly capacity: number;
  /**
   * How long to wait for somebody else's answer. A request whose client hangs up can vanish without an answer;
   * then the waiting one computes for itself.
   */
  readonly patience: Millis;
}

/** The caller computes: it must call one of both functions. */
export interface OwnFlight<Value> {
  readonly own: true;
  land(value: Value): void;
  crash(reason: unknown): void;
}

/** Somebody else computes. */
export interface SharedFlight<Value> {
  readonly own: false;
  /** The answer, or `undefined` when patience ended. Rejects as the computation did. */
  wait(): Promise<Value | undefined>;
}

interface Flight<Value> {
  readonly answer: Promise<Value>;
  readonly since: number;
}

/**
 * @example
 * ```ts
 * const flight = flights.join(key);
 * if (flight.own) compute().then(flight.land, flight.crash);
 * else answer = await flight.wait();
 * ```
 */
export class SingleFlight<Value> {
  readonly #options: SingleFlightOptions;
  readonly #flights = new Map<string, Flight<Value>>();

  constructor(options: SingleFlightOptions) {
    this.#options = options;
  }

  /** Flights that have not landed. */
  get size(): number {
    return this.#flights.size;
  }

  /** Joins the flight under this key, or starts one. */
  join(key: string): OwnFlight<Value> | SharedFlight<Value> {
    const flight = this.#flights.get(key);
    if (flight && Date.now() - flight.since < this.#options.patience) {
      return { own: false, wait: () => this.#wait(flight) };
    }
    this.#flights.delete(key);
    return this.#start(key);
  }

  #start(key: string): OwnFlight<Value> {
    const { promise, resolve, reject } = deferred<Value>();
    // Nobody may be waiting; the one who computes reports the error in any case.
    promise.catch(() => undefined);
    const flight: Flight<Value> = { answer: promise, since: Date.now() };
    this.#dropAbandoned();
    if (this.#flights.size < this.#options.capacity) this.#flights.set(key, flight);
    const end = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    return {
      own: true,
      land: (value) => {
        end();
        resolve(value);
      },
      crash: (reason) => {
        end();
        reject(reason);
      },
    };
  }

  async #wait(flight: Flight<Value>): Promise<Value | undefined> {
    const { passed, clear } = timeout(this.#options.patience);
    try {
      return await Promise.race([flight.answer, passed]);
    } finally {
      clear();
    }
  }

  #dropAbandoned(): void {
    if (this.#flights.size < this.#options.capacity) return;
    const oldest = Date.now() - this.#options.patience;
    for (const [key, flight] of this.#flights) if (flight.since <= oldest) this.#flights.delete(key);
  }
}

/** A promise with its ends outside (`Promise.withResolvers` needs Node 22). */
function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
