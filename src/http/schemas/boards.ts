/** Shapes of `/v1/boards`. */
import { z } from "@hono/zod-openapi";
import { BoardBody, BoardId } from "../../catalog/boards/board.ts";
import { MAX_MORE_RESULTS } from "../../catalog/boards/limits.ts";
import { MAX_CURSOR_LENGTH } from "../../catalog/cursor.ts";
import { ItemId } from "../../catalog/item.ts";
import { MAX_PAGE, MAX_RESULTS } from "../../catalog/limits.ts";
import { Item } from "./items.ts";

export const BoardParams = z.object({
  id: BoardId.clone().openapi({ param: { name: "id", in: "path" }, example: "reading-corner" }),
});

export const EntryParams = BoardParams.extend({
  item: ItemId.clone().openapi({ param: { name: "item", in: "path" }, example: "chair-0042" }),
});

export const BoardBodySchema = BoardBody.clone().openapi("BoardBody");

/** What it takes to show an item's picture. */
export const CoverItem = z.object({
  id: z.string(),
  title: z.string().optional(),
  href: z.string().optional().openapi({ description: "The picture, below the API's origin." }),
});

export const Board = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string().optional(),
    items: z.int().openapi({ description: "How many there are, those that are gone counted." }),
    cover: z
      .array(CoverItem)
      .openapi({ description: "The newest items that the catalogue has, the newest first; up to four." }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int().openapi({ description: "1 at first; one more with every change of it or its list." }),
  })
  .openapi("Board");
export type Board = z.infer<typeof Board>;

const Cursor = z.string().max(MAX_CURSOR_LENGTH).optional().openapi({
  description: "`next` of the page before.",
});
const next = z
  .string()
  .optional()
  .openapi({ description: "`cursor` of the next page; none after the last." });
const pageOf = (limit: number, otherwise: number) =>
  z.coerce.number().pipe(z.int().min(1).max(limit)).default(otherwise).openapi({ type: "integer" });

export const BoardListQuery = z.object({
  cursor: Cursor,
  limit: pageOf(MAX_PAGE, 50),
  item: ItemId.optional().openapi({ description: "Only boards that hold this item." }),
});

export const BoardPage = z.object({ boards: z.array(Board), next }).openapi("BoardPage");

export const BoardWritten = z
  .object({
    id: z.string().openapi({ description: "The board's." }),
    version: z.int(),
    created: z.boolean().openapi({ description: "The board is new; or the item is new on it." }),
    changed: z.boolean().openapi({ description: "False when everything was already so." }),
    items: z.int().openapi({ description: "How many the board has now." }),
  })
  .openapi("BoardWritten");

export const EntryQuery = z.object({
  cursor: Cursor,
  limit: pageOf(MAX_PAGE, 50),
  brief: z.stringbool().default(false).openapi({ type: "boolean", description: "Ids alone." }),
});

export const BoardEntryPage = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        addedAt: z.iso.datetime(),
        item: Item.optional(),
        gone: z.literal(true).optional().openapi({ description: "The catalogue has no such item." }),
      }),
    ),
    next,
  })
  .openapi("BoardEntryPage");

export const MoreQuery = z.object({
  cursor: Cursor,
  limit: pageOf(MAX_RESULTS, 20),
  explain: z
    .union([z.literal("1"), z.literal("true"), z.literal("0"), z.literal("false")])
    .default("0")
    .transform((text) => text === "1" || text === "true")
    .openapi({ type: "boolean", description: "Say how each result was found." }),
});

export const MoreResults = z
  .object({
    results: z.array(
      z.object({
        id: z.string(),
        item: Item,
        explanation: z
          .discriminatedUnion("by", [
            z.object({
              by: z.literal("look"),
              like: z.string().openapi({ description: "The board's item that is most like it." }),
              score: z.number().openapi({ description: "Cosine with what the board is about, −1 to 1." }),
            }),
            z.object({
              by: z.literal("boards"),
              score: z.number().openapi({ description: "How often walks over other boards came by." }),
            }),
          ])
          .optional(),
      }),
    ),
    next,
  })
  .openapi("MoreResults", { description: `At most ${MAX_MORE_RESULTS} results over all pages.` });
