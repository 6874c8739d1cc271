import { describe, expect, test } from "vitest";
import type { Boards } from "../../../src/catalog/boards/boards.ts";
import { MAX_MORE_RESULTS } from "../../../src/catalog/boards/limits.ts";
import { MoreLikeBoard, type MoreResult } from "../../../src/catalog/boards/more-like-board.ts";
import type { Catalog } from "../../../src/catalog/catalog.ts";
import type { PictureSource } from "../../../src/catalog/embedding-worker.ts";
import { InvalidCursorError } from "../../../src/catalog/errors.ts";
import { openCatalog, picture, vectorOf } from "../test-catalog.ts";
import { openBoards } from "./test-boards.ts";

const KINDS = ["chair", "dress", "mug"] as const;

/** 1,000 × kind + n: pictures of one kind have vectors near one direction. */
const embedByKind = async (source: PictureSource) => {
  const number = new DataView((source as { bytes: Uint8Array }).bytes.buffer).getUint32(41);
  const [kind, own] = [vectorOf(Math.floor(number / 1_000)), vectorOf(10_000 + number)];
  const sum = kind.map((value, at) => value + own[at]! * 0.6);
  const length = Math.hypot(...sum);
  return { vector: sum.map((value) => value / length) };
};

/** So many chairs, dresses and mugs: chair-0, chair-1, … */
async function open(each: number): Promise<{ catalog: Catalog; boards: Boards; more: MoreLikeBoard }> {
  const { catalog, deliver } = openCatalog();
  for (const [kind, name] of KINDS.entries()) {
    const writes = Array.from({ length: each }, (_, n) =>
      catalog.put({ id: `${name}-${n}`, fields: {}, picture: { bytes: picture(kind * 1_000 + n) } }),
    );
    await Promise.all(writes);
  }
  await deliver(embedByKind);
  const boards = openBoards();
  return { catalog, boards, more: new MoreLikeBoard(boards, catalog) };
}

const kindsOf = (results: readonly MoreResult[]) => results.map(({ id }) => id.split("-")[0]!);
const count = (kinds: readonly string[], kind: string) => kinds.filter((one) => one === kind).length;

describe("more like a board", () => {
  test("is what is like its theme, without what is on it", async () => {
    const { boards, more } = await open(12);
    await boards.put({ id: "a", title: "A", items: ["chair-0", "chair-1", "chair-2", "chair-3"] });
    const { results } = await more.run("a", { limit: 8 });
    expect(kindsOf(results)).toEqual(Array.from({ length: 8 }, () => "chair"));
    expect(results.map(({ id }) => id)).not.toContain("chair-0");
    for (const { reason } of results) {
      expect(reason).toMatchObject({ by: "look", like: expect.stringMatching(/^chair-[0-3]$/) });
    }
  });

  test("follows each theme as the board has it", async () => {
    const { boards, more } = await open(30);
    const chairs = Array.from({ length: 8 }, (_, n) => `chair-${n}`);
    const dresses = Array.from({ length: 4 }, (_, n) => `dress-${n}`);
    await boards.put({ id: "a", title: "A", items: [...chairs, ...dresses] });
    const kinds = kindsOf((await more.run("a", { limit: 18 })).results);
    expect([count(kinds, "chair"), count(kinds, "dress"), count(kinds, "mug")]).toEqual([12, 6, 0]);
    // In turns, not one after the other.
    expect(count(kinds.slice(0, 6), "dress")).toBe(2);
  });

  test("pages through results, none twice, until a change of the board", async () => {
    const { boards, more } = await open(20);
    await boards.put({ id: "a", title: "A", items: ["chair-0", "mug-0"] });
    const all = (await more.run("a", { limit: 30 })).results.map(({ id }) => id);
    const first = await more.run("a", { limit: 15 });
    const second = await more.run("a", { limit: 15, cursor: first.next });
    expect([...first.results, ...second.results].map(({ id }) => id)).toEqual(all);
    expect(new Set(all).size).toBe(30);
    await boards.add("a", "dress-1");
    await expect(more.run("a", { limit: 15, cursor: first.next })).rejects.toThrow(InvalidCursorError);
  });

  test("ends when there is nothing left, or after the last result that is shown", async () => {
    const { boards, more } = await open(4);
    await boards.put({ id: "a", title: "A", items: ["chair-0"] });
    const { results, next } = await more.run("a", { limit: MAX_MORE_RESULTS });
    expect(results).toHaveLength(11);
    expect(next).toBeUndefined();
  });

  test("looks past the items of a board that has more than a search leaves out", async () => {
    const { boards, more } = await open(130);
    const items = Array.from({ length: 125 }, (_, n) => `chair-${n}`);
    await boards.put({ id: "a", title: "A", items });
    const { results } = await more.run("a", { limit: 5 });
    expect(results.map(({ id }) => id).sort()).toEqual([125, 126, 127, 128, 129].map((n) => `chair-${n}`));
  });

  test("is nothing for a board without items, or with items that are not there", async () => {
    const { boards, more } = await open(2);
    await boards.put({ id: "a", title: "A" });
    await boards.put({ id: "b", title: "B", items: ["gone"] });
    expect(await more.run("a")).toEqual({ results: [] });
    expect(await more.run("b")).toEqual({ results: [] });
  });
});

describe("other boards", () => {
  test("that share items bring a third of the results: what they have together with those", async () => {
    const { boards, more } = await open(30);
    await boards.put({ id: "a", title: "A", items: ["chair-0", "chair-1"] });
    for (let n = 0; n < 5; n++) {
      await boards.put({
        id: `b${n}`,
        title: "B",
        items: ["chair-0", "chair-1", "mug-1", "mug-2", `dress-${n}`],
      });
    }
    const { results } = await more.run("a", { limit: 6 });
    const found = results.filter(({ reason }) => reason.by === "boards").map(({ id }) => id);
    expect(found.sort()).toEqual(["mug-1", "mug-2"]);
    expect(await more.run("a", { limit: 6 })).toEqual({ results, next: expect.any(String) });
  });

  test("are not asked when they are too few", async () => {
    const { boards, more } = await open(6);
    await boards.put({ id: "a", title: "A", items: ["chair-0"] });
    await boards.put({ id: "b", title: "B", items: ["chair-0", "mug-1"] });
    const { results } = await more.run("a", { limit: 5 });
    expect(results.every(({ reason }) => reason.by === "look")).toBe(true);
  });

  test("bring results of their own where no item has a vector, and none that are gone", async () => {
    const { boards, more, catalog } = await open(6);
    await boards.put({ id: "a", title: "A", items: ["unknown"] });
    for (let n = 0; n < 4; n++) {
      await boards.put({ id: `b${n}`, title: "B", items: ["unknown", "mug-1", "mug-2"] });
    }
    await catalog.delete("mug-2");
    const { results } = await more.run("a");
    expect(results.map(({ id, reason }) => [id, reason.by])).toEqual([["mug-1", "boards"]]);
  });
});
