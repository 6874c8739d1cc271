import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FillError, type FillProgress, fillCatalogue } from "../../src/demo/fill.ts";

interface Line {
  readonly id: string;
  readonly image: string;
  readonly title: string;
}

/** The part of the API that filling needs, in memory. */
class Shelf {
  readonly items = new Map<string, Line>();
  readonly written: string[] = [];
  /** Batches that are taken before the server answers 503. */
  batchesLeft = Infinity;
  refuse: (line: Line) => boolean = () => false;
  readonly server: Server = createServer(async (request, response) => {
    const url = new URL(request.url!, "http://localhost");
    if (request.method === "GET" && url.pathname === "/v1/items") {
      const limit = Number(url.searchParams.get("limit"));
      const start = Number(url.searchParams.get("cursor") ?? 0);
      const items = [...this.items.values()].slice(start, start + limit);
      const next = start + limit < this.items.size ? { next: String(start + limit) } : {};
      response.setHeader("content-type", "application/json").end(JSON.stringify({ items, ...next }));
      return;
    }
    const lines = (await text(request))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    if (this.batchesLeft-- <= 0) {
      response.writeHead(503, { "content-type": "application/problem+json" }).end('{"title":"Busy"}');
      return;
    }
    const results = lines.map((line, index) => {
      if (this.refuse(line)) return { line: index + 1, ok: false, problem: { detail: "No room." } };
      this.items.set(line.id, line);
      this.written.push(line.id);
      return { line: index + 1, ok: true, id: line.id };
    });
    response
      .setHeader("content-type", "application/x-ndjson")
      .end(results.map((result) => JSON.stringify(result)).join("\n"));
  });
}

let shelf: Shelf;
let baseUrl: string;

beforeEach(async () => {
  shelf = new Shelf();
  await new Promise<void>((resolve) => shelf.server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(shelf.server.address() as AddressInfo).port}`;
});

afterEach(() => {
  shelf.server.closeAllConnections();
  shelf.server.close();
});

const small = { count: 10, batchSize: 4, pictureSize: 64 } as const;

describe("filling a catalogue", () => {
  it("sends every product once, in batches, and reports progress", async () => {
    const progress: FillProgress[] = [];
    const result = await fillCatalogue({ baseUrl, ...small, onProgress: (step) => progress.push(step) });
    expect(result).toEqual({ status: "filled", done: 10, failed: 0, total: 10, failures: [] });
    expect(progress.map(({ done }) => done)).toEqual([0, 4, 8, 10]);
    expect(shelf.items.size).toBe(10);
    for (const { image, title } of shelf.items.values()) {
      expect(image).toMatch(/^data:image\/(jpeg|png);base64,[A-Za-z0-9+/]+=*$/);
      expect(title).not.toBe("");
    }
  });

  it("goes on where it stopped when the API failed", async () => {
    shelf.batchesLeft = 1;
    await expect(fillCatalogue({ baseUrl, ...small })).rejects.toThrow(FillError);
    expect(shelf.items.size).toBe(4);
    shelf.batchesLeft = Infinity;
    const result = await fillCatalogue({ baseUrl, ...small });
    expect(result.done).toBe(10);
    expect(shelf.written.length).toBe(10);
    expect(new Set(shelf.written).size).toBe(10);
  });

  it("writes nothing the second time", async () => {
    await fillCatalogue({ baseUrl, ...small });
    const result = await fillCatalogue({ baseUrl, ...small });
    expect(result).toMatchObject({ status: "filled", done: 10 });
    expect(shelf.written.length).toBe(10);
  });

  it("leaves a catalogue alone that holds something else", async () => {
    shelf.items.set("teapot", { id: "teapot", image: "", title: "Teapot" });
    expect(await fillCatalogue({ baseUrl, ...small })).toMatchObject({ status: "occupied", done: 0 });
    expect(shelf.written).toEqual([]);
  });

  it("names the products that the catalogue refused, and why", async () => {
    shelf.refuse = ({ id }) => id.startsWith("showroom-sofa");
    const result = await fillCatalogue({ baseUrl, ...small });
    expect(result).toMatchObject({ done: 9, failed: 1 });
    expect(result.failures).toEqual([{ id: expect.stringMatching(/^showroom-sofa-/), reason: "No room." }]);
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const filling = fillCatalogue({
      ...{ baseUrl, ...small, signal: controller.signal },
      onProgress: ({ done }) => done === 4 && controller.abort(new Error("enough")),
    });
    await expect(filling).rejects.toThrow("enough");
    expect(shelf.items.size).toBe(4);
  });
});
