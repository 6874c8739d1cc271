/** Shapes of boards and what is on them. */
import type { Item } from "./types.ts";

/** A board to write. Without `items` the present ones stay. */
export interface NewBoard {
  title: string;
  description?: string | undefined;
  /** Ids of all items, in order. */
  items?: string[] | undefined;
}

export interface Board {
  id: string;
  title: string;
  description?: string | undefined;
  /** How many there are. */
  items: number;
  /** The newest items, up to four; `href` is the picture below the API's origin. */
  cover: { id: string; title?: string | undefined; href?: string | undefined }[];
  createdAt: string;
  updatedAt: string;
  version: number;
}

export interface BoardPage {
  boards: Board[];
  next?: string | undefined;
}

export interface BoardListOptions {
  cursor?: string | undefined;
  /** 1 … 200. @default 50 */
  limit?: number | undefined;
  /** Only boards that hold this item. */
  item?: string | undefined;
}

export interface BoardWritten {
  id: string;
  version: number;
  /** The board is new; or the item is new on it. */
  created: boolean;
  changed: boolean;
  items: number;
}

export interface BoardEntry {
  id: string;
  addedAt: string;
  item?: Item | undefined;
  /** The catalogue has no such item. */
  gone?: true | undefined;
}

export interface BoardEntryPage {
  items: BoardEntry[];
  next?: string | undefined;
}

export interface BoardItemsOptions {
  cursor?: string | undefined;
  /** 1 … 200. @default 50 */
  limit?: number | undefined;
  /** Ids alone. @default false */
  brief?: boolean | undefined;
}

export interface MoreOptions {
  cursor?: string | undefined;
  /** 1 … 200. @default 20 */
  limit?: number | undefined;
  /** Say how each result was found. @default false */
  explain?: boolean | undefined;
}

export interface MoreResults {
  results: {
    id: string;
    item: Item;
    /** Like one of the board's items; or on other boards together with them. */
    explanation?: { by: "look"; like: string; score: number } | { by: "boards"; score: number } | undefined;
  }[];
  next?: string | undefined;
}
