/** Sign codes in SQLite, 512 to a row. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { PackedBits } from "../../vision/unified-embedding.ts";
import type { HammingIndex } from "../hamming-index.ts";
import { CODE_BYTES } from "../kernels/layout.ts";
import { placeOf } from "./schema.ts";

const CHUNK = 512;

/** A chunk: a bit for every code that is there, then the codes. */
const PRESENT_BYTES = CHUNK / 8;

/** The chunk that holds a place. */
export function chunkOf(place: number): number {
  return Math.floor(place / CHUNK);
}

export interface KeyedCode {
  readonly key: number;
  /** Nothing: remove it. */
  readonly code: PackedBits | undefined;
}

/** Writes each chunk that the changes touch once. For use inside a transaction. */
export function writeCodes(sql: SqlStorage, space: number, changes: readonly KeyedCode[]): void {
  const chunks = new Map<number, Uint8Array<ArrayBuffer>>();
  for (const { key, code } of changes) {
    const place = placeOf(space, key);
    const number = chunkOf(place);
    const chunk = chunks.get(number) ?? readChunk(sql, number);
    chunks.set(number, chunk);
    const at = place % CHUNK;
    if (code) {
      chunk[at >> 3]! |= 1 << (at & 7);
      chunk.set(code, PRESENT_BYTES + at * CODE_BYTES);
    } else {
      chunk[at >> 3]! &= ~(1 << (at & 7));
    }
  }
  for (const [number, chunk] of chunks) {
    sql.exec("INSERT OR REPLACE INTO codes (chunk, codes) VALUES (?, ?)", number, chunk.buffer);
  }
}

/** Puts all codes of a space into an index. */
export function loadCodes(sql: SqlStorage, space: number, index: HammingIndex): void {
  const first = chunkOf(placeOf(space, 0));
  const end = chunkOf(placeOf(space + 1, 0));
  const rows = sql.exec("SELECT chunk, codes FROM codes WHERE chunk >= ? AND chunk < ?", first, end).raw();
  for (const [number, bytes] of rows) {
    const chunk = new Uint8Array(bytes as ArrayBuffer);
    const start = ((number as number) - first) * CHUNK;
    for (const [from, to] of runs(chunk)) {
      const codes = chunk.subarray(PRESENT_BYTES + from * CODE_BYTES, PRESENT_BYTES + to * CODE_BYTES);
      index.load(start + from, codes);
    }
  }
}

function readChunk(sql: SqlStorage, number: number): Uint8Array<ArrayBuffer> {
  const [row] = sql.exec<{ codes: ArrayBuffer }>("SELECT codes FROM codes WHERE chunk = ?", number).toArray();
  return row ? new Uint8Array(row.codes) : new Uint8Array(PRESENT_BYTES + CHUNK * CODE_BYTES);
}

/** Unbroken rows of codes that are there: where they begin and where the next would be. */
function* runs(chunk: Uint8Array): Generator<[from: number, to: number]> {
  let from = 0;
  for (let at = 0; at <= CHUNK; at++) {
    if (at < CHUNK && (chunk[at >> 3]! & (1 << (at & 7))) !== 0) continue;
    if (at > from) yield [from, at];
    from = at + 1;
  }
}
