/** Candidates for a query: the nearest items of the table, without those that are ruled out. */
import type { ItemTable } from "./item-table.ts";

/** Neighbours beyond those wanted that are asked for at first; where too few are left, twice as many. */
const SPARE = 64;

export interface Retrieved {
  /** Rows of the table, the nearest first. */
  readonly rows: Uint32Array;
  /** Inner products with the query. */
  readonly similarities: Float32Array;
}

/** @param limit 1 or more */
export function retrieve(
  table: ItemTable,
  query: Float32Array,
  excluded: ReadonlySet<number>,
  limit: number,
): Retrieved {
  // With as many as this, enough are left whatever is ruled out.
  const most = Math.min(table.size, limit + excluded.size);
  for (let k = Math.min(most, limit + SPARE); ; k = Math.min(most, 2 * k)) {
    const { rows, similarities } = table.nearest(query, k);
    const places = [...rows.keys()].filter((place) => !excluded.has(rows[place]!)).slice(0, limit);
    if (places.length < limit && k < most) continue;
    return {
      rows: Uint32Array.from(places, (place) => rows[place]!),
      similarities: Float32Array.from(places, (place) => similarities[place]!),
    };
  }
}
