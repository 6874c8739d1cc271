/** The typed client against the whole product. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAdminToken } from "../../src/cli/server/admin-token.ts";
import {
  ConflictError,
  Corkboard,
  NotFoundError,
  ProblemError,
  UnauthorizedError,
} from "../../src/client/index.ts";
import { eventually } from "../api/dev-server.ts";
import { type Serve, startServe, temporaryFolder } from "../api/serve.ts";
import { dataUrl, drawJpeg } from "../http/pictures.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Serve;
let corkboard: Corkboard;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServe(folder.path);
  corkboard = new Corkboard({ baseUrl: server.origin });
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function embedded(...ids: string[]): Promise<void> {
  await eventually(async () => {
    for (const id of ids) expect((await corkboard.items.get(id)).state).toEqual({ status: "embedded" });
  }, 60_000);
}

async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe("items", () => {
  const picture = drawJpeg(1);
  const fields = {
    title: "A chair — blau",
    description: "Oak.",
    category: "chair",
    price: 49.5,
    link: "https://shop.example/chair?x=1",
    attributes: { colour: ["red", "oak"], legs: 4, foldable: false, maker: "Möbel & Co" },
  };

  it.each([
    ["bytes", picture],
    ["a blob", new Blob([picture], { type: "image/jpeg" })],
    ["a data URL", dataUrl(picture)],
    ["a picture that is stored", `sha256:${sha256(picture)}`],
  ])("come back as they were put with %s", async (_, image) => {
    await corkboard.items.put("chair-1", { image, ...fields });
    const item = await corkboard.items.get("chair-1");
    expect(item).toMatchObject({
      id: "chair-1",
      ...fields,
      image: { sha256: sha256(picture), type: "image/jpeg" },
    });
  });

  it("change nothing when they are put again, and have a version", async () => {
    expect(await corkboard.items.put("chair-1", { image: picture, ...fields })).toMatchObject({
      changed: false,
    });
    const { version } = await corkboard.items.get("chair-1");
    const written = await corkboard.items.put("chair-1", { ...fields, price: 50 }, { ifVersion: version });
    expect(written).toEqual({ id: "chair-1", version: version + 1, created: false, changed: true });
    await expect(corkboard.items.put("chair-1", fields, { ifVersion: version })).rejects.toThrow(
      ConflictError,
    );
    await expect(corkboard.items.put("chair-1", fields, { ifVersion: 0 })).rejects.toThrow(ConflictError);
  });

  it("show their pictures as they were sent, safely and forever", async () => {
    const item = await corkboard.items.get("chair-1");
    const blob = await corkboard.pictures.get(item.image.sha256!);
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(picture);
    const response = await fetch(corkboard.pictures.url(item)!);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/jpeg",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
    const again = await fetch(corkboard.pictures.url(item)!, {
      headers: { "if-none-match": response.headers.get("etag")! },
    });
    expect(again.status).toBe(304);
    const byItem = await fetch(`${server.origin}/v1/items/chair-1/picture`);
    expect(byItem.url).toBe(corkboard.pictures.url(item));
  });

  it("are gone when they were deleted", async () => {
    await corkboard.items.put("gone", { image: picture });
    await corkboard.items.delete("gone");
    await expect(corkboard.items.get("gone")).rejects.toThrow(NotFoundError);
    await expect(corkboard.items.delete("gone")).rejects.toThrow(NotFoundError);
  });

  it("say what is wrong with them", async () => {
    const refused = async (id: string, item: object) =>
      corkboard.items.put(id, item).then(
        () => expect.fail("must be refused"),
        (error: ProblemError) => error.code,
      );
    expect(await refused("new", { title: "no picture" })).toBe("picture-missing");
    expect(await refused("new", { image: "a red chair" })).toBe("invalid-image");
    expect(await refused("new", { image: `sha256:${"0".repeat(64)}` })).toBe("picture-not-stored");
    expect(await refused("new", { image: picture, price: -1 })).toBe("invalid-request");
    expect(await refused("new", { image: picture, colour: "red" })).toBe("invalid-request");
    expect(await refused("-new", { image: picture })).toBe("invalid-request");
    expect(await refused("new", { image: new Uint8Array([1, 2, 3]) })).toBe("unsupported-picture");
  });
});

describe("batches", () => {
  it("take any iterable, write what is good and say what is not", async () => {
    async function* items() {
      for (let seed = 10; seed < 16; seed++) {
        yield {
          id: `batch-${seed}`,
          image: drawJpeg(seed),
          category: seed % 2 ? "odd" : "even",
          price: seed,
        };
      }
      yield { id: "bad", image: new Uint8Array([1, 2, 3]) };
      yield { id: "no id !", image: drawJpeg(1) };
    }
    const results = await collect(corkboard.items.batch(items(), { size: 3, concurrency: 2 }));
    results.sort((a, b) => a.index - b.index);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true, true, true, false, false]);
    expect(results[0]).toEqual({
      index: 0,
      ok: true,
      id: "batch-10",
      version: 1,
      created: true,
      changed: true,
    });
    const problems = results.flatMap((one) => (one.ok ? [] : [one.problem.code]));
    expect(problems).toEqual(["unsupported-picture", "invalid-line"]);
    expect(results[6]).toMatchObject({ id: "bad", problem: { status: 415 } });
  });

  it("are listed page by page, by state and by category", async () => {
    await embedded(...[10, 11, 12, 13, 14, 15].map((seed) => `batch-${seed}`));
    const odd = await collect(corkboard.items.all({ category: "odd", limit: 2 }));
    expect(odd.map(({ id }) => id)).toEqual(["batch-11", "batch-13", "batch-15"]);
    const page = await corkboard.items.list({ limit: 2, state: "embedded", category: "even" });
    expect(page.items.map(({ id }) => id)).toEqual(["batch-10", "batch-12"]);
    const rest = await corkboard.items.list({
      limit: 2,
      state: "embedded",
      category: "even",
      cursor: page.next,
    });
    expect(rest).toEqual({ items: [await corkboard.items.get("batch-14")] });
    await expect(corkboard.items.list({ cursor: "nonsense" })).rejects.toThrow(ProblemError);
  });

  it("end where the limit of lines is", async () => {
    const lines = Array.from({ length: 402 }, (_, n) => `{"id":"line-${n}"}\n`).join("");
    const headers = { "content-type": "application/x-ndjson" };
    const response = await fetch(`${server.origin}/v1/items:batch`, { method: "POST", headers, body: lines });
    const answers = (await response.text()).trim().split("\n");
    expect(answers).toHaveLength(401);
    expect(JSON.parse(answers[400]!)).toMatchObject({
      line: 401,
      ok: false,
      problem: { code: "batch-too-long" },
    });
  });
});

describe("search", () => {
  it.each([
    ["bytes", drawJpeg(12)],
    ["a data URL", dataUrl(drawJpeg(12))],
  ])("by %s finds the picture first", async (_, image) => {
    const { results, query } = await corkboard.search({ image, limit: 2, explain: true });
    expect(results[0]).toMatchObject({ id: "batch-12", explanation: { hamming: 0, hammingRank: 1 } });
    expect(results[0]!.score).toBeCloseTo(1, 5);
    expect(results).toHaveLength(2);
    const byVector = await corkboard.search({ vector: query!.vector, limit: 2 });
    expect(byVector.results.map(({ id }) => id)).toEqual(results.map(({ id }) => id));
  });

  it("by item leaves the item out; filters hold", async () => {
    const { results } = await corkboard.search({
      item: "batch-12",
      filter: { category: ["even", "chair"], price: { min: 11, max: 100 }, attributes: {} },
    });
    expect(results.map(({ id }) => id).sort()).toEqual(["batch-14", "chair-1"]);
    const oak = await corkboard.search({
      item: "batch-12",
      filter: { attributes: { colour: "oak", legs: 4 } },
    });
    expect(oak.results.map(({ id }) => id)).toEqual(["chair-1"]);
  });

  it("by a part of a picture is another search", async () => {
    const whole = await corkboard.search({ image: drawJpeg(12), limit: 1 });
    const part = await corkboard.search({ image: drawJpeg(12), crop: [0, 0, 0.5, 0.5], limit: 1 });
    expect(part.query!.vector).not.toBe(whole.query!.vector);
    const all = await corkboard.search({ image: dataUrl(drawJpeg(12)), crop: [0, 0, 1, 1], limit: 1 });
    expect(all.query!.vector).toBe(whole.query!.vector);
  });

  it("goes on page by page, each result once", async () => {
    const paged = await collect(corkboard.searchAll({ image: drawJpeg(12), limit: 2 }));
    const { results } = await corkboard.search({ image: drawJpeg(12), limit: 200 });
    expect(paged.map(({ id }) => id)).toEqual(results.map(({ id }) => id));
    expect(paged.length).toBeGreaterThan(5);
  });

  it("refuses text, nothing, two things at once, and what has no direction", async () => {
    const code = (query: object) =>
      corkboard.search(query as { item: string }).then(
        () => "found",
        (error: ProblemError) => error.code,
      );
    expect(await code({ text: "a red chair" })).toBe("text-search-not-supported");
    expect(await code({})).toBe("invalid-request");
    expect(await code({ item: "batch-12", vector: new Array(256).fill(1) })).toBe("invalid-request");
    expect(await code({ vector: new Array(256).fill(0) })).toBe("invalid-request");
    expect(await code({ vector: [1, 2, 3] })).toBe("invalid-request");
    expect(await code({ item: "batch-12", limit: 201 })).toBe("invalid-request");
    expect(await code({ item: "batch-12", crop: [0, 0, 1, 1] })).toBe("invalid-request");
    expect(await code({ image: drawJpeg(1), crop: [0.5, 0, 0.5, 1] })).toBe("invalid-request");
    expect(await code({ item: "nobody" })).toBe("item-not-found");
    expect(await code({ image: "http://127.0.0.1/x.jpg" })).toBe("address-refused");
  });

  it("takes the picture itself as the body, with options in the query", async () => {
    const filter = encodeURIComponent(JSON.stringify({ category: "even" }));
    const response = await fetch(`${server.origin}/v1/search?limit=1&crop=0,0,1,1&filter=${filter}`, {
      method: "POST",
      headers: { "content-type": "image/jpeg" },
      body: drawJpeg(12),
    });
    expect(await response.json()).toMatchObject({ results: [{ id: "batch-12" }] });
  });
});

describe("the rest", () => {
  it("counts what there is", async () => {
    const { items, states, categories, nearDuplicates, model } = await corkboard.catalog();
    expect(items).toBe(states.pending + states.embedded + states.failed);
    expect(categories).toContainEqual({ category: "odd", items: 3 });
    expect(model).toMatch(/^unified-embedding@/);
    expect(nearDuplicates).toBeTypeOf("number");
  });

  it("names pictures that are there twice", async () => {
    await corkboard.items.put("twin", { image: drawJpeg(12) });
    await embedded("twin");
    expect(await corkboard.items.duplicates("twin")).toMatchObject({
      id: "twin",
      duplicates: [{ id: "batch-12", by: "picture" }],
    });
    const { groups } = await corkboard.duplicates();
    expect(groups).toContainEqual({ id: "batch-12", duplicates: [expect.objectContaining({ id: "twin" })] });
  });

  it("embeds, and finds embeddings and models", async () => {
    const { data, model } = await corkboard.embeddings.create({ input: [drawJpeg(12), drawJpeg(13)] });
    expect(data).toHaveLength(2);
    const stored = await corkboard.embeddings.get(model, data[0]!.sha256);
    expect(stored.embedding).toEqual(data[0]!.embedding);
    const [first] = await corkboard.models.list();
    expect((await corkboard.models.get(first!.id)).pinned).toBe(model);
    expect((await corkboard.ready()).status).toBe("ready");
  });

  it("tries failed items again", async () => {
    expect(await corkboard.items.retry("twin")).toBe(0);
    expect(await corkboard.items.retry()).toBe(0);
    await expect(corkboard.items.retry("nobody")).rejects.toThrow(NotFoundError);
  });

  it("manages keys with the admin token only", async () => {
    await expect(corkboard.keys.list()).rejects.toThrow(UnauthorizedError);
    const admin = new Corkboard({ baseUrl: server.origin, key: await readAdminToken(folder.path) });
    const { key, id } = await admin.keys.create({ name: "shop", scopes: ["read"] });
    expect(await admin.keys.list()).toEqual([
      expect.objectContaining({ id, name: "shop", scopes: ["read"] }),
    ]);
    const reader = new Corkboard({ baseUrl: server.origin, key });
    await expect(reader.items.delete("twin")).rejects.toMatchObject({ code: "scope-missing" });
    await admin.keys.revoke(id);
    await expect(reader.catalog()).rejects.toMatchObject({ code: "invalid-key" });
  });

  it("keeps what was written when the server ends and starts again", async () => {
    const before = await collect(corkboard.items.all());
    expect(await server.stop()).toBe(0);
    server = await startServe(folder.path);
    corkboard = new Corkboard({ baseUrl: server.origin });
    expect(await collect(corkboard.items.all())).toEqual(before);
  });
});
