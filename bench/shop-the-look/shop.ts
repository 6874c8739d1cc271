/** `corkboard serve` with a catalogue, and scenes to shop in. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Corkboard } from "../../src/client/index.ts";
import type { BatchItem } from "../../src/client/types.ts";
import { fillCatalogue } from "../../src/demo/fill.ts";
import { renderPicture } from "../../src/demo/picture.ts";
import { generateProducts } from "../../src/demo/products.ts";
import { generateScenes } from "../../src/demo/scenes.ts";
import { startServe, temporaryFolder } from "../../test/api/serve.ts";
import { type Photograph, photographs } from "./photographs.ts";

/** Items of the catalogue. */
export const ITEMS = 1_000;
/** Scenes that are asked about. */
export const SCENES = 500;

const EMBED_PATIENCE_MS = 300_000;
const POLL_MS = 250;
const SEED = 11;

export interface Shop {
  readonly origin: string;
  /** What its pictures are. */
  readonly pictures: "photographs" | "drawings";
  /** JPEGs or PNGs. */
  readonly scenes: readonly Uint8Array<ArrayBuffer>[];
  stop(): Promise<void>;
}

/** Starts a server with {@link ITEMS} items, all embedded, on its own storage. `npm run build` must have run. */
export async function openShop(): Promise<Shop> {
  const folder = await temporaryFolder();
  const server = await startServe(join(folder.path, "state"), "--quiet");
  const stop = async () => {
    await server.stop();
    await folder.remove();
  };
  try {
    const real = await realPictures();
    if (!real) console.error("  no data pack: the showroom's drawings instead of photographs");
    if (real) await write(server.origin, real.items);
    else await fillCatalogue({ baseUrl: server.origin, count: ITEMS, seed: SEED });
    await embedded(server.origin);
    return {
      origin: server.origin,
      pictures: real ? "photographs" : "drawings",
      scenes: real?.scenes ?? (await drawnScenes()),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface RealPictures {
  readonly items: readonly Photograph[];
  readonly scenes: readonly Uint8Array<ArrayBuffer>[];
}

/** Rooms and shop photographs, street fashion; items are pictures that are no scenes. */
async function realPictures(): Promise<RealPictures | undefined> {
  const sets = await Promise.all([
    photographs("home-objects", "val", SCENES),
    photographs("clothing-co-parsing", "val", SCENES),
    photographs("clothing-co-parsing", "train", SCENES),
    photographs("clothing", "train", ITEMS / 2),
    photographs("home-objects", "train", ITEMS / 2),
  ]);
  if (sets.includes(undefined)) return undefined;
  const [rooms, streets, moreStreets, clothes, things] = sets as Photograph[][];
  return {
    items: [...clothes!, ...things!],
    scenes: [...rooms!, ...streets!, ...moreStreets!].slice(0, SCENES).map(({ jpeg }) => jpeg),
  };
}

async function drawnScenes(): Promise<Uint8Array<ArrayBuffer>[]> {
  const products = generateProducts({ seed: SEED, count: ITEMS });
  const scenes: Uint8Array<ArrayBuffer>[] = [];
  for (const { svg } of generateScenes({ seed: SEED, count: SCENES, products })) {
    scenes.push((await renderPicture(svg, 512)).bytes);
  }
  return scenes;
}

async function write(origin: string, items: readonly Photograph[]): Promise<void> {
  const corkboard = new Corkboard({ baseUrl: origin });
  const lines = items.map(
    ({ name, label, jpeg }): BatchItem => ({
      id: name.replaceAll(/[^\w.-]/g, "-"),
      title: label,
      category: label,
      image: jpeg,
    }),
  );
  for await (const result of corkboard.items.batch(lines)) {
    if (!result.ok) throw new Error(`${result.id}: ${JSON.stringify(result)}`);
  }
}

async function embedded(origin: string): Promise<void> {
  const corkboard = new Corkboard({ baseUrl: origin });
  for (const end = Date.now() + EMBED_PATIENCE_MS; ; await sleep(POLL_MS)) {
    const { items, states } = await corkboard.catalog();
    if (states.embedded === items) return;
    if (Date.now() < end) continue;
    throw new Error(`Not embedded within ${EMBED_PATIENCE_MS} ms: ${JSON.stringify(states)}`);
  }
}
