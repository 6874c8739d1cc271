/** A bounded line of inferences, one or a few at a time, in order, without those whose caller is gone. */
import { CallerGoneError, DeadlineExceededError, QueueFullError } from "./errors.ts";

/** Most inferences that wait. At 100 ms each, the last of them waits 1.6 s: longer than callers do. */
export const MAX_WAITING = 16;

/** What a refused caller is told to wait, in seconds: the line is empty by then. */
export const RETRY_AFTER_SECONDS = 2;

/** Timers take no longer times; a wait that is longer looks again. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Ticket {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly elsewhere: Promise<unknown> | undefined;
  /** Settles when it is the ticket's turn. */
  readonly turn: Promise<undefined>;
  /** Whether it was its turn: who is taken along just then waits for the result alone. */
  called: boolean;
  call(): void;
}

export interface InferenceQueueOptions {
  /** @default {@link MAX_WAITING} */
  readonly maxWaiting?: number | undefined;
  /** Inferences that run at once. @default 1 */
  readonly lanes?: number | undefined;
  /**
   * Whether work that has started always ends, as it does in a process of its own: its place is taken until then,
   * whatever its deadline. In a Worker it may be cancelled without a trace. @default false
   */
  readonly holdersReturn?: boolean | undefined;
}

export interface WaitOptions<Result> {
  /** Aborts when the caller goes away. */
  readonly signal?: AbortSignal | undefined;
  /** The result, should somebody before in the line work it out along with their own: then there is no turn to wait for. */
  readonly elsewhere?: Promise<Result>;
}

/**
 * Each ticket has a deadline, after which it no longer counts, even if its holder never returns it: a Worker's
 * request may be cancelled at any `await` and then runs no further, not even its `finally`.
 */
export class InferenceQueue {
  readonly #maxWaiting: number;
  readonly #lanes: number;
  /** Whether work that has started always ends. */
  readonly holdersReturn: boolean;
  /** The first of the line, as many as there are lanes, are those that run. */
  #line: Ticket[] = [];

  constructor(options: InferenceQueueOptions = {}) {
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.#lanes = options.lanes ?? 1;
    this.holdersReturn = options.holdersReturn ?? false;
  }

  /** Inferences that wait for those that run. */
  get waiting(): number {
    return Math.max(0, this.#line.length - this.#lanes);
  }

  /** @throws {QueueFullError} when too many wait for one more. */
  assertRoom(): void {
    this.#dropExpired();
    if (this.#line.length < this.#lanes + this.#maxWaiting) return;
    throw new QueueFullError(this.waiting, RETRY_AFTER_SECONDS);
  }

  /**
   * Runs `work` when all before it are done.
   * @param deadline Milliseconds since the epoch.
   * @throws {QueueFullError} at once, when too many wait.
   * @throws {DeadlineExceededError} when the deadline passes before `work` starts; then it never does.
   * @throws {CallerGoneError} when the caller goes away before `work` starts; then it never does.
   */
  async run<Result>(
    deadline: number,
    work: () => Promise<Result>,
    options: WaitOptions<Result> = {},
  ): Promise<Result> {
    this.assertRoom();
    const ticket = ticketOf(deadline, options.elsewhere);
    this.#line.push(ticket);
    try {
      do {
        const answer = await this.#untilTurn(ticket, options);
        if (answer) return answer.result;
        await nextTurn();
        // Somebody may just have taken it along: then the result comes from there.
      } while (!this.#hasTurn(ticket) && Date.now() < deadline);
      if (options.signal?.aborted) throw new CallerGoneError();
      if (!this.#hasTurn(ticket) || Date.now() >= deadline) {
        throw new DeadlineExceededError("The deadline passed before the inference could start.");
      }
      return await work();
    } finally {
      this.#remove(ticket);
    }
  }

  /** Somebody works out a result along with their own: who waits for it needs no turn, and holds up nobody. */
  leave(elsewhere: Promise<unknown>): void {
    const ticket = this.#line.find((one) => one.elsewhere === elsewhere);
    if (ticket) this.#remove(ticket);
  }

  /** Ends when it is the ticket's turn, its deadline has passed, or with the result from elsewhere. */
  async #untilTurn<Result>(
    ticket: Ticket,
    { signal, elsewhere }: WaitOptions<Result>,
  ): Promise<{ readonly result: Result } | undefined> {
    const departure = signal && departureOf(signal);
    const ends: Promise<{ readonly result: Result } | undefined>[] = [];
    if (departure) ends.push(departure.gone);
    if (elsewhere) ends.push(elsewhere.then((result) => ({ result })));
    // Whoever is first at once, or no longer waits, does not look at them.
    for (const end of ends) end.catch(() => undefined);
    try {
      while (Date.now() < ticket.deadline && !this.#hasTurn(ticket)) {
        const hopes = ticket.called ? ends : [ticket.turn, ...ends];
        const answer = await raceUntil(Math.min(ticket.deadline, this.#vanishedBy()), hopes);
        if (answer) return answer;
        this.#dropExpired();
      }
      return undefined;
    } finally {
      departure?.forget();
    }
  }

  #hasTurn(ticket: Ticket): boolean {
    const place = this.#line.indexOf(ticket);
    return place >= 0 && place < this.#lanes;
  }

  /** When the next place is free, should those that run have vanished: milliseconds since the epoch. */
  #vanishedBy(): number {
    if (this.holdersReturn) return Number.POSITIVE_INFINITY;
    return Math.min(...this.#line.slice(0, this.#lanes).map(({ deadline }) => deadline));
  }

  #remove(ticket: Ticket): void {
    this.#line = this.#line.filter((other) => other !== ticket);
    this.#callFirst();
  }

  #dropExpired(): void {
    const now = Date.now();
    const stays = (place: number) => this.holdersReturn && place < this.#lanes;
    this.#line = this.#line.filter((ticket, place) => stays(place) || ticket.deadline > now);
    this.#callFirst();
  }

  #callFirst(): void {
    for (const ticket of this.#line.slice(0, this.#lanes)) ticket.call();
  }
}

function ticketOf(deadline: number, elsewhere: Promise<unknown> | undefined): Ticket {
  let call = () => {};
  const turn = new Promise<undefined>((resolve) => {
    call = () => {
      ticket.called = true;
      resolve(undefined);
    };
  });
  const ticket: Ticket = { deadline, elsewhere, turn, called: false, call };
  return ticket;
}

/** The first of `ends` to end, or `undefined` at the time `end` (milliseconds since the epoch). */
async function raceUntil<Value>(end: number, ends: readonly Promise<Value>[]): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.min(MAX_TIMER_MS, Math.max(0, end - Date.now())));
  });
  try {
    return await Promise.race([...ends, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** A promise that rejects when the signal aborts, and a way to stop listening. */
function departureOf(signal: AbortSignal): { readonly gone: Promise<never>; forget(): void } {
  let leave = () => {};
  const gone = new Promise<never>((_, reject) => {
    leave = () => reject(new CallerGoneError());
  });
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  return { gone, forget: () => signal.removeEventListener("abort", leave) };
}

/**
 * Lets the answer to the inference before leave first: an inference does not give way once it runs. Besides, a
 * Worker's clock advances only with I/O such as a timer, so that the deadline is seen.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
