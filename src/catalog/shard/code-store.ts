/** Sign codes in SQLite, 512 to a row. */
import type { SqlStorage } from "@cloudflare/workers-types";
import type { PackedBits } from "../../vision/unified-embedding.ts";
import type { HammingIndex } from "../hamming-index.ts";
import { placeOf } from "./schema.ts";

const CHUNK = 512;

/** A chunk: a bit for every code that is there, then the codes, whose length is that of their space. */
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

/**
 * Writes each chunk that the changes touch once. For use inside a transaction.
 * @throws RangeError for a code that is not as long as the others of its space
 */
export function writeCodes(sql: SqlStorage, space: number, changes: readonly KeyedCode[]): void {
  const chunks = new Map<number, Uint8Array<ArrayBuffer>>();
  for (const { key, code } of changes) {
    const place = placeOf(space, key);
    const number = chunkOf(place);
    const present = chunks.get(number) ?? readChunk(sql, number);
    // Where there is no chunk there is nothing to remove.
    if (!present && !code) continue;
    const chunk = present ?? new Uint8Array(PRESENT_BYTES + CHUNK * code!.length);
    chunks.set(number, chunk);
    const at = place % CHUNK;
    if (code) {
      const codeBytes = (chunk.length - PRESENT_BYTES) / CHUNK;
      if (code.length !== codeBytes)
        throw new RangeError(`a code has ${codeBytes} bytes here, not ${code.length}`);
      chunk[at >> 3]! |= 1 << (at & 7);
      chunk.set(code, PRESENT_BYTES + at * codeBytes);
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
  const { codeBytes } = index;
  const first = chunkOf(placeOf(space, 0));
  const end = chunkOf(placeOf(space + 1, 0));
  const rows = sql.exec("SELECT chunk, codes FROM codes WHERE chunk >= ? AND chunk < ?", first, end).raw();
  for (const [number, bytes] of rows) {
    const chunk = new Uint8Array(bytes as ArrayBuffer);
    const start = ((number as number) - first) * CHUNK;
    for (const [from, to] of runs(chunk)) {
      const codes = chunk.subarray(PRESENT_BYTES + from * codeBytes, PRESENT_BYTES + to * codeBytes);
      index.load(start + from, codes);
    }
  }
}

function readChunk(sql: SqlStorage, number: number): Uint8Array<ArrayBuffer> | undefined {
  const [row] = sql.exec<{ codes: ArrayBuffer }>("SELECT codes FROM codes WHERE chunk = ?", number).toArray();
  return row && new Uint8Array(row.codes);
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
