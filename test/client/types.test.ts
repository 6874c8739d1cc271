/** The client's types are written by hand, so that it needs no schema: here they are held to the API's. */
import type { z } from "@hono/zod-openapi";
import { expectTypeOf, it } from "vitest";
import type { ItemLine } from "../../src/catalog/item.ts";
import type * as client from "../../src/client/index.ts";
import type {
  Board,
  BoardBodySchema,
  BoardEntryPage,
  BoardPage,
  BoardWritten,
  MoreResults,
} from "../../src/http/schemas/boards.ts";
import type { DuplicateReport, Overview } from "../../src/http/schemas/catalog.ts";
import type { FeedPage, FeedQuery } from "../../src/http/schemas/feed.ts";
import type { Item, ItemPage, Written } from "../../src/http/schemas/items.ts";
import type { CreatedKey, Key } from "../../src/http/schemas/keys.ts";
import type {
  CompletedLook,
  CompleteRequest,
  Detection,
  DetectRequest,
  ShoppableScene,
  ShopRequest,
} from "../../src/http/schemas/scenes.ts";
import type { SearchRequest, SearchResults } from "../../src/http/schemas/search.ts";

it("what the API answers, the client's types describe", () => {
  expectTypeOf<z.output<typeof Item>>().toExtend<client.Item>();
  expectTypeOf<z.output<typeof ItemPage>>().toExtend<client.ItemPage>();
  expectTypeOf<z.output<typeof Written>>().toExtend<client.Written>();
  expectTypeOf<z.output<typeof SearchResults>>().toExtend<client.SearchPage>();
  expectTypeOf<z.output<typeof Detection>>().toExtend<client.Detection>();
  expectTypeOf<z.output<typeof ShoppableScene>>().toExtend<client.ShoppableScene>();
  expectTypeOf<z.output<typeof CompletedLook>>().toExtend<client.CompletedLook>();
  expectTypeOf<z.output<typeof Overview>>().toExtend<client.Overview>();
  expectTypeOf<z.output<typeof DuplicateReport>>().toExtend<client.DuplicateReport>();
  expectTypeOf<z.output<typeof Board>>().toExtend<client.Board>();
  expectTypeOf<z.output<typeof BoardPage>>().toExtend<client.BoardPage>();
  expectTypeOf<z.output<typeof BoardWritten>>().toExtend<client.BoardWritten>();
  expectTypeOf<z.output<typeof BoardEntryPage>>().toExtend<client.BoardEntryPage>();
  expectTypeOf<z.output<typeof MoreResults>>().toExtend<client.MoreResults>();
  expectTypeOf<z.output<typeof FeedPage>>().toExtend<client.FeedPage>();
  expectTypeOf<z.output<typeof Key>>().toExtend<client.Key>();
  expectTypeOf<z.output<typeof CreatedKey>>().toExtend<client.CreatedKey>();
});

it("what the client's types describe, the API takes", () => {
  expectTypeOf<Omit<client.BatchItem, "image">>().toExtend<Omit<z.input<typeof ItemLine>, "image">>();
  type Query = z.input<typeof SearchRequest>;
  expectTypeOf<client.SearchOptions>().toExtend<Omit<Query, "image" | "item" | "vector" | "text" | "crop">>();
  expectTypeOf<client.DetectOptions>().toExtend<Omit<z.input<typeof DetectRequest>, "image">>();
  expectTypeOf<client.ShopOptions>().toExtend<Omit<z.input<typeof ShopRequest>, "image">>();
  expectTypeOf<client.CompleteOptions>().toExtend<Omit<z.input<typeof CompleteRequest>, "image">>();
  expectTypeOf<client.NewBoard>().toExtend<z.input<typeof BoardBodySchema>>();
  type Feed = Omit<z.input<typeof FeedQuery>, "explain" | "limit">;
  expectTypeOf<Omit<client.FeedOptions, "explain" | "limit">>().toExtend<Feed>();
  expectTypeOf<client.Crop>().toExtend<NonNullable<Query["crop"]>>();
});
