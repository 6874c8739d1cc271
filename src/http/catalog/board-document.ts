/** Boards as answers show them. */
import type { Board } from "../../catalog/boards/board.ts";
import { COVER_ITEMS } from "../../catalog/boards/limits.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Board as BoardDocument } from "../schemas/boards.ts";
import { coverItem } from "./cover.ts";

/** Boards with their covers: all items of all covers are read at once. */
export async function boardDocuments(
  boards: readonly Board[],
  catalog: Pick<Catalog, "getAll">,
): Promise<BoardDocument[]> {
  const ids = [...new Set(boards.flatMap(({ newest }) => newest))];
  const items = await catalog.getAll(ids);
  const byId = new Map(ids.map((id, at) => [id, items[at]]));
  return boards.map(({ newest, ...board }) => {
    const there = newest.flatMap((id) => byId.get(id) ?? []).slice(0, COVER_ITEMS);
    return { ...board, cover: there.map(coverItem) };
  });
}
