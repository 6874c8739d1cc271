/**
 * Draws products of the showroom, several pictures each, to train and to test models on.
 *
 *     tsx scripts/draw-products.ts --output products --count 1000 --views 3 --seed 7
 *
 * Writes one JPEG a view (`<id>.<view>.jpg`, view 0 is the product's own picture) and `products.jsonl`, a line a product:
 * `id`, `title`, `description`, `category`, `style`, `price`, `attributes` and `pictures`.
 *
 * A product follows from the seed and its number alone: `--start` goes on, or shares the work between processes.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { renderPixels } from "../src/demo/picture.ts";
import { drawView, generateProducts } from "../src/demo/products.ts";

const { values } = parseArgs({
  options: {
    output: { type: "string" },
    count: { type: "string", default: "100" },
    start: { type: "string", default: "0" },
    views: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    size: { type: "string", default: "224" },
    quality: { type: "string", default: "84" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help || !values.output) {
  console.log(
    "Usage: tsx scripts/draw-products.ts --output FOLDER [--count 100] [--start 0] [--views 1] [--seed 1] [--size 224] [--quality 84]",
  );
  process.exit(values.help ? 0 : 1);
}

const [count, start, views, seed, size, quality] = (
  ["count", "start", "views", "seed", "size", "quality"] as const
).map((name) => {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 0) throw new RangeError(`--${name} is a whole number.`);
  return number;
}) as [number, number, number, number, number, number];

await mkdir(values.output, { recursive: true });
const lines: string[] = [];
for (const product of generateProducts({ seed, count: start + count }).slice(start)) {
  const { id, title, description, category, style, price, attributes } = product;
  const pictures: string[] = [];
  for (let view = 0; view < views; view++) {
    const { width, height, data } = await renderPixels(drawView(product, view), size);
    const file = `${id}.${view}.jpg`;
    await sharp(data, { raw: { width, height, channels: 4 } })
      .removeAlpha()
      .jpeg({ quality })
      .toFile(join(values.output, file));
    pictures.push(file);
  }
  lines.push(JSON.stringify({ id, title, description, category, style, price, attributes, pictures }));
}
await writeFile(join(values.output, "products.jsonl"), `${lines.join("\n")}\n`);
