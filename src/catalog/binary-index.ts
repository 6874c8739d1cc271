/** Search by sign codes, ranked exactly by vectors, all in memory. */
import { signCode } from "../vision/unified-embedding.ts";
import { FacetTable } from "./facet-table.ts";
import { isEmpty } from "./filter.ts";
import { HammingIndex } from "./hamming-index.ts";
import { MAX_RESULT_WINDOW, MAX_RESULTS } from "./limits.ts";
import { candidatesFor } from "./rerank.ts";
import {
  checkQuery,
  dot,
  type Hit,
  page,
  type VectorEntry,
  type VectorIndex,
  type VectorQuery,
} from "./vector-index.ts";

/** For processes that have the memory: 1 KiB a vector beside its code. `CatalogShard` keeps vectors in SQLite instead. */
export class BinaryIndex implements VectorIndex {
  readonly limits = { results: MAX_RESULTS, window: MAX_RESULT_WINDOW };
  readonly #codes: HammingIndex;
  readonly #facets = new FacetTable();
  readonly #keys = new Map<string, number>();
  readonly #entries: (VectorEntry | undefined)[] = [];
  readonly #free: number[] = [];

  private constructor(codes: HammingIndex) {
    this.#codes = codes;
  }

  static async create(): Promise<BinaryIndex> {
    return new BinaryIndex(await HammingIndex.create());
  }

  async upsert(entries: readonly VectorEntry[]): Promise<void> {
    for (const entry of entries) {
      const key = this.#keys.get(entry.id) ?? this.#free.pop() ?? this.#entries.length;
      this.#keys.set(entry.id, key);
      this.#entries[key] = entry;
      this.#codes.set(key, signCode(entry.vector));
      this.#facets.set(key, entry.facets);
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const key = this.#keys.get(id);
      if (key === undefined) continue;
      this.#keys.delete(id);
      this.#entries[key] = undefined;
      this.#codes.delete(key);
      this.#facets.delete(key);
      this.#free.push(key);
    }
  }

  async search(query: VectorQuery): Promise<Hit[]> {
    checkQuery(query, this.limits);
    const { vector, k, filter, after, explain } = query;
    const { keys, distances } = this.#codes.nearest(
      signCode(vector),
      candidatesFor(k, after?.seen ?? 0),
      filter && !isEmpty(filter) ? { among: this.#facets.select(filter) } : {},
    );
    const hits = [...keys].map((key, rank) => {
      const { id, vector: other } = this.#entries[key]!;
      const explanation = { hamming: distances[rank]!, hammingRank: rank + 1, compared: keys.length };
      return { id, score: dot(vector, other), ...(explain && { explanation }) };
    });
    return page(hits, query, this.limits);
  }

  async size(): Promise<number> {
    return this.#codes.size;
  }
}
