/**
 * Runs beside the API function on its storage: `POST /?first=…` the vectors of items, n×256 floats, which it writes into
 * the API's own shards through the methods that the API itself calls.
 */
import registry from "../../dist/models/registry.json";
import { type CatalogBindings, catalogOf } from "../../functions/api/catalog.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { Embedded, ShardWrite } from "../../src/catalog/shard/protocol.ts";
import { ModelManifest } from "../../src/runtime/manifest.ts";
import { CATALOGUE_PHRASES, phrase } from "./phrases.ts";

const DIMENSIONS = 256;

let catalog: Catalog | undefined;

export default {
  async fetch(request: Request, env: CatalogBindings): Promise<Response> {
    catalog ??= catalogFor(env);
    const first = Number(new URL(request.url).searchParams.get("first"));
    const vectors = new Float32Array(await request.arrayBuffer());
    const count = vectors.length / DIMENSIONS;
    await fill(
      catalog,
      Array.from({ length: count }, (_, at) => ({
        index: first + at,
        vector: vectors.slice(at * DIMENSIONS, (at + 1) * DIMENSIONS),
      })),
    );
    return new Response();
  },
};

/** With the spaces of the API's models. Pictures and queue are not used: items are embedded when they are written. */
function catalogFor(env: CatalogBindings): Catalog {
  const unused = { PICTURES: {}, EMBEDDING_QUEUE: {} } as unknown as CatalogBindings;
  const made = catalogOf({ ...unused, ...env }, ModelManifest.array().parse(registry));
  if (!made?.catalog.target.item) throw new Error("the models make no space of items");
  return made.catalog;
}

interface NewItem {
  readonly index: number;
  readonly vector: Float32Array<ArrayBuffer>;
}

/** The item's vector stands for its picture's too: a search in words reads the space of items alone. */
async function fill({ shards, target }: Catalog, items: readonly NewItem[]): Promise<void> {
  const { item, ...pictures } = target;
  const writes = new Map(items.map((one) => [one, writeOf(one)]));
  const idOf = (one: NewItem) => writes.get(one)!.id;
  await shards.each(items, idOf, (shard, some) =>
    shard.put(
      some.map((one) => writes.get(one)!),
      target,
    ),
  );
  const companion = (vector: Float32Array<ArrayBuffer>) =>
    pictures.companion && { companion: vector.slice(0, pictures.companion.dimensions) };
  const embedded = (one: NewItem): Embedded => {
    const { id, image } = writes.get(one)!;
    return { id, image: image!, vector: one.vector };
  };
  await shards.each(items, idOf, (shard, some) =>
    shard.finish(
      some.map((one) => ({ ...embedded(one), ...companion(one.vector) })),
      pictures,
    ),
  );
  await shards.each(items, idOf, (shard, some) => shard.finish(some.map(embedded), item!));
}

function writeOf({ index }: NewItem): ShardWrite {
  const words = phrase(index % CATALOGUE_PHRASES);
  const [, colour, material, kind] = words.split(" ") as [string, string, string, string];
  return {
    id: `item-${index}`,
    fields: { title: words, category: kind, price: 5 + (index % 500), attributes: { colour, material } },
    image: { sha256: index.toString(16).padStart(64, "0"), bytes: 20_000, type: "image/jpeg" },
  };
}
