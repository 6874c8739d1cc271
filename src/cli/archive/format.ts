/**
 * The archive of a catalogue: one tar file.
 *
 * `corkboard.json` comes first. Then, part by part, the pictures of some items and the items themselves:
 * `pictures/<sha256>`, `items/000001.ndjson`, `pictures/<sha256>`, `items/000002.ndjson` and so on, so that it can be
 * written and read from one end to the other. Items come in the order of their ids; a picture comes once, with the
 * first item that shows it. Boards come last, as `boards/000001.ndjson` and so on. Times and owners of entries are all zero: the same catalogue gives the same bytes.
 */
import { z } from "zod";
import { BoardBody, BoardId } from "../../catalog/boards/board.ts";
import { ItemFields, ItemId, Sha256 } from "../../catalog/item.ts";
import { Problem } from "../../problem.ts";

export const HEADER_NAME = "corkboard.json";

export const ArchiveHeader = z.strictObject({
  format: z.literal("corkboard-archive"),
  version: z.literal(1),
});

export const HEADER: z.infer<typeof ArchiveHeader> = { format: "corkboard-archive", version: 1 };

/** An item in an archive: what a caller said of it. Its state, times and version are the server's own. */
export const ArchivedItem = z.strictObject({
  id: ItemId,
  ...ItemFields.shape,
  /** The picture in the archive; or its address, when it was never fetched. */
  image: z.union([z.strictObject({ sha256: Sha256 }), z.strictObject({ url: z.url() })]),
});
export type ArchivedItem = z.infer<typeof ArchivedItem>;

/** A board in an archive, with the ids of all its items in order. */
export const ArchivedBoard = BoardBody.extend({ id: BoardId, items: BoardBody.shape.items.unwrap() });
export type ArchivedBoard = z.infer<typeof ArchivedBoard>;

export function pictureName(sha256: string): string {
  return `pictures/${sha256}`;
}

export function partName(number: number): string {
  return `items/${String(number).padStart(6, "0")}.ndjson`;
}

export function boardsName(number: number): string {
  return `boards/${String(number).padStart(6, "0")}.ndjson`;
}

export const PICTURE_NAME = /^pictures\/([0-9a-f]{64})$/;
export const PART_NAME = /^items\/\d{6,}\.ndjson$/;

export const BOARDS_NAME = /^boards\/\d{6,}\.ndjson$/;

/** Items of a part, and bytes of pictures after which a part ends: they are held in memory together. */
export const PART_ITEMS = 100;
export const PART_BYTES = 32 * 1024 * 1024;

/** Characters of boards after which a part of them ends; the largest board has 0.7 million. */
export const BOARDS_PART_LENGTH = 1_000_000;

/** The file is no archive, or is damaged. */
export class InvalidArchiveError extends Problem {
  constructor(detail: string) {
    super({
      status: 400,
      code: "invalid-archive",
      title: "The archive cannot be read",
      detail,
      hint: "Archives are made by `corkboard export`. What was read before this is imported.",
    });
  }
}
