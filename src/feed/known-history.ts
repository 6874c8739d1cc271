/** The part of a history that the model reads: the latest tokens of items that the table knows, as tensors. */
import { createHash } from "node:crypto";
import type { SequenceRankingManifest } from "../runtime/manifest.ts";
import type { CascadeRequest } from "./cascade-request.ts";
import type { ItemTable } from "./item-table.ts";
import type { Tokens } from "./sequence-model.ts";

const MS_PER_SECOND = 1000;

export interface KnownHistory {
  readonly length: number;
  /**
   * Of the first 1, 2 … n tokens, a hash of all that the model is told of them, their vectors included: keys and
   * values of a history are good as long as the hash is the same.
   */
  readonly prints: readonly string[];
  /** Rows of the table. */
  readonly rows: Uint32Array;
  /** Tokens from `start` on. */
  from(start: number): Tokens;
  /** ln(1 + seconds from the last token until `now`). */
  readonly gap: number;
}

/** @returns nothing when the table knows none of the items */
export function knownHistory(
  request: CascadeRequest,
  table: ItemTable,
  manifest: SequenceRankingManifest,
): KnownHistory | undefined {
  const width = manifest.actions.length;
  const known = request.items.flatMap((id, at) => {
    const row = table.rowOf(id);
    return row === undefined ? [] : { at, row };
  });
  const kept = known.slice(-manifest.max_history);
  if (kept.length === 0) return undefined;
  const count = kept.length;
  const actions = new Float32Array(count * width);
  const gaps = new Float32Array(count);
  const surfaces = new BigInt64Array(count);
  const prints: string[] = [];
  for (const [place, { at, row }] of kept.entries()) {
    const own = request.actions.subarray(at * width, (at + 1) * width);
    actions.set(own, place * width);
    const before = kept[place - 1];
    gaps[place] = before ? logSeconds(request.times[at]! - request.times[before.at]!) : 0;
    const surface = manifest.surfaces.indexOf(request.surfaces[at]!);
    surfaces[place] = BigInt(surface);
    const hash = createHash("sha256").update(prints[place - 1] ?? "");
    hash.update(own).update(Float64Array.of(surface, gaps[place]!)).update(table.vector(row));
    prints.push(hash.digest("base64"));
  }
  const rows = Uint32Array.from(kept, ({ row }) => row);
  return {
    length: count,
    prints,
    rows,
    from: (start) => ({
      items: table.vectors(rows.subarray(start)),
      actions: actions.slice(start * width),
      gaps: gaps.slice(start),
      surfaces: surfaces.slice(start),
    }),
    gap: logSeconds(request.now - request.times[kept.at(-1)!.at]!),
  };
}

function logSeconds(ms: number): number {
  return Math.log1p(Math.max(0, ms) / MS_PER_SECOND);
}
