/**
 * A person as several interests: PinnerSage (Pal et al., KDD'20, arXiv 2007.03634). What somebody acted on is
 * clustered by Ward's method; each cluster is shown by its medoid, an item that exists and can be cached, and weighs
 * what its actions weigh, recent ones more.
 */
import { cut, wardLinkage } from "./ward.ts";

/** Height of the dendrogram at which it is cut, for vectors of unit length; the paper names no value. */
export const DEFAULT_CUT = 1.4;

/** λ of the paper, a day (section 4.3). */
export const DEFAULT_DECAY = 0.01;

/** Interests that one request looks for (section 5). */
export const DEFAULT_SAMPLES = 3;

const DAY_MS = 86_400_000;

/** What somebody did with an item. */
export interface Action {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How much it says: a save more than a click. @default 1 */
  readonly weight?: number;
}

export interface Interest {
  /** Index of the action whose item stands for the interest. */
  readonly medoid: number;
  /** Indices of its actions, ascending. */
  readonly members: readonly number[];
  /** Σ weight · e^(−λ · days ago), above 0. */
  readonly importance: number;
}

export interface InterestOptions {
  /** Milliseconds since 1970. Actions after it count as of this moment. @default now */
  readonly now?: number;
  /** @default DEFAULT_CUT */
  readonly cut?: number;
  /** @default DEFAULT_DECAY */
  readonly decay?: number;
}

/**
 * Interests of a person, the most important first.
 *
 * @param vectors of the items acted on, `actions.length`×`dimensions`, unit length
 * @throws RangeError when the lengths do not fit, or a component is not finite
 *
 * @example
 * ```ts
 * const interests = interestsOf(vectors, 256, actions);
 * const chosen = sampleInterests(interests, 3, Math.random);
 * ```
 */
export function interestsOf(
  vectors: Float32Array,
  dimensions: number,
  actions: readonly Action[],
  { now = Date.now(), cut: height = DEFAULT_CUT, decay = DEFAULT_DECAY }: InterestOptions = {},
): Interest[] {
  if (vectors.length !== actions.length * dimensions) {
    throw new RangeError(`${vectors.length} numbers are not ${actions.length} rows of ${dimensions}`);
  }
  if (actions.length === 0) return [];
  const importanceOf = ({ at, weight = 1 }: Action) =>
    weight * Math.exp((-decay * Math.max(0, now - at)) / DAY_MS);
  const interests = cut(wardLinkage(vectors, dimensions), height).map((members) => ({
    members,
    medoid: medoidOf(vectors, dimensions, members),
    importance: members.reduce((sum, member) => sum + importanceOf(actions[member]!), 0),
  }));
  return interests.sort((a, b) => b.importance - a.importance || a.medoid - b.medoid);
}

/**
 * The member with the least sum of squared distances to the others. With the sum s of n members that is the least of
 * n·‖p‖² − 2·p·s, so that no distances are needed.
 */
export function medoidOf(vectors: Float32Array, dimensions: number, members: readonly number[]): number {
  const sum = new Float64Array(dimensions);
  for (const member of members) {
    const row = member * dimensions;
    for (let at = 0; at < dimensions; at++) sum[at]! += vectors[row + at]!;
  }
  let [best, least] = [members[0]!, Number.POSITIVE_INFINITY];
  for (const member of members) {
    const row = member * dimensions;
    let [square, product] = [0, 0];
    for (let at = 0; at < dimensions; at++) {
      const value = vectors[row + at]!;
      square += value * value;
      product += value * sum[at]!;
    }
    const cost = members.length * square - 2 * product;
    if (cost < least) [best, least] = [member, cost];
  }
  return best;
}

/**
 * Draws interests without repeating one, each with a chance in proportion to its importance (section 4.3).
 * @param random numbers in [0, 1)
 */
export function sampleInterests(
  interests: readonly Interest[],
  count: number = DEFAULT_SAMPLES,
  random: () => number = Math.random,
): Interest[] {
  const left = [...interests];
  const drawn: Interest[] = [];
  while (drawn.length < count && left.length > 0) {
    const total = left.reduce((sum, { importance }) => sum + importance, 0);
    let rest = random() * total;
    const found = left.findIndex(({ importance }) => {
      rest -= importance;
      return rest < 0;
    });
    drawn.push(...left.splice(found < 0 ? left.length - 1 : found, 1));
  }
  return drawn;
}
