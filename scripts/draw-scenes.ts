/**
 * Draws scenes of the showroom with the boxes of their products, to train and to test detectors on.
 *
 *     tsx scripts/draw-scenes.ts --output scenes --count 400 --seed 1
 *
 * Writes one JPEG a scene and `boxes.jsonl`, a line a scene: `file`, `kind`, `style`, `width`, `height` and `boxes`, each
 * with a `box` (`[x0, y0, x1, y1]` in fractions of the picture), its `label` (the category of Shop the Look, or null for
 * what is no part of it), the showroom's own `category` and the `product`. From back to front: a later box may cover
 * an earlier one.
 *
 * A scene follows from the seed and its number alone: `--start` goes on, or shares the work between processes.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { CATEGORIES } from "../src/demo/design.ts";
import { lookOf } from "../src/demo/looks.ts";
import { renderPixels } from "../src/demo/picture.ts";
import { generateProducts } from "../src/demo/products.ts";
import { deriveSeed } from "../src/demo/random.ts";
import { generateScenes, type Scene } from "../src/demo/scenes.ts";

/** Scenes that share one stock of products. */
const SCENES_OF_A_STOCK = 50;

/** Enough for a product of every category in every style, most of the time. */
const STOCK = CATEGORIES.length * 8;

const { values } = parseArgs({
  options: {
    output: { type: "string" },
    count: { type: "string", default: "100" },
    start: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    size: { type: "string", default: "416" },
    quality: { type: "string", default: "84" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help || !values.output) {
  console.log(
    "Usage: tsx scripts/draw-scenes.ts --output FOLDER [--count 100] [--start 0] [--seed 1] [--size 416] [--quality 84]",
  );
  process.exit(values.help ? 0 : 1);
}

const [count, start, seed, size, quality] = (["count", "start", "seed", "size", "quality"] as const).map(
  (name) => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < 0) throw new RangeError(`--${name} is a whole number.`);
    return number;
  },
) as [number, number, number, number, number];

await mkdir(values.output, { recursive: true });
const lines: string[] = [];
for (const { scene, index } of scenesOf(start, count)) {
  const { width, height, data } = await renderPixels(scene.svg, size);
  const file = `${String(index).padStart(6, "0")}.jpg`;
  await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality })
    .toFile(join(values.output, file));
  const boxes = scene.objects.map(({ productId, category, box }) => ({
    label: lookOf(category) ?? null,
    box,
    category,
    product: productId,
  }));
  lines.push(JSON.stringify({ file, kind: scene.kind, style: scene.style, width, height, boxes }));
}
await writeFile(join(values.output, "boxes.jsonl"), `${lines.join("\n")}\n`);

function* scenesOf(first: number, many: number): Generator<{ scene: Scene; index: number }> {
  const last = first + many;
  for (let stock = Math.floor(first / SCENES_OF_A_STOCK); stock * SCENES_OF_A_STOCK < last; stock++) {
    const begin = stock * SCENES_OF_A_STOCK;
    const products = generateProducts({ seed: deriveSeed(seed, "stock", stock), count: STOCK });
    const scenes = generateScenes({
      seed: deriveSeed(seed, "scenes", stock),
      count: Math.min(SCENES_OF_A_STOCK, last - begin),
      products,
    });
    for (const [offset, scene] of scenes.entries()) {
      if (begin + offset >= first) yield { scene, index: begin + offset };
    }
  }
}
