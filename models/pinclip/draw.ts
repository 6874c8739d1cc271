/**
 * Draws products of the showroom's generator as training pictures: `tsx models/pinclip/draw.ts FOLDER [count] [seed]`
 * writes `000000.jpg` … (224 pixels) and `products.jsonl` (title, category, style, attributes, colour as hex).
 * The seed is not the showroom's, so that no product of the first start is among them.
 */
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderPicture } from "../../src/demo/picture.ts";
import { generateProducts } from "../../src/demo/products.ts";

const SIDE = 224;

const [folder, count = "3000", seed = "20261"] = process.argv.slice(2);
if (!folder) throw new Error("usage: tsx models/pinclip/draw.ts FOLDER [count] [seed]");
await mkdir(folder, { recursive: true });
for (const [index, product] of generateProducts({ seed: Number(seed), count: Number(count) }).entries()) {
  const { bytes } = await renderPicture(product.svg, SIDE);
  const file = `${String(index).padStart(6, "0")}.jpg`;
  await writeFile(join(folder, file), bytes);
  const { title, description, category, style, attributes, hex } = product;
  const line = JSON.stringify({ file, title, description, category, style, attributes, hex });
  await appendFile(join(folder, "products.jsonl"), `${line}\n`);
}
