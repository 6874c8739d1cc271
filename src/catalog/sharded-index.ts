/** Search over all shards: each gives its best, the best of those are the answer. */
import type { Space } from "./shard/protocol.ts";
import { SHARD_LIMITS } from "./shard/shard-index.ts";
import type { Shards } from "./shards.ts";
import { checkQuery, type Hit, page, type VectorQuery } from "./vector-index.ts";

export class ShardedIndex {
  readonly limits = SHARD_LIMITS;
  readonly #shards: Shards;
  readonly #space: Space;

  constructor(shards: Shards, space: Space) {
    this.#shards = shards;
    this.#space = space;
  }

  /**
   * The best items after `query.after`, as in `VectorIndex`.
   * @throws {InvalidQueryError} @throws {CatalogUnavailableError}
   */
  async search(query: VectorQuery): Promise<Hit[]> {
    checkQuery(query, this.limits);
    const found = await this.#shards.all((shard) => shard.search(query, this.#space));
    return page(found.flat(), query, this.limits);
  }
}
