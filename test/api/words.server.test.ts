/** Words in the running server: real models, real Durable Objects, drawn products with and without words of their own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Corkboard } from "../../src/client/index.ts";
import { renderPicture } from "../../src/demo/picture.ts";
import { generateProducts, type Product } from "../../src/demo/products.ts";
import { type Serve, startServe, temporaryFolder } from "./serve.ts";

const PRODUCTS = generateProducts({ seed: 5, count: 60 });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Serve;
let corkboard: Corkboard;
const categoryOf = new Map(PRODUCTS.map(({ id, category }) => [id, category]));

async function embedded(count: number): Promise<void> {
  for (;;) {
    const states = (await corkboard.catalog()).roles.item!.states;
    if (states.failed > 0) throw new Error(`${states.failed} items failed`);
    if (states.embedded === count && states.pending === 0) return;
    await new Promise((done) => setTimeout(done, 250));
  }
}

async function itemOf({ id, svg }: Product) {
  return { id, image: Uint8Array.from((await renderPicture(svg, 224)).bytes) };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServe(`${folder.path}/state`, "--quiet");
  corkboard = new Corkboard({ baseUrl: server.origin });
  const items = await Promise.all(PRODUCTS.map(itemOf));
  for await (const written of corkboard.items.batch(items)) expect(written.ok).toBe(true);
  await embedded(PRODUCTS.length);
}, 240_000);

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

describe("search by words", () => {
  it("finds drawn things by what they are, though nothing but their pictures was given", async () => {
    const first: string[] = [];
    for (const category of ["chair", "lamp", "mug", "dress", "sofa", "plant"] as const) {
      const { results, query } = await corkboard.search({ text: category, limit: 3 });
      expect(query.model).toMatch(/^itemsage@[0-9a-f]{12}$/);
      if (results.some(({ id }) => categoryOf.get(id) === category)) first.push(category);
    }
    expect(first.length).toBeGreaterThanOrEqual(4);
  });

  it("weighs words and a picture against each other", async () => {
    const lamp = PRODUCTS.find(({ category }) => category === "lamp")!;
    const { image } = await itemOf(lamp);
    const byPicture = await corkboard.search({
      image,
      text: "chair",
      weights: { text: 0, image: 1 },
      limit: 1,
    });
    expect(byPicture.results[0]!.id).toBe(lamp.id);
    const byWords = await corkboard.search({
      image,
      text: "chair",
      weights: { text: 10, image: 0 },
      limit: 5,
    });
    const alone = await corkboard.search({ text: "chair", limit: 5 });
    expect(byWords.results.map(({ id }) => id)).toEqual(alone.results.map(({ id }) => id));
  });

  it("moves away from what results are not to be like, and never answers it", async () => {
    const [first] = (await corkboard.search({ text: "chair", limit: 1 })).results;
    const away = await corkboard.search({ text: "chair", unlike: [{ item: first!.id }], limit: 60 });
    expect(away.results.map(({ id }) => id)).not.toContain(first!.id);
    const none = corkboard.search({ text: "chair", unlike: [{ text: "chair" }] });
    await expect(none).rejects.toMatchObject({ status: 400 });
  });

  it("goes through all pages without repeating anything", async () => {
    const ids: string[] = [];
    for await (const { id } of corkboard.searchAll({ text: "something red", limit: 25 })) ids.push(id);
    expect(new Set(ids).size).toBe(PRODUCTS.length);
  });

  it("finds an item by new words, and embeds nothing else for them", async () => {
    const { id } = PRODUCTS[0]!;
    await corkboard.items.put(id, { title: "Zanzibar hurdy-gurdy", description: "A musical instrument." });
    // By what it says at once, by what that means when it is embedded.
    const said = await corkboard.search({ text: "Hurdy-Gurdy", explain: true, limit: 1 });
    expect(said.results[0]).toMatchObject({ id, explanation: { words: 1 } });
    expect(said.query.words).toBe("Hurdy-Gurdy");
    const { vector, model, words } = said.query;
    const next = await corkboard.search({ vector, model, words, limit: 1, cursor: said.next });
    expect(next.results[0]!.id).not.toBe(id);
    await embedded(PRODUCTS.length);
    const { results } = await corkboard.search({ text: "hurdy-gurdy, a musical instrument", limit: 1 });
    expect(results[0]!.id).toBe(id);
  });

  it.each([
    ["words of nothing", { text: "  " }],
    ["words without end", { text: "red ".repeat(300) }],
    ["a model of pictures", { text: "red", model: "unified-embedding" }],
    ["a model that items have no vectors of", { text: "red", model: "pinclip" }],
    ["a weight below 0", { text: "red", weights: { text: -1 } }],
    [
      "nine things to be unlike",
      { text: "red", unlike: Array.from({ length: 9 }, () => ({ text: "blue" })) },
    ],
  ])("refuses %s", async (_, query) => {
    await expect(corkboard.search(query as never)).rejects.toMatchObject({ status: 400 });
  });

  it("says which item it does not know", async () => {
    const query = corkboard.search({ text: "red", unlike: [{ item: "nobody" }] });
    await expect(query).rejects.toMatchObject({ status: 404 });
  });
});
