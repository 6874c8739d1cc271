/** What the API counts: all that one isolate has seen. */
import { ABANDONED_AFTER } from "./limits.ts";
import { Counter, expositionOf, Gauge, Histogram } from "./prometheus.ts";

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
  readonly hostInferences = new Counter(
    "corkboard_host_inferences_total",
    "Inferences asked of each model host, by how they ended.",
  );
  readonly pictures = new Counter("corkboard_pictures_embedded_total", "Pictures that went through a model.");
  readonly boardResults = new Counter(
    "corkboard_board_results_total",
    "Items that were found for boards, by how.",
  );
  readonly feeds = new Counter(
    "corkboard_feed_pages_total",
    "Pages of feeds, by path and why not the origin.",
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
    return expositionOf([
      this.requests,
      this.latency,
      this.cache,
      this.cacheFailures,
      this.inferences,
      this.hostInferences,
      this.pictures,
      this.boardResults,
      this.feeds,
      this.inFlight,
    ]);
  }
}
