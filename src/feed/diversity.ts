/** A slate that is not all of one kind: maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998). */
import { dot } from "../catalog/vector-index.ts";

/** How much relevance counts against likeness to what is on the slate already (the paper's λ). */
export const RELEVANCE_SHARE = 0.8;

export interface Diversifiable {
  /** Any scale; higher is better. */
  readonly relevance: number;
  /** Unit length. */
  readonly vector: Float32Array;
}

/**
 * The best `count` in the order of the slate. The first is the most relevant; each other is one with
 * λ · relevance − (1 − λ) · cosine to the nearest one chosen before, relevance scaled to 0 … 1 among the candidates.
 */
export function diversified<One extends Diversifiable>(
  candidates: readonly One[],
  count: number,
  share: number = RELEVANCE_SHARE,
): One[] {
  const relevances = candidates.map(({ relevance }) => relevance);
  const [least, most] = [Math.min(...relevances), Math.max(...relevances)];
  const left = candidates.map((one) => ({
    one,
    scaled: most > least ? (one.relevance - least) / (most - least) : 1,
    nearest: -1,
  }));
  const chosen: One[] = [];
  while (chosen.length < count && left.length > 0) {
    const value = ({ scaled, nearest }: (typeof left)[number]) =>
      chosen.length === 0 ? scaled : share * scaled - (1 - share) * nearest;
    let best = 0;
    for (let at = 1; at < left.length; at++) if (value(left[at]!) > value(left[best]!)) best = at;
    const [{ one }] = left.splice(best, 1) as [(typeof left)[number]];
    chosen.push(one);
    for (const other of left) other.nearest = Math.max(other.nearest, dot(one.vector, other.one.vector));
  }
  return chosen;
}
