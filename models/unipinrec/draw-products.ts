/** Products with their vectors in a folder; what is there already is not drawn again. */
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateProducts, type Product } from "../../src/demo/products.ts";
import { openProductEmbedder } from "./product-vectors.ts";

export interface DrawnProducts {
  readonly products: readonly Product[];
  /** products×dimensions, unit length */
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly dimensions: number;
  /** Whose vectors they are: `itemsage@<revision>`. */
  readonly model: string;
}

/** Products between two words about how far it is. */
const REPORT_EVERY = 100;

/**
 * Draws and embeds `count` products into `folder`: `products.jsonl`, `ids.txt`, `vectors.f32` (little-endian, a row an
 * id) and `vectors.json` (model, dimensions, seed). A run that was ended goes on where it stopped; files of another
 * seed or model are replaced.
 */
export async function drawProducts(folder: string, seed: number, count: number): Promise<DrawnProducts> {
  await mkdir(folder, { recursive: true });
  const embedder = await openProductEmbedder();
  const { model, dimensions } = embedder;
  const about = `${JSON.stringify({ model, dimensions, seed })}\n`;
  const [aboutFile, vectorFile] = [join(folder, "vectors.json"), join(folder, "vectors.f32")];
  const products = generateProducts({ seed, count });
  if ((await readFile(aboutFile, "utf8").catch(() => "")) !== about) {
    await rm(vectorFile, { force: true });
    await writeFile(aboutFile, about);
  }
  const row = dimensions * Float32Array.BYTES_PER_ELEMENT;
  const known = await readFile(vectorFile).catch(() => Buffer.alloc(0));
  const rows = Math.min(count, Math.floor(known.length / row));
  const vectors = new Float32Array(count * dimensions);
  new Uint8Array(vectors.buffer).set(known.subarray(0, rows * row));
  await writeFile(vectorFile, known.subarray(0, rows * row));
  for (let at = rows; at < count; at++) {
    const vector = await embedder.embed(products[at]!);
    vectors.set(vector, at * dimensions);
    await appendFile(vectorFile, new Uint8Array(vector.buffer));
    if ((at + 1) % REPORT_EVERY === 0) console.error(`${at + 1} of ${count} products`);
  }
  await embedder.close();
  await writeFile(join(folder, "ids.txt"), `${products.map(({ id }) => id).join("\n")}\n`);
  await writeFile(join(folder, "products.jsonl"), `${products.map(line).join("\n")}\n`);
  return { products, vectors, dimensions, model };
}

function line({ id, title, description, category, style, price, attributes, hex }: Product): string {
  return JSON.stringify({ id, title, description, category, style, price, hex, attributes });
}
