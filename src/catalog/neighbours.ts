/** Items near to several vectors at once, with the vectors that rankers need. */
import type { Embedding } from "../vision/unified-embedding.ts";
import type { Neighbour, Space } from "./shard/protocol.ts";
import type { Shards } from "./shards.ts";

export interface NeighbourQuery {
  /** As many components as the space's, unit length. */
  readonly vectors: readonly Embedding[];
  /** Neighbours wanted of each. */
  readonly limit: number;
  /** Ids that are not wanted; may be thousands. */
  readonly exclude: readonly string[];
}

/**
 * For every vector its neighbours, the nearest first. By sign codes, then by the vectors of a few: approximate.
 * @throws {CatalogUnavailableError}
 */
export async function neighboursOf(
  shards: Shards,
  space: Space,
  { vectors, limit, exclude }: NeighbourQuery,
): Promise<Neighbour[][]> {
  if (vectors.length === 0) return [];
  const excluded = shards.groups(exclude);
  // Items are spread by hash: twice a shard's share is enough for it not to be cut short.
  const share = Math.min(limit, Math.ceil((2 * limit) / shards.count));
  const answers = await Promise.all(
    Array.from({ length: shards.count }, (_, number) =>
      shards.at(number, (shard) => shard.neighbours(vectors, share, excluded.get(number) ?? [], space)),
    ),
  );
  return vectors.map((_, at) =>
    answers
      .flatMap((lists) => lists[at]!)
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, limit),
  );
}
