/** A bounded line of inferences, one at a time, in order, without those whose caller is gone. */
import { DeadlineExceededError, QueueFullError } from "./errors.ts";

/** Most inferences that wait. At 100 ms each, the last of them waits 1.6 s: longer than callers do. */
export const MAX_WAITING = 16;

/** What a refused caller is told to wait, in seconds: the line is empty by then. */
export const RETRY_AFTER_SECONDS = 2;

interface Ticket {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Tells the ticket's holder that it is first in line. */
  call(): void;
}

export interface InferenceQueueOptions {
  /** @default {@link MAX_WAITING} */
  readonly maxWaiting?: number;
}

/**
 * Each ticket has a deadline, after which it no longer counts, even if its holder never returns it: a Worker's
 * request may be cancelled at any `await` and then runs no further, not even its `finally`.
 */
export class InferenceQueue {
  readonly #maxWaiting: number;
  /** The first of the line is the one that runs. */
  #line: Ticket[] = [];

  constructor(options: InferenceQueueOptions = {}) {
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
  }

  /** Inferences that wait for the one that runs. */
  get waiting(): number {
    return Math.max(0, this.#line.length - 1);
  }

  /**
   * Runs `work` when all before it are done.
   * @param deadline Milliseconds since the epoch.
   * @throws {QueueFullError} at once, when too many wait.
   * @throws {DeadlineExceededError} when the deadline passes before `work` starts; then it never does.
   */
  async run<Result>(deadline: number, work: () => Promise<Result>): Promise<Result> {
    this.#dropExpired();
    if (this.#line.length > this.#maxWaiting) throw new QueueFullError(this.waiting, RETRY_AFTER_SECONDS);
    let call = () => {};
    const turn = new Promise<void>((resolve) => {
      call = resolve;
    });
    const ticket: Ticket = { deadline, call };
    this.#line.push(ticket);
    try {
      if (this.#line[0] !== ticket) await untilTurnOr(turn, deadline);
      await nextTurn();
      if (this.#line[0] !== ticket || Date.now() >= deadline) {
        throw new DeadlineExceededError("The deadline passed before the inference could start.");
      }
      return await work();
    } finally {
      this.#remove(ticket);
    }
  }

  #remove(ticket: Ticket): void {
    this.#line = this.#line.filter((other) => other !== ticket);
    this.#line[0]?.call();
  }

  #dropExpired(): void {
    const now = Date.now();
    this.#line = this.#line.filter((ticket) => ticket.deadline > now);
    this.#line[0]?.call();
  }
}

async function untilTurnOr(turn: Promise<void>, deadline: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadline - Date.now());
  });
  await Promise.race([turn, timeout]);
  clearTimeout(timer);
}

/**
 * Lets the answer to the inference before leave first: an inference does not give way once it runs. Besides, a
 * Worker's clock advances only with I/O such as a timer, so that the deadline is seen.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
