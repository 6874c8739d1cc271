/** One page of a feed, while its paths fill it. */
import type { Item } from "../catalog/item.ts";
import type { CircuitState } from "../inference/circuit-breaker.ts";
import { FEED_ACTIONS } from "./actions.ts";
import type { Candidate, FeedPath } from "./candidate.ts";

export type FeedScores = Partial<Record<(typeof FEED_ACTIONS)[number] | "utility", number>>;

export interface FeedItem extends Pick<Candidate, "path" | "similarity" | "interest" | "shownAt" | "model"> {
  readonly id: string;
  readonly item: Item;
  /** Probabilities, where a model said them, and what the path ordered by; none on the cold path. */
  readonly scores?: FeedScores;
}

/** How a slate came about. */
export interface FeedReport {
  /** Why the origin was not used, or not for everything: a problem's code, `no-origin`, `no-history` or `no-more`. */
  readonly reason?: string;
  /** Why no model ranked at the edge: a problem's code, or `failed`. */
  readonly ranker?: string;
  readonly breaker?: CircuitState;
  /** Items that came into question, on all paths. */
  readonly candidates: number;
  /** What each step took, in milliseconds. */
  readonly millis: Readonly<Record<string, number>>;
}

export class PageInWork {
  readonly items: FeedItem[] = [];
  readonly #limit: number;
  readonly #millis: Record<string, number> = {};
  considered = 0;
  ranker: string | undefined;
  #reason: string | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get wanted(): number {
    return this.#limit - this.items.length;
  }

  /** Where most of the items come from; of two with as many, the first. An empty page is cold. */
  get path(): FeedPath {
    const counts = { origin: 0, edge: 0, cold: 0 };
    for (const { path } of this.items) counts[path]++;
    if (counts.origin > 0 && counts.origin >= Math.max(counts.edge, counts.cold)) return "origin";
    return counts.edge > 0 && counts.edge >= counts.cold ? "edge" : "cold";
  }

  get report(): FeedReport {
    return {
      ...(this.#reason !== undefined && { reason: this.#reason }),
      ...(this.ranker !== undefined && { ranker: this.ranker }),
      candidates: this.considered,
      millis: this.#millis,
    };
  }

  add(items: readonly FeedItem[]): void {
    this.items.push(...items.slice(0, this.wanted));
  }

  withoutOrigin(reason: string): readonly Candidate[] {
    this.#reason = reason;
    return [];
  }

  async timed<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#millis[step] = performance.now() - start;
    }
  }
}

/** A candidate that is in the catalogue. */
export function itemOf({ id, probabilities, utility, ...rest }: Candidate, item: Item): FeedItem {
  const said = probabilities && FEED_ACTIONS.map((action, at) => [action, probabilities[at]!]);
  const scores = { ...(said && Object.fromEntries(said)), ...(utility !== undefined && { utility }) };
  return { id, item, ...rest, ...(Object.keys(scores).length > 0 && { scores }) };
}
