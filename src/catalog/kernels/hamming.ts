// @ts-nocheck AssemblyScript: `usize`, `v128` and the like are types of asc, which compiles this file to hamming.wasm.
/**
 * Nearest codes of 128 or 256 bits by Hamming distance: scan, filter and top-k in one pass over the codes.
 *
 * Codes lie in blocks of 16: byte 0 of all 16, byte 1 of all 16, …, the last byte of all 16 (256 or 512 bytes). One
 * SIMD lane then counts one code, no lane ever has to be summed up with its neighbours, and 16 distances are compared
 * with the current bound by one instruction.
 *
 * The best `wanted` so far are known by a histogram of their distances (0 … 256). A code joins when it is nearer
 * than the worst of them, which then leaves. Codes are met in the order of their keys, so the first of equal
 * distance stay, and the answer does not depend on how the codes came to be where they are.
 */

// The memory's first pages. `layout.ts` has the same figures.
const QUERY: usize = 0x400; // 32 × v128: every byte of the query, 16 times
const LOW: usize = 0x600; // v128: bits that differ in bytes 0 … 15, a lane a code
const HIGH: usize = 0x610; // v128: in bytes 16 … 31
const HISTOGRAM: usize = 0x800; // 257 × u32
const OFFSETS: usize = 0x1000; // 257 × u32
const CODE: usize = 0x1800; // 16 or 32 bytes: the query as it comes
const STAGE: usize = 0x2000; // 4,096 codes, one after the other
const KEYS: usize = 0x22000; // 32,768 × u32: keys of candidates, in the order in which they were met
const DISTANCES: usize = 0x42000; // 32,768 × u16: their distances
const FOUND_KEYS: usize = 0x52000; // 16,384 × u32: the answer
const FOUND_DISTANCES: usize = 0x62000; // 16,384 × u16
const CANDIDATES: u32 = 32768;

let wanted: u32 = 0;
let total: u32 = 0;
let filled: u32 = 0;
/** Only codes nearer than this join. */
let bound: u32 = 257;
/** The largest distance among the best so far, once there are as many as wanted. */
let worst: u32 = 256;

function count(distance: u32): usize {
  return HISTOGRAM + ((<usize>distance) << 2);
}

/**
 * Starts a search for the `limit` (≤ 16,384) nearest of all codes no further than `radius` from the one at CODE.
 * A code has `bytes` bytes: 16 or 32.
 */
export function begin(limit: u32, radius: u32, bytes: u32): void {
  wanted = limit;
  total = 0;
  filled = 0;
  bound = radius + 1;
  worst = 256;
  memory.fill(HISTOGRAM, 0, 257 * 4);
  for (let byte: usize = 0; byte < bytes; byte++) {
    v128.store(QUERY + (byte << 4), i8x16.splat(load<i8>(CODE + byte)));
  }
}

/**
 * Scans `blocks` (a multiple of 4) blocks of 256-bit codes at `codes`, whose first code has the key `key`. `mask` has a bit for every
 * code, least significant first; blocks without a bit are never read.
 */
export function scan(codes: usize, mask: usize, blocks: u32, key: u32): void {
  for (let block: u32 = 0; block < blocks; block += 4) {
    let bits = load<u64>(mask + ((<usize>block) << 1));
    while (bits !== 0) {
      const piece = <u32>(ctz(bits) >> 4);
      const chosen = <u32>(bits >> ((<u64>piece) << 4)) & 0xffff;
      bits &= ~((<u64>0xffff) << ((<u64>piece) << 4));
      const near = nearer(codes + ((<usize>(block + piece)) << 9)) & chosen;
      if (near !== 0) collect(near, key + ((block + piece) << 4));
    }
  }
}

/** The same for 128-bit codes. A loop of its own, so that neither length pays for the choice. */
export function scan128(codes: usize, mask: usize, blocks: u32, key: u32): void {
  v128.store(HIGH, i8x16.splat(0));
  for (let block: u32 = 0; block < blocks; block += 4) {
    let bits = load<u64>(mask + ((<usize>block) << 1));
    while (bits !== 0) {
      const piece = <u32>(ctz(bits) >> 4);
      const chosen = <u32>(bits >> ((<u64>piece) << 4)) & 0xffff;
      bits &= ~((<u64>0xffff) << ((<u64>piece) << 4));
      const near = nearer128(codes + ((<usize>(block + piece)) << 8)) & chosen;
      if (near !== 0) collect(near, key + ((block + piece) << 4));
    }
  }
}

/** Distances of 16 codes into LOW and HIGH; answers which of them, a bit each, are below the bound. */
function nearer(block: usize): u32 {
  const low = half(block, QUERY);
  const high = half(block + 256, QUERY + 256);
  // Saturates at 255, which is right for every bound up to 255; beyond that, `collect` looks at the sum itself.
  const sum = i8x16.add_sat_u(low, high);
  const near = bound > 255 ? 0xffff : <u32>i8x16.bitmask(i8x16.lt_u(sum, i8x16.splat(<i8>bound)));
  if (near !== 0) {
    v128.store(LOW, low);
    v128.store(HIGH, high);
  }
  return near;
}

/** Distances of 16 codes of 128 bits into LOW; answers which of them, a bit each, are below the bound. */
function nearer128(block: usize): u32 {
  const low = half(block, QUERY);
  const near = bound > 255 ? 0xffff : <u32>i8x16.bitmask(i8x16.lt_u(low, i8x16.splat(<i8>bound)));
  if (near !== 0) v128.store(LOW, low);
  return near;
}

/** Differing bits in 16 bytes of 16 codes, a lane a code, at most 128. */
@inline
function half(block: usize, query: usize): v128 {
  let sum = differ(block, query);
  sum = i8x16.add(sum, differ(block + 16, query + 16));
  sum = i8x16.add(sum, differ(block + 32, query + 32));
  sum = i8x16.add(sum, differ(block + 48, query + 48));
  sum = i8x16.add(sum, differ(block + 64, query + 64));
  sum = i8x16.add(sum, differ(block + 80, query + 80));
  sum = i8x16.add(sum, differ(block + 96, query + 96));
  sum = i8x16.add(sum, differ(block + 112, query + 112));
  sum = i8x16.add(sum, differ(block + 128, query + 128));
  sum = i8x16.add(sum, differ(block + 144, query + 144));
  sum = i8x16.add(sum, differ(block + 160, query + 160));
  sum = i8x16.add(sum, differ(block + 176, query + 176));
  sum = i8x16.add(sum, differ(block + 192, query + 192));
  sum = i8x16.add(sum, differ(block + 208, query + 208));
  sum = i8x16.add(sum, differ(block + 224, query + 224));
  return i8x16.add(sum, differ(block + 240, query + 240));
}

function differ(block: usize, query: usize): v128 {
  return i8x16.popcnt(v128.xor(v128.load(block), v128.load(query)));
}

function collect(near: u32, key: u32): void {
  while (near !== 0) {
    const lane = <usize>ctz(near);
    near &= near - 1;
    const distance = <u32>load<u8>(LOW + lane) + <u32>load<u8>(HIGH + lane);
    if (distance < bound) join(key + <u32>lane, distance);
  }
}

function join(key: u32, distance: u32): void {
  if (filled === CANDIDATES) compact();
  store<u32>(KEYS + ((<usize>filled) << 2), key);
  store<u16>(DISTANCES + ((<usize>filled) << 1), <u16>distance);
  filled++;
  store<u32>(count(distance), load<u32>(count(distance)) + 1);
  total++;
  if (total < wanted) return;
  if (total > wanted) {
    store<u32>(count(worst), load<u32>(count(worst)) - 1);
    total--;
  }
  while (load<u32>(count(worst)) === 0) worst--;
  bound = worst;
}

/** Forgets candidates that have left: whatever is further than the worst, and the last of those as far as it. */
function compact(): void {
  let kept: u32 = 0;
  let atWorst = load<u32>(count(worst));
  for (let at: u32 = 0; at < filled; at++) {
    const distance = <u32>load<u16>(DISTANCES + ((<usize>at) << 1));
    if (distance > worst || (distance === worst && atWorst === 0)) continue;
    if (distance === worst) atWorst--;
    store<u32>(KEYS + ((<usize>kept) << 2), load<u32>(KEYS + ((<usize>at) << 2)));
    store<u16>(DISTANCES + ((<usize>kept) << 1), <u16>distance);
    kept++;
  }
  filled = kept;
}

/** Sorts the answer by distance, then key, into FOUND_KEYS and FOUND_DISTANCES; answers how many there are. */
export function finish(): u32 {
  let offset: u32 = 0;
  for (let distance: u32 = 0; distance <= 256; distance++) {
    store<u32>(OFFSETS + ((<usize>distance) << 2), offset);
    offset += load<u32>(count(distance));
  }
  for (let at: u32 = 0; at < filled; at++) {
    const distance = <u32>load<u16>(DISTANCES + ((<usize>at) << 1));
    const left = load<u32>(count(distance));
    if (left === 0) continue;
    store<u32>(count(distance), left - 1);
    const place = OFFSETS + ((<usize>distance) << 2);
    const to = <usize>load<u32>(place);
    store<u32>(place, <u32>to + 1);
    store<u32>(FOUND_KEYS + (to << 2), load<u32>(KEYS + ((<usize>at) << 2)));
    store<u16>(FOUND_DISTANCES + (to << 1), <u16>distance);
  }
  return total;
}

/** Copies `n` (≤ 4,096) codes of `bytes` bytes from STAGE into the blocks at `codes`, from position `at` on. */
export function place(codes: usize, at: u32, n: u32, bytes: u32): void {
  for (let code: u32 = 0; code < n; code++) {
    const slot = at + code;
    const to = codes + ((<usize>(slot >> 4) * bytes) << 4) + (slot & 15);
    const from = STAGE + <usize>code * bytes;
    for (let byte: usize = 0; byte < bytes; byte++) store<u8>(to + (byte << 4), load<u8>(from + byte));
  }
}
