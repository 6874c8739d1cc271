/** Which shard an item lives in. */

/**
 * Rendezvous hashing: every shard draws a number for the id, the highest has it. With one more shard, one item in
 * n + 1 changes its place, and always to the new one. The function must never change: items would be looked for
 * where they are not.
 *
 * @returns 0 … count − 1
 */
export function shardOf(id: string, count: number): number {
  const hash = fnv1a(id);
  let best = 0;
  let highest = -1;
  for (let shard = 0; shard < count; shard++) {
    const drawn = mix(hash ^ mix(shard + 1));
    if (drawn > highest) {
      highest = drawn;
      best = shard;
    }
  }
  return best;
}

/** FNV-1a over UTF-16 code units; ids are ASCII. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** The finaliser of MurmurHash3: every bit of the number depends on every other. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
