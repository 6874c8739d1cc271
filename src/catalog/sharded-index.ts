/** Search over all shards: each gives its best, the best of those are the answer. */
import type { ShardQuery, Space } from "./shard/protocol.ts";
import { SHARD_LIMITS } from "./shard/shard-index.ts";
import type { Shards } from "./shards.ts";
import { checkQuery, type Hit, page } from "./vector-index.ts";

export class ShardedIndex {
  readonly limits = SHARD_LIMITS;
  readonly #shards: Shards;
  readonly #space: Space;
  readonly #gate: Space;

  /** @param gate the space whose look categories `query.looks` means */
  constructor(shards: Shards, space: Space, gate: Space = space) {
    this.#shards = shards;
    this.#space = space;
    this.#gate = gate;
  }

  /**
   * The best items after `query.after`, as in `VectorIndex`.
   * @throws {InvalidQueryError} @throws {CatalogUnavailableError}
   */
  async search(query: ShardQuery): Promise<Hit[]> {
    checkQuery(query, this.limits, this.#space.dimensions);
    const found = await this.#shards.all((shard) => shard.search(query, this.#space, this.#gate));
    return page(found.flat(), query, this.limits);
  }
}
