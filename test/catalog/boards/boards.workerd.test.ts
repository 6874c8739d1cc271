import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { Boards } from "../../../src/catalog/boards/boards.ts";
import {
  BoardFullError,
  BoardNotFoundError,
  BoardVersionConflictError,
  NotOnBoardError,
  TooManyBoardsError,
} from "../../../src/catalog/boards/errors.ts";
import { MAX_BOARDS_PER_SHARD, MAX_ITEMS_PER_BOARD } from "../../../src/catalog/boards/limits.ts";
import { InvalidCursorError } from "../../../src/catalog/errors.ts";
import { boardNamespace, openBoards } from "./test-boards.ts";

/** Items on a board, page by page. */
async function itemsOn(boards: Boards, id: string, limit = 200): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await boards.entries(id, { limit, cursor });
    ids.push(...page.entries.map((entry) => entry.id));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
}

describe("a board", () => {
  test("comes back as it was written, with its items in order", async () => {
    const boards = openBoards();
    const body = { title: "Reading corner", description: "By the window", items: ["lamp", "chair", "lamp"] };
    const written = await boards.put({ id: "corner", ...body });
    expect(written).toEqual({ id: "corner", version: 1, created: true, changed: true, items: 2 });
    const board = await boards.get("corner");
    expect(board).toMatchObject({
      ...{ id: "corner", title: "Reading corner", description: "By the window", items: 2, version: 1 },
      newest: ["chair", "lamp"],
    });
    expect(new Date(board.createdAt).toISOString()).toBe(board.createdAt);
    expect(await itemsOn(boards, "corner")).toEqual(["lamp", "chair"]);
  });

  test("written again as it is changes nothing", async () => {
    const boards = openBoards();
    const body = { id: "a", title: "A", items: ["x", "y"] };
    await boards.put(body);
    const before = await boards.get("a");
    const unchanged = { id: "a", version: 1, created: false, changed: false, items: 2 };
    expect(await boards.put(body)).toEqual(unchanged);
    expect(await boards.put({ id: "a", title: "A" })).toEqual(unchanged);
    expect(await boards.get("a")).toEqual(before);
  });

  test("keeps its items when a write brings none, and takes those that it brings, in their order", async () => {
    const boards = openBoards();
    await boards.put({ id: "a", title: "A", description: "d", items: ["x", "y"] });
    expect(await boards.put({ id: "a", title: "B" })).toMatchObject({ version: 2, items: 2, changed: true });
    expect(await boards.get("a")).not.toHaveProperty("description");
    const { entries } = await boards.entries("a");
    await boards.put({ id: "a", title: "B", items: ["z", "y"] });
    const after = await boards.entries("a");
    expect(after.entries.map(({ id }) => id)).toEqual(["z", "y"]);
    expect(after.entries[1]!.addedAt).toBe(entries[1]!.addedAt);
    expect(await boards.put({ id: "a", title: "B", items: [] })).toMatchObject({ items: 0, version: 4 });
  });

  test("is written only at the version that is asked for", async () => {
    const boards = openBoards();
    await boards.put({ id: "a", title: "A", ifVersion: 0 });
    await expect(boards.put({ id: "a", title: "B", ifVersion: 0 })).rejects.toThrow(
      BoardVersionConflictError,
    );
    await expect(boards.put({ id: "b", title: "B", ifVersion: 1 })).rejects.toMatchObject({ version: 0 });
    await boards.put({ id: "a", title: "B", ifVersion: 1 });
    await expect(boards.delete("a", 1)).rejects.toMatchObject({ status: 412, version: 2 });
    await boards.delete("a", 2);
    await expect(boards.get("a")).rejects.toThrow(BoardNotFoundError);
  });

  test("takes its list with it when it is removed, and is another when it is made again", async () => {
    const boards = openBoards();
    await boards.put({ id: "a", title: "A", items: ["x"] });
    await boards.delete("a");
    await expect(boards.delete("a")).rejects.toThrow(BoardNotFoundError);
    await boards.put({ id: "a", title: "A" });
    expect(await itemsOn(boards, "a")).toEqual([]);
    expect((await boards.list({ item: "x" })).boards).toEqual([]);
  });

  test("is there after the end of the process", async () => {
    const namespace = boardNamespace();
    await new Boards(namespace, 3).put({ id: "a", title: "A", items: ["x", "y"] });
    await abortAllDurableObjects();
    expect(await itemsOn(new Boards(namespace, 3), "a")).toEqual(["x", "y"]);
  });
});

describe("items of a board", () => {
  test("come at the end; one that is there stays where it is", async () => {
    const boards = openBoards();
    await boards.put({ id: "a", title: "A", items: ["x", "y"] });
    expect(await boards.add("a", "z")).toEqual({
      id: "a",
      version: 2,
      created: true,
      changed: true,
      items: 3,
    });
    expect(await boards.add("a", "x")).toEqual({
      ...{ id: "a", version: 2, created: false, changed: false, items: 3 },
    });
    expect(await itemsOn(boards, "a")).toEqual(["x", "y", "z"]);
  });

  test("are taken off once", async () => {
    const boards = openBoards();
    await boards.put({ id: "a", title: "A", items: ["x", "y"] });
    await boards.remove("a", "x");
    await expect(boards.remove("a", "x")).rejects.toThrow(NotOnBoardError);
    expect(await boards.get("a")).toMatchObject({ items: 1, version: 2, newest: ["y"] });
  });

  test("belong to a board that is there", async () => {
    const boards = openBoards();
    await expect(boards.add("none", "x")).rejects.toThrow(BoardNotFoundError);
    await expect(boards.remove("none", "x")).rejects.toThrow(BoardNotFoundError);
    await expect(boards.entries("none")).rejects.toThrow(BoardNotFoundError);
  });

  test("come page by page, each once, while others come and go", async () => {
    const boards = openBoards();
    await boards.put({ id: "a", title: "A", items: ["1", "2", "3", "4", "5"] });
    const first = await boards.entries("a", { limit: 2 });
    await boards.remove("a", "1");
    await boards.remove("a", "3");
    await boards.add("a", "6");
    const second = await boards.entries("a", { limit: 2, cursor: first.next });
    const third = await boards.entries("a", { limit: 2, cursor: second.next });
    const ids = [first, second, third].map(({ entries }) => entries.map(({ id }) => id));
    expect(ids).toEqual([["1", "2"], ["4", "5"], ["6"]]);
    expect(third.next).toBeUndefined();
    await expect(boards.entries("a", { cursor: "AAAA" })).rejects.toThrow(InvalidCursorError);
  });

  test(`are at most ${MAX_ITEMS_PER_BOARD}`, async () => {
    const boards = openBoards();
    const items = Array.from({ length: MAX_ITEMS_PER_BOARD }, (_, n) => `item-${n}`);
    expect(await boards.put({ id: "a", title: "A", items })).toMatchObject({ items: MAX_ITEMS_PER_BOARD });
    await expect(boards.add("a", "one-more")).rejects.toThrow(BoardFullError);
    expect(await boards.add("a", "item-7")).toMatchObject({ changed: false, items: MAX_ITEMS_PER_BOARD });
    expect(await boards.get("a")).toMatchObject({ version: 1, items: MAX_ITEMS_PER_BOARD });
    await boards.remove("a", "item-0");
    expect(await boards.add("a", "one-more")).toMatchObject({ items: MAX_ITEMS_PER_BOARD });
  });
});

describe("many boards", () => {
  test("are listed in the order of their ids, over all shards", async () => {
    const boards = openBoards();
    const ids = Array.from({ length: 25 }, (_, n) => `board-${String(n).padStart(2, "0")}`);
    for (const id of ids.toReversed()) await boards.put({ id, title: id, items: [`of-${id}`, "all"] });
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await boards.list({ limit: 7, cursor });
      found.push(...page.boards.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(found).toEqual(ids);
    expect(await boards.stats()).toEqual({ boards: 25, edges: 50 });
  });

  test("are found by an item that they hold", async () => {
    const boards = openBoards();
    await boards.put({ id: "a", title: "A", items: ["x", "y"] });
    await boards.put({ id: "b", title: "B", items: ["y"] });
    await boards.put({ id: "c", title: "C" });
    const holding = async (item: string) => (await boards.list({ item })).boards.map(({ id }) => id);
    expect(await holding("y")).toEqual(["a", "b"]);
    expect(await holding("z")).toEqual([]);
  });

  test("are refused when the shard is full; those that are there can be changed", async () => {
    const namespace = boardNamespace();
    const boards = new Boards(namespace, 1);
    await boards.put({ id: "a", title: "A" });
    const shard = namespace.get(namespace.idFromName("shard-0"));
    await runInDurableObject(shard, (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO boards (id, title, created_at, updated_at) SELECT 'b' || i, 'b', 0, 0 FROM n`,
        MAX_BOARDS_PER_SHARD,
      );
    });
    await expect(boards.put({ id: "one-more", title: "B" })).rejects.toThrow(TooManyBoardsError);
    expect(await boards.put({ id: "a", title: "B" })).toMatchObject({ changed: true });
  });

  test("around some items are a graph of those that share them, and what is on those", async () => {
    const boards = openBoards();
    await boards.put({ id: "own", title: "o", items: ["x"] });
    await boards.put({ id: "near", title: "n", items: ["x", "y"] });
    await boards.put({ id: "further", title: "f", items: ["y", "z"] });
    await boards.put({ id: "away", title: "a", items: ["w", "v"] });
    const { graph, near } = await boards.around(["x"], "own");
    expect(near).toBe(1);
    expect([...graph.boards].sort()).toEqual(["further", "near"]);
    expect([...graph.items].sort()).toEqual(["x", "y", "z"]);
  });
});
