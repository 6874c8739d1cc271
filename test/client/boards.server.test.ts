/** Boards through the typed client and the command line, against the whole product. */
import { describe, expect, it } from "vitest";
import { ConflictError, NotFoundError, ProblemError } from "../../src/client/index.ts";
import { corkboard as run } from "../api/serve.ts";
import { drawJpeg } from "../http/pictures.ts";
import { collect, wholeProduct } from "./whole-product.ts";

const product = wholeProduct();
const ITEMS = ["chair-1", "chair-2", "mug-1", "mug-2"];

describe("boards", () => {
  it("are made, changed, read and removed", async () => {
    const { boards, items } = product.corkboard;
    for (const [at, id] of ITEMS.entries()) {
      await items.put(id, { image: drawJpeg(at + 1), title: `Item ${id}` });
    }
    const body = { title: "Küche — 厨房", description: "What it needs.", items: ["chair-1", "gone"] };
    const made = await boards.put("kitchen", body);
    expect(made).toEqual({ id: "kitchen", version: 1, created: true, changed: true, items: 2 });
    expect(await boards.put("kitchen", body)).toMatchObject({ created: false, changed: false });
    const board = await boards.get("kitchen");
    const { sha256 } = (await items.get("chair-1")).image;
    expect(board).toMatchObject({
      ...{ title: body.title, description: body.description, items: 2 },
      cover: [{ id: "chair-1", title: "Item chair-1", href: `/v1/pictures/${sha256}` }],
    });
    await expect(boards.put("kitchen", body, { ifVersion: 0 })).rejects.toThrow(ConflictError);
    await boards.put("kitchen", { title: "Kitchen" }, { ifVersion: 1 });
    await boards.delete("kitchen", { ifVersion: 2 });
    await expect(boards.get("kitchen")).rejects.toThrow(NotFoundError);
  });

  it("show their items, and which are gone", async () => {
    const { boards } = product.corkboard;
    await boards.put("kitchen", { title: "Kitchen", items: ["chair-1", "gone"] });
    expect(await boards.add("kitchen", "mug-1")).toMatchObject({ created: true, items: 3, version: 2 });
    expect(await boards.add("kitchen", "mug-1")).toMatchObject({ created: false, changed: false });
    const first = await boards.items("kitchen", { limit: 2 });
    expect(first.items).toMatchObject([
      { id: "chair-1", item: { title: "Item chair-1" } },
      { id: "gone", gone: true },
    ]);
    const all = await collect(boards.allItems("kitchen", { limit: 2 }));
    expect(all.map(({ id }) => id)).toEqual(["chair-1", "gone", "mug-1"]);
    const brief = await collect(boards.allItems("kitchen", { brief: true }));
    expect(brief[0]).toEqual({ id: "chair-1", addedAt: expect.any(String) });
    await boards.remove("kitchen", "gone");
    await expect(boards.remove("kitchen", "gone")).rejects.toMatchObject({ code: "item-not-on-board" });
    const holding = await collect(boards.all({ item: "mug-1" }));
    expect(holding.map(({ id }) => id)).toEqual(["kitchen"]);
  });

  it("find more that is like them, and say why", async () => {
    await product.embedded(...ITEMS);
    const { boards } = product.corkboard;
    const { results } = await boards.more("kitchen", { explain: true });
    expect(results.map(({ id }) => id).sort()).toEqual(["chair-2", "mug-2"]);
    expect(results[0]!.explanation).toMatchObject({ by: "look", score: expect.any(Number) });
    expect((await boards.more("kitchen", { limit: 1 })).results[0]).not.toHaveProperty("explanation");
    await expect(boards.more("none")).rejects.toThrow(NotFoundError);
    const metrics = await (await fetch(`${product.server.origin}/metrics`)).text();
    expect(metrics).toMatch(/corkboard_board_results_total\{by="look"\} 3/);
  });

  it("go out as edges, and are listed", async () => {
    const url = { CORKBOARD_URL: product.server.origin };
    const { code, stdout, stderr } = await run(["boards", "export"], url);
    expect([code, stderr]).toEqual([0, "2 items on 1 boards.\n"]);
    const edges = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(edges).toEqual(
      ["chair-1", "mug-1"].map((item) => ({ board: "kitchen", item, addedAt: expect.any(String) })),
    );
    expect((await run(["boards", "list"], url)).stdout).toMatch(/kitchen +Kitchen +2 /);
  });
});

describe("what is no board", () => {
  const put = (path: string, body: unknown, headers = {}) =>
    fetch(`${product.server.origin}/v1/boards/${path}`, {
      method: "PUT",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  it.each([
    ["a", {}],
    ["a", { title: "" }],
    ["a", { title: " \n" }],
    ["a", { title: "x".repeat(201) }],
    ["a", { title: "A", description: "x".repeat(2_001) }],
    ["a", { title: "A", items: ["../etc"] }],
    ["a", { title: "A", items: "chair-1" }],
    ["a", { title: "A", items: Array.from({ length: 10_001 }, (_, n) => `i${n}`) }],
    ["a", { title: "A", colour: "red" }],
    ["a", "{"],
    [".hidden", { title: "A" }],
    ["x".repeat(65), { title: "A" }],
  ])("is refused: %s %j", async (path, body) => {
    const response = await put(path, body);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
  });

  it.each([
    "more?limit=0",
    "more?limit=201",
    "more?cursor=x",
    "items?cursor=%00",
    "items?limit=-1",
    "more?explain=maybe",
  ])("is not asked for: %s", async (path) => {
    const response = await fetch(`${product.server.origin}/v1/boards/kitchen/${path}`);
    expect(response.status).toBe(400);
  });

  it("is written by nobody without a key for it", async () => {
    const { server } = product;
    const foreign = { "x-forwarded-for": "203.0.113.9", origin: "https://elsewhere.example" };
    for (const method of ["PUT", "DELETE"]) {
      const response = await fetch(`${server.origin}/v1/boards/kitchen`, {
        method,
        headers: { ...foreign, authorization: "Bearer ck_no" },
      });
      expect(response.status).toBe(401);
    }
    await expect(product.corkboard.boards.put("kitchen", { title: "" })).rejects.toThrow(ProblemError);
  });
});
