/** The lines in which inferences wait for their turn: one for all models, or one for each. */
import { pinnedName } from "../runtime/manifest.ts";
import { Batcher } from "./batcher.ts";
import type { HostedModel } from "./model-store.ts";
import type { InferenceObserver } from "./observer.ts";
import { InferenceQueue } from "./queue.ts";

export interface LineOptions {
  /** Most inferences that wait in a line. @default 16 */
  readonly maxWaiting?: number | undefined;
  /** Milliseconds that an inference waits for others to run with. @default {@link BATCH_WINDOW_MS} */
  readonly batchWindowMs?: number | undefined;
  /** Most rows of a batch of several requests. @default {@link MAX_BATCH} */
  readonly maxBatch?: number | undefined;
  /** Rows that a session runs at once; a host with a GPU sets it as high as `maxBatch`. @default {@link ROWS_AT_ONCE} */
  readonly rowsAtOnce?: number | undefined;
  /**
   * Batches of each model that run at once, each model with a line of its own: for a process whose engine has threads
   * and in which no request vanishes without a trace. Absent: all models share one line, one batch at a time.
   */
  readonly lanesPerModel?: number | undefined;
  /** Told of every batch and every answer. */
  readonly observer?: InferenceObserver | undefined;
}

export interface Line {
  readonly queue: InferenceQueue;
  readonly batcher: Batcher;
}

export class Lines {
  readonly #options: LineOptions;
  /** By `name@revision`, or one for all under "". */
  readonly #lines = new Map<string, Line>();

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Inferences that wait for their turn, of all models. */
  get waiting(): number {
    return [...this.#lines.values()].reduce((sum, { queue }) => sum + queue.waiting, 0);
  }

  /** The line in which a model's inferences wait. */
  of(manifest: HostedModel["manifest"]): Line {
    const { maxWaiting, batchWindowMs, maxBatch, rowsAtOnce, lanesPerModel, observer } = this.#options;
    const name = lanesPerModel === undefined ? "" : pinnedName(manifest);
    const known = this.#lines.get(name);
    if (known) return known;
    const holdersReturn = lanesPerModel !== undefined;
    const queue = new InferenceQueue({ maxWaiting, lanes: lanesPerModel, holdersReturn });
    const batcher = new Batcher({ queue, windowMs: batchWindowMs, maxRows: maxBatch, rowsAtOnce, observer });
    const line = { queue, batcher };
    this.#lines.set(name, line);
    return line;
  }
}
