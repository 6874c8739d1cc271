/** What a board is: a named list of items, in the order in which they were put there. */
import { z } from "zod";
import { ItemId } from "../item.ts";
import { MAX_BOARD_DESCRIPTION_LENGTH, MAX_BOARD_TITLE_LENGTH, MAX_ITEMS_PER_BOARD } from "./limits.ts";

/** Boards have ids like items, of their own. */
export const BoardId = ItemId.describe("Identifies the board.");

const fields = {
  title: z.string().max(MAX_BOARD_TITLE_LENGTH).regex(/\S/, "has no words"),
  description: z.string().max(MAX_BOARD_DESCRIPTION_LENGTH).optional(),
};

export const BoardBody = z.strictObject({
  ...fields,
  items: z
    .array(ItemId)
    .max(MAX_ITEMS_PER_BOARD)
    .optional()
    .describe(
      "Ids of all its items, in order; they need not be in the catalogue. Left out: the present ones stay.",
    ),
});
export type BoardBody = z.infer<typeof BoardBody>;

export interface BoardWrite extends BoardBody {
  readonly id: string;
  /** Write only when the board has this version; 0: only when there is none. @default in any case */
  readonly ifVersion?: number;
}

export interface Board {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** How many there are. */
  readonly items: number;
  /** Ids of the newest, the newest first; up to COVER_CANDIDATES. */
  readonly newest: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  /** 1 at first; one more with every change of the board or its list. */
  readonly version: number;
}

/** An item on a board. */
export interface BoardEntry {
  readonly id: string;
  /** Grows from item to item; gaps are where items were removed. */
  readonly place: number;
  readonly addedAt: string;
}

/** A board's items by id. */
export interface BoardItems {
  readonly board: string;
  readonly items: readonly string[];
}

export interface BoardWritten {
  readonly id: string;
  readonly version: number;
  /** The board is new; or the item is new on it. */
  readonly created: boolean;
  /** False when everything was already so. */
  readonly changed: boolean;
  /** How many the board has now. */
  readonly items: number;
}
