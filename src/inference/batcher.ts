/** Joins inferences that arrive together into one batch of the same model, and splits its answer again. */
import type { Session } from "../runtime/session.ts";
import type { Tensors } from "../runtime/tensor.ts";
import { assertInputs } from "../runtime/validate.ts";
import { CallerGoneError, DeadlineExceededError } from "./errors.ts";
import type { InferenceObserver } from "./observer.ts";
import type { InferenceQueue } from "./queue.ts";
import { isRowwise, joinRows, rowCount, splitRows } from "./rows.ts";
import { runInSlices } from "./slices.ts";

/** Milliseconds that an inference waits for company: on one thread waiting costs as much as it takes and saves nothing. */
export const BATCH_WINDOW_MS = 0;
/** Most rows of a batch: four save the steps between inferences, more save no more. `docs/deploy.md` has the figures. */
export const MAX_BATCH = 4;
/** Rows that a session runs at once: on one thread more are hardly faster, and onnxruntime-web's heap grows with them. */
export const ROWS_AT_ONCE = 1;

/** Longest wait for company: a caller notices more. */
export const MAX_BATCH_WINDOW_MS = 1_000;
/** Most rows that a batch may be set to: as many pictures as fit the longest body. */
export const LARGEST_BATCH = 64;

export interface BatcherOptions {
  /** Says whose turn it is; its line holds those that can be taken along. */
  readonly queue: InferenceQueue;
  /** Milliseconds from its arrival that an inference waits for company. @default {@link BATCH_WINDOW_MS} */
  readonly windowMs?: number | undefined;
  /** Most rows of a batch; a request with more of them runs by itself. @default {@link MAX_BATCH} */
  readonly maxRows?: number | undefined;
  /** Rows that a session runs at once; a batch with more of them runs in slices. @default {@link ROWS_AT_ONCE} */
  readonly rowsAtOnce?: number | undefined;
  /** Told of every batch that ran. */
  readonly observer?: InferenceObserver | undefined;
}

export interface BatchRequest {
  /** Whatever tells models apart: requests of the same model may run together. */
  readonly model: string;
  readonly inputs: Tensors;
  /** Names of the outputs wanted; absent: all. */
  readonly outputs?: readonly string[] | undefined;
  /** Milliseconds since the epoch, after which the caller is gone. */
  readonly deadline: number;
  /** Aborts when the caller goes away. */
  readonly signal?: AbortSignal | undefined;
}

/** Hands a model's session to `work`, as a model cache does. */
export type SessionUse = <Result>(work: (session: Session) => Promise<Result>) => Promise<Result>;

/** How much a model has run, in the words of Triton's statistics extension. */
export interface ModelStatistics {
  /** Rows that were answered. */
  readonly inference_count: number;
  /** Batches that it took. */
  readonly execution_count: number;
}

/** A call that waits for company. */
interface OpenWindow {
  readonly call: Call;
  /** Milliseconds since the epoch. */
  readonly end: number;
  readonly closed: Promise<void>;
  close(): void;
}

/** A request that waits in the line. */
interface Call extends BatchRequest {
  /** Calls with the same key can run together; without one, the call runs alone. */
  readonly key: string | undefined;
  readonly rows: number;
  readonly arrivedAt: number;
  readonly answer: Promise<Tensors>;
  /** Whether it runs, or has: nobody else takes it along. */
  taken: boolean;
  /** Whether the caller has hung up. In a Worker nobody but the request itself may ask its signal. */
  gone: boolean;
  settled: boolean;
  resolve(answer: Tensors): void;
  reject(reason: unknown): void;
}

/**
 * Whoever is first in line leads: it waits for the rest of its window, takes those along that wait behind it with
 * the same model, outputs and row shape, as many as fit, runs all of their rows in one go and answers each.
 *
 * A Worker's request may be cancelled at any `await` and then runs no further. So nobody is taken along before the
 * session is there and the window over, all in one go: a leader that is cancelled before leaves the others in line,
 * where the next of them leads. What runs afterwards awaits no I/O. And nobody waits for anything but a promise and
 * timers of its own request.
 *
 * Where requests are never cancelled without a trace (`holdersReturn` of the queue), those that are taken along leave
 * the line, and the next batch can start in another lane while theirs runs.
 */
export class Batcher {
  readonly #queue: InferenceQueue;
  readonly windowMs: number;
  readonly maxRows: number;
  readonly #rowsAtOnce: number;
  readonly #observer: InferenceObserver;
  /** In the order of arrival. */
  readonly #waiting = new Set<Call>();
  readonly #statistics = new Map<string, ModelStatistics>();
  #open: OpenWindow | undefined;

  constructor(options: BatcherOptions) {
    this.#queue = options.queue;
    this.windowMs = options.windowMs ?? BATCH_WINDOW_MS;
    this.maxRows = options.maxRows ?? MAX_BATCH;
    this.#rowsAtOnce = options.rowsAtOnce ?? ROWS_AT_ONCE;
    this.#observer = options.observer ?? {};
  }

  statistics(model: string): ModelStatistics {
    return this.#statistics.get(model) ?? { inference_count: 0, execution_count: 0 };
  }

  /**
   * The answer to a request: exactly that of a run by itself, as far as the model treats rows alone.
   * @throws {QueueFullError} at once, when too many wait.
   * @throws {DeadlineExceededError} or {CallerGoneError} when it has not started by then; it never does.
   * @throws what `use` and {@link Session.run} throw; others in the batch are not touched by that.
   */
  async run(request: BatchRequest, use: SessionUse): Promise<Tensors> {
    this.#queue.assertRoom();
    this.#dropExpired();
    const call = callOf(request);
    this.#waiting.add(call);
    if (this.#open && this.#isComplete(this.#open)) this.#open.close();
    try {
      return await this.#queue.run(call.deadline, () => use((session) => this.#lead(call, session)), {
        signal: call.signal,
        elsewhere: call.answer,
      });
    } finally {
      this.#waiting.delete(call);
    }
  }

  /** Runs a call and those that it takes along, and answers them all. */
  async #lead(call: Call, session: Session): Promise<Tensors> {
    if (call.settled || call.taken) return call.answer;
    assertInputs(session.inputs, call.inputs);
    const joinable = call.key !== undefined && call.rows < this.maxRows && isRowwise(session);
    if (joinable) {
      await this.#behindOpen(call);
      if (call.taken) return call.answer;
      await this.#window(call);
    }
    assertThere(call);
    const batch = joinable ? this.#gather(call, session) : [call];
    if (this.#queue.holdersReturn) this.#take(batch);
    await this.#answer(batch, session);
    return call.answer;
  }

  /** Where several lead at once, waits for those whose window is open and who may take the call along. */
  async #behindOpen(call: Call): Promise<void> {
    for (let open = this.#open; open; open = this.#open) {
      const left = open.end - Date.now();
      if (open.call.key !== call.key || left <= 0) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = new Promise<void>((over) => {
        timer = setTimeout(over, left);
      });
      await Promise.race([open.closed, end]);
      clearTimeout(timer);
    }
  }

  /** Waits for company, for as long as it keeps nobody else from running. */
  async #window(call: Call): Promise<void> {
    const end = call.arrivedAt + this.windowMs;
    const left = end - Date.now();
    if (left <= 0 || this.#isComplete({ call, end })) return;
    let close = () => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const timer = setTimeout(close, left);
    this.#open = { call, end, closed, close };
    await closed;
    clearTimeout(timer);
    if (this.#open?.call === call) this.#open = undefined;
  }

  /** Whether waiting longer gains nothing: the batch is full, or somebody in line cannot join or wait as long. */
  #isComplete({ call, end }: { readonly call: Call; readonly end: number }): boolean {
    let rows = 0;
    for (const other of this.#waiting) {
      if (other.settled) continue;
      if (other.key !== call.key || other.deadline <= end) return true;
      rows += other.rows;
    }
    return rows >= this.maxRows;
  }

  /** The call and those behind it that run with it, in the order of arrival. */
  #gather(first: Call, session: Session): Call[] {
    this.#dropExpired();
    const batch = [first];
    let rows = first.rows;
    for (const call of this.#waiting) {
      if (call === first || call.settled || call.gone || call.key !== first.key) continue;
      if (rows + call.rows > this.maxRows) break;
      try {
        assertInputs(session.inputs, call.inputs);
      } catch (error) {
        call.reject(error);
        continue;
      }
      batch.push(call);
      rows += call.rows;
    }
    return batch;
  }

  /** Those in the batch are answered by it and wait for nothing else. */
  #take(batch: readonly Call[]): void {
    for (const call of batch) {
      call.taken = true;
      this.#waiting.delete(call);
    }
    for (const call of batch.slice(1)) this.#queue.leave(call.answer);
  }

  /** Runs all at once; should that fail, each by itself, so that only those fail that are to blame. */
  async #answer(batch: readonly Call[], session: Session): Promise<void> {
    if (batch.length > 1 && (await this.#answerTogether(batch, session))) return;
    for (const call of batch) {
      try {
        if (batch.length > 1) assertThere(call);
        const start = Date.now();
        const answer = await runInSlices(session, call.inputs, call.outputs, this.#rowsAtOnce);
        this.#count([call], start);
        call.resolve(answer);
      } catch (error) {
        call.reject(error);
      }
    }
  }

  async #answerTogether(batch: readonly Call[], session: Session): Promise<boolean> {
    const [{ outputs }] = batch as readonly [Call];
    const counts = batch.map(({ rows }) => rows);
    const start = Date.now();
    try {
      const joined = joinRows(batch.map(({ inputs }) => inputs));
      const answers = await runInSlices(session, joined, outputs, this.#rowsAtOnce);
      const parts = splitRows(answers, counts);
      for (const [index, call] of batch.entries()) call.resolve(parts[index]!);
    } catch {
      // Who is to blame shows when each runs by itself.
      return false;
    }
    this.#count(batch, start);
    return true;
  }

  /** One batch more, which started at `start`. */
  #count(batch: readonly Call[], start: number): void {
    const [{ model }] = batch as readonly [Call];
    const rows = batch.reduce((sum, call) => sum + call.rows, 0);
    const queuedMs = batch.map(({ arrivedAt }) => start - arrivedAt);
    this.#observer.batch?.({ model, rows, queuedMs, computeMs: Date.now() - start });
    const { inference_count, execution_count } = this.statistics(model);
    this.#statistics.set(model, {
      inference_count: inference_count + rows,
      execution_count: execution_count + 1,
    });
  }

  /** A request that was cancelled does not take its call back. */
  #dropExpired(): void {
    const now = Date.now();
    for (const call of this.#waiting) if (call.deadline <= now) this.#waiting.delete(call);
  }
}

/** @throws {CallerGoneError} or {DeadlineExceededError} when nobody waits for the answer any more. */
function assertThere({ gone, deadline }: Call): void {
  if (gone) throw new CallerGoneError();
  if (Date.now() >= deadline)
    throw new DeadlineExceededError("The deadline passed before there was an answer.");
}

function callOf(request: BatchRequest): Call {
  const rows = rowCount(request.inputs);
  let resolve: (answer: Tensors) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const answer = new Promise<Tensors>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Nobody may be waiting any more.
  answer.catch(() => undefined);
  const call: Call = {
    ...request,
    key: rows === undefined ? undefined : keyOf(request),
    rows: rows ?? 0,
    arrivedAt: Date.now(),
    answer,
    taken: false,
    gone: request.signal?.aborted ?? false,
    settled: false,
    resolve(tensors) {
      call.settled = true;
      resolve(tensors);
    },
    reject(reason) {
      call.settled = true;
      reject(reason);
    },
  };
  const hangUp = () => {
    call.gone = true;
  };
  request.signal?.addEventListener("abort", hangUp, { once: true });
  return call;
}

/** The same for requests that can run together: of one model, outputs, and inputs that differ in their rows only. */
function keyOf({ model, inputs, outputs }: BatchRequest): string {
  const rows = Object.entries(inputs)
    .map(([name, { datatype, shape }]) => [name, datatype, ...shape.slice(1)])
    .sort(([a], [b]) => (a! < b! ? -1 : 1));
  return JSON.stringify([model, outputs ?? null, rows]);
}
