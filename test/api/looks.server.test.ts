import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Corkboard } from "../../src/client/index.ts";
import { fillCatalogue } from "../../src/demo/fill.ts";
import { lookOf } from "../../src/demo/looks.ts";
import { renderPicture } from "../../src/demo/picture.ts";
import { generateProducts } from "../../src/demo/products.ts";
import { generateScenes, type Scene } from "../../src/demo/scenes.ts";
import { type Serve, startServe, temporaryFolder } from "./serve.ts";

const STOCK = { seed: 3, count: 120 };
const SCENES = 8;

type Box = readonly [number, number, number, number];

interface Found {
  readonly id: string;
  readonly score: number;
  readonly category?: string;
  readonly item: { readonly look?: string };
}

interface Shoppable {
  readonly objects: readonly {
    readonly box: Box;
    readonly category: string;
    readonly products: readonly Found[];
  }[];
}

interface Completed {
  readonly categories: readonly string[];
  readonly results: readonly Found[];
  readonly attention?: {
    readonly rows: number;
    readonly columns: number;
    readonly weights: Record<string, number[]>;
  };
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Serve;
const scenes: { readonly scene: Scene; readonly picture: Uint8Array<ArrayBuffer> }[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServe(folder.path);
  await fillCatalogue({ baseUrl: server.origin, ...STOCK });
  for (let waiting = true; waiting; ) {
    const { roles } = await new Corkboard({ baseUrl: server.origin }).catalog();
    waiting = roles.picture.states.pending + roles.look!.states.pending > 0;
    if (waiting) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  for (const scene of generateScenes({ seed: 11, count: SCENES, products: generateProducts(STOCK) })) {
    scenes.push({ scene, picture: new Uint8Array((await renderPicture(scene.svg)).bytes) });
  }
  // Drawing leaves no moment in which to hear that the server has closed its idle connections.
  await new Promise((resolve) => setTimeout(resolve, 100));
}, 180_000);

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

async function ask<Answer>(path: string, picture: Uint8Array<ArrayBuffer>, query = ""): Promise<Answer> {
  const form = new FormData();
  form.append("image", new Blob([picture]), "scene.jpg");
  for (const [name, value] of new URLSearchParams(query)) form.append(name, value);
  // A connection of its own: drawing takes longer than the server keeps an idle one.
  const headers = { connection: "close" };
  const response = await fetch(`${server.origin}${path}`, { method: "POST", headers, body: form });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: Box) => (box[2] - box[0]) * (box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height);
}

describe("a drawn scene", () => {
  it("shows most of its things, and most of these lead to their own product", async () => {
    let [things, seen, first, among] = [0, 0, 0, 0];
    for (const { scene, picture } of scenes) {
      const { objects } = await ask<Shoppable>("/v1/shop-the-look", picture, "max_objects=40&products=5");
      for (const thing of scene.objects) {
        const look = lookOf(thing.category);
        if (look === undefined) continue;
        things += 1;
        const match = objects.find(
          ({ box, category }) => category === look && overlap(box, thing.box) >= 0.5,
        );
        if (!match) continue;
        seen += 1;
        const ids = match.products.map(({ id }) => id);
        if (ids[0] === thing.productId) first += 1;
        if (ids.includes(thing.productId)) among += 1;
      }
    }
    expect(seen / things).toBeGreaterThan(0.6);
    expect(first / seen).toBeGreaterThan(0.5);
    expect(among / seen).toBeGreaterThan(0.8);
  });

  it("lets only products of a thing's category through the gate, and others without it", async () => {
    const { picture } = scenes[0]!;
    const gated = await ask<Shoppable>("/v1/shop-the-look", picture, "products=20");
    expect(gated.objects.length).toBeGreaterThan(0);
    for (const { category, products } of gated.objects) {
      for (const { item } of products) expect(item.look).toBe(category);
    }
    const open = await ask<Shoppable>("/v1/shop-the-look", picture, "products=20&gate=false");
    const looks = open.objects.flatMap(({ products }) => products.map(({ item }) => item.look));
    expect(new Set(looks).size).toBeGreaterThan(1);
    for (const { products } of open.objects) expect(products).toHaveLength(20);
  });

  it("is completed by what is not in it, best first within each category, without what is left out", async () => {
    const outfit = scenes.find(({ scene }) => scene.kind === "outfit")!;
    const shop = await ask<Shoppable>("/v1/detect", outfit.picture);
    const seen = new Set(shop.objects.map(({ category }) => category));
    const { categories, results, attention } = await ask<Completed>(
      "/v1/complete-the-look",
      outfit.picture,
      "limit=50&attention=true",
    );
    expect(categories.length).toBeGreaterThan(0);
    for (const category of categories) expect(seen).not.toContain(category);
    expect(results.length).toBeGreaterThan(0);
    expect(new Set(results.map(({ id }) => id)).size).toBe(results.length);
    for (const { category, item } of results) expect(item.look).toBe(category);
    for (const category of categories) {
      const scores = results.filter((one) => one.category === category).map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
    expect(attention).toMatchObject({ rows: 7, columns: 7 });
    for (const row of Object.values(attention!.weights)) {
      expect(row).toHaveLength(49);
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
    }
    const [best] = results;
    const without = await ask<Completed>(
      "/v1/complete-the-look",
      outfit.picture,
      `category=${best!.category}&exclude=${best!.id}`,
    );
    expect(without.categories).toEqual([best!.category]);
    expect(without.results.map(({ id }) => id)).not.toContain(best!.id);
  });

  it("is asked about by the typed client, too", async () => {
    const { looks } = new Corkboard({ baseUrl: server.origin });
    const { picture } = scenes[0]!;
    const seen = await looks.detect(picture);
    const [first] = seen.objects;
    const only = await looks.shop(picture, { categories: [first!.category], products: 2, max_objects: 1 });
    expect(only.objects).toMatchObject([{ ...first, products: [{}, {}] }]);
    const free = await looks.shop(new Blob([picture]), { gate: false, filter: { price: { max: 0 } } });
    for (const { products } of free.objects) expect(products).toEqual([]);
    const outfit = scenes.find(({ scene }) => scene.kind === "outfit")!.picture;
    const { results } = await looks.complete(outfit, { category: "shoes", limit: 3 });
    expect(results).toHaveLength(3);
    const others = await looks.complete(outfit, { category: "shoes", exclude: results.map(({ id }) => id) });
    expect(others.results.filter(({ id }) => results.some((one) => one.id === id))).toEqual([]);
  });

  it("is refused for a category that nobody knows", async () => {
    const form = new FormData();
    form.append("image", new Blob([scenes[0]!.picture]), "scene.jpg");
    form.append("category", "unicorn");
    const response = await fetch(`${server.origin}/v1/complete-the-look`, { method: "POST", body: form });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid-request" });
  });
});
