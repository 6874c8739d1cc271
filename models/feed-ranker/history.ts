/** What somebody did so far, and the features that the feed would compute of it: candidates found by PinnerSage. */
import { Random } from "../../src/demo/random.ts";
import type { FeedAction } from "../../src/feed/actions.ts";
import { COUNTED_ACTIONS, featuresOf } from "../../src/feed/features.ts";
import { WEIGHTS } from "../../src/people/event.ts";
import { interestsOf, sampleInterests } from "../../src/people/pinnersage.ts";

export interface HistoryAction {
  readonly item: string;
  readonly action: FeedAction;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly vector: Float32Array;
}

/** Actions that are kept, the latest: as many as of a person in the product. */
const KEPT = 1_000;

export class History {
  readonly #dimensions: number;
  #actions: HistoryAction[] = [];
  /** Shown or acted on. */
  readonly #seen = new Set<string>();

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
  }

  add(action: HistoryAction): void {
    this.#actions = [action, ...this.#actions].slice(0, KEPT);
    this.#seen.add(action.item);
  }

  show(item: string): void {
    this.#seen.add(item);
  }

  hasSeen(item: string): boolean {
    return this.#seen.has(item);
  }

  /** Whether there are interests to find candidates by. */
  get knowsSomething(): boolean {
    return this.#liked().length > 0;
  }

  /**
   * Features of items as if each had been found by the nearest of three interests, drawn by importance, and the latest
   * action.
   */
  features(vectors: readonly Float32Array[], now: number, seed: number): Float32Array {
    const liked = this.#liked();
    const random = new Random(seed);
    const own = new Float32Array(liked.length * this.#dimensions);
    for (const [at, { vector }] of liked.entries()) own.set(vector, at * this.#dimensions);
    const weighed = liked.map(({ at, action }) => ({ at, weight: WEIGHTS[action as keyof typeof WEIGHTS] }));
    const interests = interestsOf(own, this.#dimensions, weighed, { now });
    const drawn = sampleInterests(interests, undefined, () => random.next());
    const queries = [
      ...drawn.map((one) => ({ interest: interests.indexOf(one), vector: liked[one.medoid]!.vector })),
      { interest: interests.findIndex(({ members }) => members.includes(0)), vector: liked[0]!.vector },
    ];
    const candidates = vectors.map((vector) => {
      const found = queries.map((query) => ({ ...query, similarity: dot(query.vector, vector) }));
      const { similarity, interest } = found.reduce((best, one) =>
        one.similarity > best.similarity ? one : best,
      );
      return { vector, similarity, interest };
    });
    const hidden = this.#actions.filter(({ action }) => action === "hide");
    return featuresOf(candidates, {
      interests: interests.map(({ medoid, importance }) => ({ vector: liked[medoid]!.vector, importance })),
      actions: [...liked, ...hidden],
      now,
    });
  }

  /** Actions that say that somebody likes an item, the latest first: none on items hidden then or later. */
  #liked(): HistoryAction[] {
    const hiddenAt = new Map<string, number>();
    for (const { item, action, at } of this.#actions) {
      if (action === "hide") hiddenAt.set(item, Math.max(at, hiddenAt.get(item) ?? at));
    }
    return this.#actions
      .filter(
        ({ item, action, at }) => action !== "hide" && at > (hiddenAt.get(item) ?? Number.NEGATIVE_INFINITY),
      )
      .slice(0, COUNTED_ACTIONS);
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
