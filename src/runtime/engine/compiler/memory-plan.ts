/** Packs buffers into one arena: two may share memory when they do not live at the same time. */

export interface Lifetime {
  /** First and last step at which the buffer is in use, both included. */
  readonly first: number;
  readonly last: number;
}

/** Greedy by size: the largest buffer first, each at the lowest offset that is free throughout its life. */
export function packLifetimes<B extends { readonly bytes: number }>(
  lifetimes: ReadonlyMap<B, Lifetime>,
): { readonly offsets: ReadonlyMap<B, number>; readonly bytes: number } {
  const offsets = new Map<B, number>();
  let total = 0;
  const largestFirst = [...lifetimes].sort(([a], [b]) => b.bytes - a.bytes);
  for (const [buffer, life] of largestFirst) {
    const taken = [...offsets]
      .filter(([other]) => overlap(lifetimes.get(other)!, life))
      .map(([other, start]) => ({ start, end: start + other.bytes }))
      .sort((a, b) => a.start - b.start);
    let offset = 0;
    for (const { start, end } of taken) {
      if (offset + buffer.bytes <= start) break;
      offset = Math.max(offset, end);
    }
    offsets.set(buffer, offset);
    total = Math.max(total, offset + buffer.bytes);
  }
  return { offsets, bytes: total };
}

const overlap = (a: Lifetime, b: Lifetime) => a.first <= b.last && b.first <= a.last;
