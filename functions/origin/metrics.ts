/** What an origin counts, for Prometheus. */
import { Counter, expositionOf, Gauge, Histogram } from "../../src/http/prometheus.ts";
import type { AnswerEvent, BatchEvent, InferenceObserver } from "../../src/inference/observer.ts";
import type { CascadeMetrics } from "./cascade-metrics.ts";

const MS_PER_SECOND = 1000;

/** Seconds; an inference on a GPU takes a millisecond, a full line on a CPU some seconds. */
const STEP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const ROW_BUCKETS = [1, 2, 4, 8, 16, 32, 64] as const;

/** What is read when it is asked for. */
interface Readings {
  waiting(): number;
  bodyBytes(): number;
}

export class OriginMetrics implements InferenceObserver {
  readonly #requests = new Counter("corkboard_origin_requests_total", "Requests answered.");
  readonly #input = new Histogram(
    "corkboard_origin_input_seconds",
    "Time for reading and decoding a request.",
    STEP_BUCKETS,
  );
  readonly #queue = new Histogram(
    "corkboard_origin_queue_seconds",
    "Time that a request waited for its inference to start.",
    STEP_BUCKETS,
  );
  readonly #compute = new Histogram(
    "corkboard_origin_compute_seconds",
    "Time of a batch's inference.",
    STEP_BUCKETS,
  );
  readonly #output = new Histogram(
    "corkboard_origin_output_seconds",
    "Time for encoding an answer.",
    STEP_BUCKETS,
  );
  readonly #rows = new Histogram("corkboard_origin_batch_rows", "Rows of the batches that ran.", ROW_BUCKETS);
  readonly #cascade: CascadeMetrics | undefined;
  readonly #waiting: Gauge;
  readonly #bodies: Gauge;

  /** @param cascade where the origin has one */
  constructor(now: Readings, cascade?: CascadeMetrics) {
    this.#cascade = cascade;
    this.#waiting = new Gauge(
      "corkboard_origin_waiting",
      "Inferences that wait for their turn.",
      now.waiting,
    );
    this.#bodies = new Gauge(
      "corkboard_origin_body_bytes",
      "Memory that request bodies take.",
      now.bodyBytes,
    );
  }

  batch({ model, rows, queuedMs, computeMs }: BatchEvent): void {
    this.#rows.observe({ model }, rows);
    this.#compute.observe({ model }, computeMs / MS_PER_SECOND);
    for (const ms of queuedMs) this.#queue.observe({ model }, ms / MS_PER_SECOND);
  }

  answer({ model, inputMs, outputMs }: AnswerEvent): void {
    this.#input.observe({ model }, inputMs / MS_PER_SECOND);
    this.#output.observe({ model }, outputMs / MS_PER_SECOND);
  }

  /** @param route its pattern, never the path itself */
  request(route: string, status: number): void {
    this.#requests.add({ route, status: String(status) });
  }

  text(): string {
    return expositionOf([
      this.#requests,
      this.#queue,
      this.#input,
      this.#compute,
      this.#output,
      this.#rows,
      this.#waiting,
      this.#bodies,
      ...(this.#cascade?.all ?? []),
    ]);
  }
}
