/** Where `hamming.ts` keeps what in its memory, in bytes. */

const KIB = 1024;
export const WASM_PAGE = 64 * KIB;

/** Lengths of codes that the kernel knows: of 128 and of 256 bits. */
export type CodeBytes = 16 | 32;

/** The query's code. */
export const CODE_AT = 0x1800;

/** Codes on their way in, one after the other. */
export const STAGE_AT = 0x2000;
export const STAGE_CODES = 4096;

/** Keys (u32) and distances (u16) of the answer. */
export const FOUND_KEYS_AT = 0x52000;
export const FOUND_DISTANCES_AT = 0x62000;

/** What one search can answer: half of the kernel's room for candidates, so that it seldom has to tidy up. */
export const MAX_CANDIDATES = 16_384;

/** Everything above lies below. The first segment begins here, others follow. */
export const SEGMENTS_AT = 7 * WASM_PAGE;

/** Codes of a segment. Memory grows by this step and nothing in it ever moves. */
export const SEGMENT_CODES = 65_536;
export const MASK_BYTES = SEGMENT_CODES / 8;

/** Where things are in a segment, and how long it is: 2 MiB and a little for codes of 256 bits, half of that for 128. */
export interface SegmentLayout {
  /** Behind the codes lie two masks of a bit a code: which are in the index, … */
  readonly liveMask: number;
  /** … and which of them a search is about. */
  readonly chosenMask: number;
  readonly bytes: number;
}

export function segmentLayout(codeBytes: CodeBytes): SegmentLayout {
  const liveMask = SEGMENT_CODES * codeBytes;
  const chosenMask = liveMask + MASK_BYTES;
  return {
    liveMask,
    chosenMask,
    bytes: Math.ceil((chosenMask + MASK_BYTES) / WASM_PAGE) * WASM_PAGE,
  };
}

/** Codes that the kernel reads at once are 64: four blocks of 16. */
export const STRIDE_CODES = 64;
export const BLOCK_CODES = 16;
