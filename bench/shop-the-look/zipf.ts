/** Traffic as real services have it: a few things are asked for often, most hardly ever. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/**
 * Numbers 0 to `things` - 1, `count` of them, drawn by Zipf's law: number k with probability ∝ 1 / (k + 1)^s. The
 * same seed draws the same.
 */
export function zipf(things: number, count: number, s: number, seed: number): number[] {
  const cumulative: number[] = [];
  let total = 0;
  for (let rank = 1; rank <= things; rank++) {
    total += rank ** -s;
    cumulative.push(total);
  }
  const random = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => {
    const at = uniformFloat64(random) * total;
    return cumulative.findIndex((sum) => at < sum);
  });
}
