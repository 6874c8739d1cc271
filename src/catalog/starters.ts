/** Items to begin with: popular ones, new ones, some drawn by lot. And what makes items popular. */
import type { ActionCount } from "./shard/popularity-store.ts";
import type { Starter, Starters } from "./shard/protocol.ts";
import type { Shards } from "./shards.ts";

/**
 * @param limit of each kind
 * @param exclude ids that are not wanted; may be thousands
 * @throws {CatalogUnavailableError}
 */
export async function startersOf(
  shards: Shards,
  limit: number,
  exclude: readonly string[],
): Promise<Starters> {
  const excluded = shards.groups(exclude);
  const answers = await Promise.all(
    Array.from({ length: shards.count }, (_, number) =>
      shards.at(number, (shard) => shard.starters(limit, excluded.get(number) ?? [])),
    ),
  );
  const best = (kind: keyof Starters, order: (a: Starter, b: Starter) => number) =>
    answers
      .flatMap((shard) => shard[kind])
      .sort((a, b) => order(a, b) || (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  return {
    popular: best("popular", (a, b) => b.popularity - a.popularity),
    newest: best("newest", (a, b) => b.createdAt - a.createdAt),
    drawn: shuffled(answers.flatMap(({ drawn }) => drawn)).slice(0, limit),
  };
}

/** Adds to the popularity of items. @throws {CatalogUnavailableError} */
export async function countActions(shards: Shards, counts: readonly ActionCount[]): Promise<void> {
  const byShard = new Map<number, ActionCount[]>();
  for (const one of counts) {
    const shard = shards.of(one.item);
    const some = byShard.get(shard);
    if (some) some.push(one);
    else byShard.set(shard, [one]);
  }
  await Promise.all(
    [...byShard].map(([number, some]) => shards.at(number, (shard) => shard.countActions(some))),
  );
}

/** Fisher and Yates. */
function shuffled<Value>(values: Value[]): Value[] {
  for (let left = values.length; left > 1; left--) {
    const at = Math.floor(Math.random() * left);
    [values[left - 1], values[at]] = [values[at]!, values[left - 1]!];
  }
  return values;
}
