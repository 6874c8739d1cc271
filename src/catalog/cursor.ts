/** Cursors: where a page ended, as one opaque text. They grant nothing, so they are checked, not signed. */
import { z } from "zod";
import { MAX_MORE_RESULTS } from "./boards/limits.ts";
import { canonical } from "./canonical.ts";
import { InvalidCursorError } from "./errors.ts";
import type { Filter } from "./filter.ts";
import { ItemId } from "./item.ts";
import { MAX_RESULT_WINDOW } from "./limits.ts";
import type { RankPosition } from "./vector-index.ts";

/** A search cursor has some 150 characters. */
export const MAX_CURSOR_LENGTH = 512;

const Fingerprint = z.string().length(16);

const SearchCursor = z.tuple([
  z.literal("search"),
  Fingerprint,
  // Of vectors that are not of unit length, scores may be any.
  z.number(),
  ItemId,
  z.number().int().min(1).max(MAX_RESULT_WINDOW),
  // The revision of the vectors that were searched.
  z.string().min(1).max(64),
]);

const ListCursor = z.tuple([z.literal("list"), ItemId]);

const MoreCursor = z.tuple([z.literal("more"), z.int().min(1), z.int().min(1).max(MAX_MORE_RESULTS)]);

const PlaceCursor = z.tuple([z.literal("place"), z.int().min(0)]);

/** What narrows a search down. */
export interface Conditions {
  readonly filter?: Filter | undefined;
  readonly looks?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly stems?: readonly string[] | undefined;
}

/** What a search cursor belongs to: 16 hex digits of the SHA-256 of the query's vector and conditions. */
export async function fingerprint(
  vector: Float32Array<ArrayBuffer>,
  { filter = {}, looks, exclude = [], stems }: Conditions,
): Promise<string> {
  const conditions = new TextEncoder().encode(canonical({ filter, looks, exclude, stems }));
  const bytes = new Uint8Array(vector.byteLength + conditions.length);
  bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  bytes.set(conditions, vector.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function searchCursor(print: string, { score, id, seen }: RankPosition, revision: string): string {
  return encodeCursor(["search", print, score, id, seen, revision]);
}

/** The revision of the vectors in which the search began. @throws {InvalidCursorError} */
export function revisionOfCursor(text: string): string {
  return decodeCursor(text, SearchCursor)[5];
}

/** @throws {InvalidCursorError} when it is broken or of another query. */
export function readSearchCursor(text: string, print: string): RankPosition {
  const [, belongsTo, score, id, seen] = decodeCursor(text, SearchCursor);
  if (belongsTo !== print) throw new InvalidCursorError("The cursor belongs to a search for something else.");
  return { score, id, seen };
}

export function listCursor(lastId: string): string {
  return encodeCursor(["list", lastId]);
}

/** The id after which the next page begins. @throws {InvalidCursorError} */
export function readListCursor(text: string): string {
  return decodeCursor(text, ListCursor)[1];
}

export function placeCursor(last: number): string {
  return encodeCursor(["place", last]);
}

/** The place on a board after which the next page begins. @throws {InvalidCursorError} */
export function readPlaceCursor(text: string): number {
  return decodeCursor(text, PlaceCursor)[1];
}

/** @param version the board's, which the results belong to */
export function moreCursor(version: number, seen: number): string {
  return encodeCursor(["more", version, seen]);
}

/** How many results came before. @throws {InvalidCursorError} when the board has another version by now */
export function readMoreCursor(text: string, version: number): number {
  const [, belongsTo, seen] = decodeCursor(text, MoreCursor);
  if (belongsTo !== version) throw new InvalidCursorError("The board has changed since; begin again.");
  return seen;
}

/** A cursor that holds a value. */
export function encodeCursor(value: unknown): string {
  return btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @throws {InvalidCursorError} when the text is no cursor, or holds something else */
export function decodeCursor<Value>(text: string, schema: z.ZodType<Value>): Value {
  if (text.length > MAX_CURSOR_LENGTH) throw new InvalidCursorError("The cursor is too long to be one.");
  let value: unknown;
  try {
    value = JSON.parse(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    throw new InvalidCursorError("The text is no cursor.");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InvalidCursorError("The text is no cursor of this route.");
  return parsed.data;
}
