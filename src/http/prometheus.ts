/** Counters, gauges and histograms in Prometheus' text format. */

type Labels = Readonly<Record<string, string>>;

export interface Metric {
  readonly lines: () => string[];
}

/** Seconds; a cached answer takes milliseconds, a cold start with 64 pictures several seconds. */
export const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

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
    /** Upper bounds. @default {@link LATENCY_BUCKETS} */
    readonly bounds: readonly number[] = LATENCY_BUCKETS,
  ) {}

  observe(labels: Labels, value: number): void {
    const key = series("", labels);
    let entry = this.#series.get(key);
    if (!entry) {
      if (this.#series.size >= MAX_SERIES) return;
      entry = { labels, buckets: this.bounds.map(() => 0), sum: 0, count: 0 };
      this.#series.set(key, entry);
    }
    const { buckets } = entry;
    for (const [index, bound] of this.bounds.entries()) if (value <= bound) buckets[index]! += 1;
    entry.sum += value;
    entry.count += 1;
  }

  lines = (): string[] => [
    ...heading(this.name, "histogram", this.help),
    ...[...this.#series.values()].flatMap(({ labels, buckets, sum, count }) => [
      ...this.bounds.map(
        (bound, index) =>
          `${series(`${this.name}_bucket`, { ...labels, le: String(bound) })} ${buckets[index]}`,
      ),
      `${series(`${this.name}_bucket`, { ...labels, le: "+Inf" })} ${count}`,
      `${series(`${this.name}_sum`, labels)} ${sum}`,
      `${series(`${this.name}_count`, labels)} ${count}`,
    ]),
  ];
}

/** Prometheus text exposition format 0.0.4. */
export function expositionOf(metrics: readonly Metric[]): string {
  return `${metrics.flatMap((metric) => metric.lines()).join("\n")}\n`;
}
