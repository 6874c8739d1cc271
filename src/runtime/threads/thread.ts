/** A worker thread that is asked and answers, until it dies. */
import { Worker } from "node:worker_threads";
import { EngineDiedError, reasonOf } from "../errors.ts";
import { errorOf, type Order, type Report, type Results } from "./messages.ts";

/** Milliseconds after which a thread without an answer counts as dead: nobody waits as long for an inference. */
export const THREAD_PATIENCE_MS = 300_000;

interface Pending {
  /** What the question is about: a model's name. */
  readonly about: string;
  /** Ends the patience with the thread. */
  readonly timer: ReturnType<typeof setTimeout>;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export interface ThreadOptions {
  /** The file to run: a JavaScript module that calls `serveThread`. */
  readonly file: URL;
  /** Handed to the file as `workerData`. */
  readonly data: unknown;
  /** @default {@link THREAD_PATIENCE_MS} */
  readonly patienceMs?: number | undefined;
  /** Told of what the thread says without being asked. */
  readonly onNotice?: ((notice: unknown) => void) | undefined;
  /** Called once, when the thread has ended, with whether it had ever answered. */
  onEnd(hadAnswered: boolean): void;
}

/**
 * @typeParam Orders what it can be asked
 * @typeParam Answers what it answers, by the kind of order
 */
export class Thread<Orders extends { readonly kind: string } = Order, Answers = Results> {
  readonly #worker: Worker;
  readonly #patienceMs: number;
  readonly #onEnd: ThreadOptions["onEnd"];
  readonly #pending = new Map<number, Pending>();
  #asked = 0;
  #answered = false;
  #error: unknown;
  #ended = false;

  constructor({ file, data, patienceMs = THREAD_PATIENCE_MS, onNotice, onEnd }: ThreadOptions) {
    this.#patienceMs = patienceMs;
    this.#onEnd = onEnd;
    this.#worker = new Worker(file, { workerData: data });
    // Keeps the process alive only while it owes an answer.
    this.#worker.unref();
    this.#worker.on("message", (message: Report | { readonly notice: unknown }) => {
      if ("notice" in message) onNotice?.(message.notice);
      else this.#settle(message);
    });
    this.#worker.on("error", (error) => {
      this.#error = error;
    });
    this.#worker.on("exit", (code) => {
      this.#lose(this.#error === undefined ? `exit code ${code}` : reasonOf(this.#error));
    });
  }

  /** Questions that wait for their answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Asks the thread to follow an order.
   * @param about name of the model, for errors
   * @param buffers memory that is handed over and no longer usable here
   * @throws {EngineDiedError} when the thread ends before it has answered.
   * @throws what the thread's runtime throws.
   */
  ask<Kind extends Orders["kind"]>(
    order: Orders & { readonly kind: Kind },
    about: string,
    buffers: readonly ArrayBuffer[] = [],
  ): Promise<Answers[Kind & keyof Answers]> {
    if (this.#ended) return Promise.reject(new EngineDiedError("it had ended before"));
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ ...order, id }, [...buffers]);
      const timer = setTimeout(() => this.#giveUp(), this.#patienceMs);
      this.#pending.set(id, { about, timer, resolve: resolve as (result: unknown) => void, reject });
      this.#worker.ref();
    });
  }

  /** Ends the thread, with what it has at work: that fails. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(report: Report): void {
    const pending = this.#pending.get(report.id);
    clearTimeout(pending?.timer);
    this.#pending.delete(report.id);
    if (this.#pending.size === 0) this.#worker.unref();
    this.#answered = true;
    if ("failure" in report) pending?.reject(errorOf(report.failure, pending.about));
    else pending?.resolve(report.result);
  }
  /** A driver that hangs never comes back to the thread: it is not waited for. */
  #giveUp(): void {
    this.#lose(`no answer within ${this.#patienceMs} ms`);
    void this.#worker.terminate();
  }

  #lose(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const { timer, reject } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new EngineDiedError(reason, this.#error));
    }
    this.#pending.clear();
    this.#worker.unref();
    this.#onEnd(this.#answered);
  }
}
