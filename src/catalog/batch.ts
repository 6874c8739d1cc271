/** Many items at once: lines in, a result for every line out, in order. */
import { isDataUrl, parseDataUrl } from "../media/data-url.ts";
import { MAX_PICTURE_BYTES } from "../media/limits.ts";
import { Problem } from "../problem.ts";
import { accepted, type Catalog, type WriteResult } from "./catalog.ts";
import { InvalidImageError, InvalidLineError } from "./errors.ts";
import { ItemLine, type ItemWrite } from "./item.ts";
import { MAX_ITEM_BYTES } from "./limits.ts";
import type { ShardWrite } from "./shard/protocol.ts";

/** One line as it came: an item to write, or why it is none. */
export interface BatchEntry {
  /** From 1. */
  readonly line: number;
  readonly write: ItemWrite | Problem;
}

export type BatchResult =
  | ({ readonly line: number; readonly ok: true } & WriteResult)
  | { readonly line: number; readonly ok: false; readonly id?: string; readonly problem: Problem };

/** Items that are written together: a transaction a shard for all of them. */
export const BATCH_WINDOW = 64;

/** Bytes of pictures that are held at a time, beside the one that is just coming in. */
export const BATCH_PICTURE_BYTES = 8 * 1024 * 1024;

/** Pictures that are stored at the same time; a Worker has six connections. */
export const STORES_AT_ONCE = 4;

/** A line may hold the largest picture as a data-URL, and the largest item. */
export const MAX_LINE_LENGTH = Math.ceil((MAX_PICTURE_BYTES * 4) / 3) + 2 * MAX_ITEM_BYTES;

/**
 * Reads one line of NDJSON.
 * @throws {InvalidLineError} and problems of `src/media` for a data-URL that holds no picture
 */
export function readItemLine(text: string): ItemWrite {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidLineError("The line is not valid JSON.");
  }
  const parsed = ItemLine.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidLineError(`${issue!.path.join(".") || "The line"}: ${issue!.message}`);
  }
  const { id, image, ...fields } = parsed.data;
  return { id, fields, ...(image !== undefined && { picture: readImage(image) }) };
}

/**
 * A picture as JSON bodies carry it.
 * @throws {InvalidImageError} and problems of `src/media` for a data-URL that holds no picture
 */
export function readImage(image: string): NonNullable<ItemWrite["picture"]> {
  if (isDataUrl(image)) return { bytes: parseDataUrl(image).bytes };
  const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(image) ?? [];
  if (sha256 !== undefined) return { sha256 };
  if (!/^https?:\/\//i.test(image) || !URL.canParse(image)) throw new InvalidImageError();
  return { url: image };
}

/**
 * Lines of a body, numbered from 1; empty ones are counted and skipped. A line that is no item is handed on as the
 * problem that it is.
 * @param body UTF-8 in pieces of any length.
 */
export async function* readItemLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<BatchEntry> {
  for await (const { line, text } of splitLines(body)) {
    if (text !== undefined && text.trim() === "") continue;
    let write: ItemWrite | Problem;
    try {
      if (text === undefined) throw new InvalidLineError(`The line is longer than ${MAX_LINE_LENGTH} bytes.`);
      write = readItemLine(text);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      write = error;
    }
    yield { line, write };
  }
}

/** Text without its line break; none for a line that is too long. */
async function* splitLines(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ line: number; text: string | undefined }> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  let line = 1;
  const take = () => {
    const text = length > MAX_LINE_LENGTH ? undefined : parts.join("");
    parts = [];
    length = 0;
    return { line: line++, text };
  };
  const add = (part: string) => {
    length += part.length;
    if (length <= MAX_LINE_LENGTH) parts.push(part);
    else parts = [];
  };
  for await (const bytes of body) {
    const pieces = decoder.decode(bytes, { stream: true }).split("\n");
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) yield take();
      add(piece);
    }
  }
  add(decoder.decode());
  if (length > 0) yield take();
}

/** Writes entries window by window; answers for each, in order. @throws {CatalogUnavailableError} never: it is a result */
export async function* writeBatch(
  catalog: Pick<Catalog, "store" | "shards" | "target" | "enqueue">,
  entries: AsyncIterable<BatchEntry>,
): AsyncGenerator<BatchResult> {
  let window: BatchEntry[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    window.push(entry);
    bytes += entry.write instanceof Problem ? 0 : pictureBytes(entry.write);
    if (window.length < BATCH_WINDOW && bytes < BATCH_PICTURE_BYTES) continue;
    yield* await writeWindow(catalog, window);
    window = [];
    bytes = 0;
  }
  yield* await writeWindow(catalog, window);
}

function pictureBytes({ picture }: ItemWrite): number {
  return picture && "bytes" in picture ? picture.bytes.length : 0;
}

async function writeWindow(
  catalog: Pick<Catalog, "store" | "shards" | "target" | "enqueue">,
  window: readonly BatchEntry[],
): Promise<BatchResult[]> {
  const results = new Array<BatchResult>(window.length);
  const fail = (at: number, error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    const { line, write } = window[at]!;
    results[at] = { line, ok: false, ...(!(write instanceof Problem) && { id: write.id }), problem: error };
  };
  const stored = await storePictures(catalog, window, fail);
  const pending: string[] = [];
  const byShard = new Map<number, typeof stored>();
  for (const one of stored) {
    const shard = catalog.shards.of(one.write.id);
    byShard.set(shard, [...(byShard.get(shard) ?? []), one]);
  }
  await Promise.all(
    [...byShard].map(async ([shard, some]) => {
      try {
        const writes = some.map(({ write }) => write);
        const outcomes = await catalog.shards.at(shard, (stub) => stub.put(writes, catalog.target));
        for (const [place, { at, write }] of some.entries()) {
          const outcome = outcomes[place]!;
          try {
            results[at] = { line: window[at]!.line, ok: true, ...accepted(write.id, outcome) };
            if (outcome.ok && outcome.pending) pending.push(write.id);
          } catch (error) {
            fail(at, error);
          }
        }
      } catch (error) {
        for (const { at } of some) fail(at, error);
      }
    }),
  );
  await catalog.enqueue(pending);
  return results;
}

/** Stores the pictures of a window, a few at a time; answers the writes that came through, in order. */
async function storePictures(
  catalog: Pick<Catalog, "store">,
  window: readonly BatchEntry[],
  fail: (at: number, error: unknown) => void,
): Promise<{ at: number; write: ShardWrite }[]> {
  const stored: { at: number; write: ShardWrite }[] = [];
  let next = 0;
  const work = async () => {
    while (next < window.length) {
      const at = next++;
      const { write } = window[at]!;
      try {
        if (write instanceof Problem) throw write;
        stored.push({ at, write: await catalog.store(write) });
      } catch (error) {
        fail(at, error);
      }
    }
  };
  await Promise.all(Array.from({ length: STORES_AT_ONCE }, work));
  return stored.sort((a, b) => a.at - b.at);
}
