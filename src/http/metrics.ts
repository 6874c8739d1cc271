/** Counters, gauges and histograms in Prometheus' text format. They count what one isolate has seen. */
import { ABANDONED_AFTER } from "./limits.ts";

type Labels = Readonly<Record<string, string>>;

interface Metric {
  readonly lines: () => string[];
}

/** Seconds; a cached answer takes milliseconds, a cold start with 64 pictures several seconds. */
const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Label sets that one metric keeps; labels here come from fixed lists, so this is only a safety net. */
const MAX_SERIES = 1_000;

function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}

function series(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
}

const heading = (name: string, type: string, help: string) => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

export class Counter implements Metric {
  readonly #values = new Map<string, number>();

  constructor(
    readonly name: string,
    readonly help: string,
  ) {}

  add(labels: Labels = {}, amount = 1): void {
    const key = series(this.name, labels);
    if (!this.#values.has(key) && this.#values.size >= MAX_SERIES) return;
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }

  lines = (): string[] => [
    ...heading(this.name, "counter", this.help),
    ...[...this.#values].map(([key, value]) => `${key} ${value}`),
  ];
}

/** A value that is read when it is asked for. */
export class Gauge implements Metric {
  constructor(
    readonly name: string,
    readonly help: string,
    readonly read: () => number,
  ) {}

  lines = (): string[] => [...heading(this.name, "gauge", this.help), `${this.name} ${this.read()}`];
}

export class Histogram implements Metric {
  readonly #series = new Map<string, { labels: Labels; buckets: number[]; sum: number; count: number }>();

  constructor(
    readonly name: string,
    readonly help: string,
  ) {}

  observe(labels: Labels, seconds: number): void {
    const key = series("", labels);
    let entry = this.#series.get(key);
    if (!entry) {
      if (this.#series.size >= MAX_SERIES) return;
      entry = { labels, buckets: LATENCY_BUCKETS.map(() => 0), sum: 0, count: 0 };
      this.#series.set(key, entry);
    }
    const { buckets } = entry;
    for (const [index, bound] of LATENCY_BUCKETS.entries()) if (seconds <= bound) buckets[index]! += 1;
    entry.sum += seconds;
    entry.count += 1;
  }

  lines = (): string[] => [
    ...heading(this.name, "histogram", this.help),
    ...[...this.#series.values()].flatMap(({ labels, buckets, sum, count }) => [
      ...LATENCY_BUCKETS.map(
        (bound, index) =>
          `${series(`${this.name}_bucket`, { ...labels, le: String(bound) })} ${buckets[index]}`,
      ),
      `${series(`${this.name}_bucket`, { ...labels, le: "+Inf" })} ${count}`,
      `${series(`${this.name}_sum`, labels)} ${sum}`,
      `${series(`${this.name}_count`, labels)} ${count}`,
    ]),
  ];
}

interface StartedRequest {
  readonly since: number;
}

interface RequestLabels {
  /** The route's pattern, never the path itself. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
}

/** All that the API counts. */
export class Metrics {
  readonly #started = new Set<StartedRequest>();
  readonly requests = new Counter("corkboard_http_requests_total", "Requests answered.");
  readonly latency = new Histogram(
    "corkboard_http_request_duration_seconds",
    "Time to the answer's headers.",
  );
  readonly cache = new Counter(
    "corkboard_embedding_cache_total",
    "Embeddings asked for, by where they were.",
  );
  readonly cacheFailures = new Counter("corkboard_cache_failures_total", "Cache layers that failed.");
  readonly inferences = new Counter("corkboard_inferences_total", "Calls of a model host.");
  readonly pictures = new Counter("corkboard_pictures_embedded_total", "Pictures that went through a model.");
  readonly boardResults = new Counter(
    "corkboard_board_results_total",
    "Items that were found for boards, by how.",
  );
  readonly inFlight = new Gauge("corkboard_http_requests_in_flight", "Requests in work.", () =>
    this.#inWork(),
  );

  requestStarted(): StartedRequest {
    const request = { since: Date.now() };
    this.#started.add(request);
    return request;
  }

  requestEnded(request: StartedRequest, labels: RequestLabels, seconds: number): void {
    this.#started.delete(request);
    const { route, method, status } = labels;
    this.requests.add({ route, method, status: String(status) });
    this.latency.observe({ route }, seconds);
  }

  /** Requests whose client hung up may never end; after a while they no longer count. */
  #inWork(): number {
    const oldest = Date.now() - ABANDONED_AFTER;
    for (const request of this.#started) if (request.since < oldest) this.#started.delete(request);
    return this.#started.size;
  }

  /** Prometheus text exposition format 0.0.4. */
  text(): string {
    const all: Metric[] = [
      this.requests,
      this.latency,
      this.cache,
      this.cacheFailures,
      this.inferences,
      this.pictures,
      this.boardResults,
      this.inFlight,
    ];
    return `${all.flatMap((metric) => metric.lines()).join("\n")}\n`;
  }
}
