/** What an origin counts of its cascade, for Prometheus. */
import type { CascadeState } from "../../src/feed/cascade-messages.ts";
import { type CascadeAnswer, STAGES } from "../../src/feed/unipinrec.ts";
import { Counter, Gauge, Histogram, type Metric } from "../../src/http/prometheus.ts";

const MS_PER_SECOND = 1000;

/** Seconds; a stage takes a millisecond on a GPU, and a tenth of a second on a CPU. */
const STAGE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] as const;
/** Tokens. */
const TOKEN_BUCKETS = [0, 1, 4, 16, 64, 128, 256, 512] as const;

export class CascadeMetrics {
  readonly #stages = new Histogram("corkboard_cascade_stage_seconds", "Time of a stage.", STAGE_BUCKETS);
  readonly #reused = new Histogram(
    "corkboard_cascade_reused_tokens",
    "History tokens of a request whose keys and values were there already.",
    TOKEN_BUCKETS,
  );
  readonly #answers = new Counter("corkboard_cascade_answers_total", "Histories that were answered.");
  readonly all: readonly Metric[];

  /** @param state as the thread last said; nothing while there is no thread */
  constructor(state: () => CascadeState | undefined) {
    const gauge = (name: string, help: string, read: (state: CascadeState) => number | undefined) =>
      new Gauge(`corkboard_cascade_${name}`, help, () => {
        const now = state();
        return (now && read(now)) ?? 0;
      });
    this.all = [
      this.#answers,
      this.#stages,
      this.#reused,
      gauge("kv_bytes", "Memory of keys and values.", ({ pool }) => pool.bytes),
      gauge("kv_entries", "Histories whose keys and values are kept.", ({ pool }) => pool.entries),
      gauge("kv_hits", "Requests that found keys and values of theirs.", ({ pool }) => pool.hits),
      gauge("kv_misses", "Requests that found none.", ({ pool }) => pool.misses),
      gauge("kv_evictions", "Keys and values dropped for lack of room or use.", ({ pool }) => pool.evictions),
      gauge("table_items", "Items that are retrieved and ranked.", ({ table }) => table?.items),
      gauge("table_age_seconds", "Since the item table was last known to be the catalogue's.", ({ table }) =>
        table ? (Date.now() - table.checkedAt) / MS_PER_SECOND : undefined,
      ),
      gauge("table_failing", "1 when the last look at the catalogue brought nothing.", ({ problem }) =>
        problem === undefined ? 0 : 1,
      ),
    ];
  }

  answer({ millis, reused }: CascadeAnswer): void {
    this.#answers.add();
    this.#reused.observe({}, reused);
    for (const stage of STAGES) this.#stages.observe({ stage }, millis[stage] / MS_PER_SECOND);
  }
}
