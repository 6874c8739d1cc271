/** Exact search: compares the query with every vector. The measure for all other indexes. */
import { matches } from "./filter.ts";
import { MAX_RESULTS } from "./limits.ts";
import {
  checkQuery,
  dot,
  type Hit,
  page,
  type VectorEntry,
  type VectorIndex,
  type VectorQuery,
} from "./vector-index.ts";

/** Keeps entries in memory, 1 KiB a vector. */
export class ExactIndex implements VectorIndex {
  readonly limits = { results: MAX_RESULTS, window: Number.POSITIVE_INFINITY };
  readonly #entries = new Map<string, VectorEntry>();

  async upsert(entries: readonly VectorEntry[]): Promise<void> {
    for (const entry of entries) this.#entries.set(entry.id, entry);
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#entries.delete(id);
  }

  async search(query: VectorQuery): Promise<Hit[]> {
    checkQuery(query, this.limits);
    const { vector, filter, explain } = query;
    const chosen = [...this.#entries.values()].filter(({ facets }) => !filter || matches(facets, filter));
    const hits = chosen.map((entry) => ({
      id: entry.id,
      score: dot(entry.vector, vector),
      ...(explain && { explanation: { compared: chosen.length } }),
    }));
    return page(hits, query, this.limits);
  }

  async size(): Promise<number> {
    return this.#entries.size;
  }
}
