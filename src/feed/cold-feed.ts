/**
 * The cold path, without any model: popular items, new ones and some drawn by lot, in turns, of as many categories as
 * there are. For people of whom nothing is known, and for whoever has seen all that is near to them.
 */
import type { Catalog } from "../catalog/catalog.ts";
import type { Starter } from "../catalog/shard/protocol.ts";
import { startersOf } from "../catalog/starters.ts";
import type { Candidate, FeedContext } from "./candidate.ts";
import { FEED_OVERFETCH } from "./limits.ts";

export class ColdFeed {
  readonly #catalog: Pick<Catalog, "shards">;

  constructor(catalog: Pick<Catalog, "shards">) {
    this.#catalog = catalog;
  }

  /** @throws {CatalogUnavailableError} */
  async run({ excluded }: FeedContext, wanted: number): Promise<Candidate[]> {
    const { popular, newest, drawn } = await startersOf(this.#catalog.shards, wanted * FEED_OVERFETCH, [
      ...excluded,
    ]);
    return mixed([popular, newest, drawn], wanted).map(({ id }) => ({ id, path: "cold" }));
  }
}

/**
 * Takes from the lists in turns: of each the first whose category is on the slate the fewest times. Nothing twice.
 * Items without a category are one category.
 */
export function mixed(lists: readonly (readonly Starter[])[], count: number): Starter[] {
  const queues = lists.map((list) => [...list]);
  const taken = new Map<string, Starter>();
  const categories = new Map<string | undefined, number>();
  const timesOf = ({ category }: Starter) => categories.get(category) ?? 0;
  for (let turn = 0; taken.size < count && queues.some(({ length }) => length > 0); turn++) {
    const at = turn % queues.length;
    const queue = queues[at]!.filter(({ id }) => !taken.has(id));
    queues[at] = queue;
    const least = Math.min(...queue.map(timesOf));
    const next = queue.find((one) => timesOf(one) === least);
    if (!next) continue;
    taken.set(next.id, next);
    categories.set(next.category, least + 1);
  }
  return [...taken.values()];
}
